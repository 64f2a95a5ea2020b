// The newest title large, below it all titles in rows by category.
import { said } from "./language.js";
import { length, rows } from "./text.js";

const element = (id) => document.getElementById(id);
const SOON_MS = 5_000;
const LATER_MS = 30_000;
let timer = 0;
let shown = "";
let visit = 0;
// The link that was followed, so that Back returns to it.
let followed = "";

export async function open(account, ask) {
  document.title = "Videoflix";
  refocus(followed);
  await look(account, ask, ++visit);
}

export function close() {
  followed = focusedLink() || followed;
  visit += 1;
  clearTimeout(timer);
}

async function look(account, ask, mine) {
  let videos = [];
  let problem = "";
  try {
    videos = await ask(`video?text=plain&include=${account.is_admin ? "drafts" : "playable"}`);
  } catch (refusal) {
    problem = refusal.message;
  }
  if (mine !== visit) return;
  if (!problem || !shown) draw(videos, problem);
  const growing = videos.some(isGrowing);
  timer = setTimeout(() => look(account, ask, mine), growing ? SOON_MS : LATER_MS);
}

function focusedLink() {
  const { id, dataset } = document.activeElement || {};
  if (id === "hero-play") return `#${id}`;
  return dataset?.video ? `.card[data-video="${dataset.video}"]` : "";
}

function refocus(link) {
  if (link) document.querySelector(link)?.focus();
}

function draw(videos, problem) {
  const fresh = JSON.stringify(videos) + problem;
  if (fresh === shown) return;
  shown = problem ? "" : fresh;
  const focused = focusedLink();
  element("empty").hidden = videos.length > 0;
  element("empty").textContent = problem || said("There is nothing to watch yet.");
  drawHero(worthwhile(videos));
  element("rows").replaceChildren(...rows(videos).map(drawRow));
  refocus(focused);
}

// The newest that can be played: a draft only where nothing else can, and what cannot at last.
function worthwhile(videos) {
  const playable = videos.filter((video) => video.playable);
  return playable.find((video) => video.is_published !== false) || playable[0] || videos[0];
}

function drawHero(video) {
  element("hero").hidden = !video;
  if (!video) return;
  const small = video.poster_url || video.thumbnail_url;
  element("hero-picture").srcset = `${small} 640w, ${video.hero_url || small} 1280w`;
  element("hero-title").textContent = video.title;
  element("hero-description").textContent = video.description;
  element("hero-play").href = `#/watch/${video.id}`;
  element("hero-play").textContent = video.playable ? said("Play") : said("See how far it is");
}

function drawRow([name, videos]) {
  const row = document.createElement("section");
  const heading = document.createElement("h2");
  heading.textContent = name || said("More to watch");
  const list = document.createElement("ul");
  list.append(...videos.map(drawCard));
  row.append(heading, list);
  return row;
}

function drawCard(video) {
  const item = document.createElement("li");
  const card = document.createElement("a");
  card.className = "card";
  card.href = `#/watch/${video.id}`;
  card.dataset.video = video.id;
  const picture = document.createElement("img");
  const size = { width: 320, height: 180 };
  Object.assign(picture, { ...size, alt: "", loading: "lazy", src: video.thumbnail_url });
  card.append(picture, line(video.title, "name"), line(length(video.duration), "length"));
  if (badge(video)) card.append(line(badge(video), "badge"));
  item.append(card);
  return item;
}

function line(text, name) {
  const span = document.createElement("span");
  span.className = name;
  span.textContent = text;
  return span;
}

function isGrowing(video) {
  return video.conversion_status === "pending" || video.conversion_status === "processing";
}

function badge(video) {
  if (video.conversion_status === "failed") return said("Failed");
  const percent = video.progress;
  if (isGrowing(video)) return percent ? said("{percent}%", { percent }) : said("Waiting");
  return video.is_published === false ? said("Draft") : "";
}
