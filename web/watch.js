// One title: what it is, how far it is, and its stream as soon as there is one.
import { Controls } from "./controls.js";
import { said } from "./language.js";
import { start } from "./stream.js";
import { clock, length, storyboard } from "./text.js";

const element = (id) => document.getElementById(id);
const LOOK_AGAIN_MS = 3_000;
const MENUS = ["quality", "audio", "subtitles"];
const video = element("video");
const controls = new Controls(video);
let visit = null;

export async function open(id, account, ask) {
  const mine = { id, ask, stream: null, timer: 0, is_broken: false, is_growing: false };
  visit = mine;
  for (const name of ["title", "facts", "description"]) element(name).textContent = "";
  video.removeAttribute("poster");
  controls.reset();
  element("controls").hidden = true;
  say(said("Loading …"));
  await look(mine);
}

export function close() {
  untitle();
  if (!visit) return;
  clearTimeout(visit.timer);
  visit.stream?.close();
  visit = null;
  element("progress").hidden = true;
}

async function look(mine) {
  try {
    const title = await mine.ask(`video/${mine.id}?text=plain&include=playable`);
    const isDone = title.conversion_status === "completed";
    const progress = isDone ? null : await mine.ask(`video/${mine.id}/progress`);
    if (mine !== visit) return;
    describe(title);
    await follow(mine, title, progress);
  } catch (refusal) {
    if (mine !== visit) return;
    if (refusal.status === 404) return gone(mine);
    if (!mine.stream) say(refusal.message);
    lookAgain(mine);
  }
}

// Of a title that failed, the API tells viewers no more than of one that never was.
function gone(mine) {
  stop(mine);
  untitle();
  for (const name of ["controls", "progress"]) element(name).hidden = true;
  say(mine.is_growing ? said("This title was not finished: making it failed, or it was removed.")
    : said("There is no such title (any more)."));
}

function untitle() {
  document.title = "Videoflix";
}

function stop(mine) {
  mine.stream?.close();
  Object.assign(mine, { stream: null, is_broken: false });
  controls.instead = null;
}

function describe(title) {
  document.title = `${title.title} · Videoflix`;
  element("title").textContent = title.title;
  element("description").textContent = title.description;
  const { release, duration, category, genre, director } = title;
  const facts = [release, length(duration), category, genre, director];
  element("facts").textContent = facts.filter(Boolean).join(" · ");
  video.poster = title.hero_url || title.poster_url || "";
}

async function follow(mine, { conversion_status: status, playable }, progress) {
  const state = progress ? sentence(progress) : "";
  mine.is_growing = Boolean(progress);
  // Where nothing plays, the notice says it.
  element("progress").hidden = !state || !playable;
  element("progress").textContent = state;
  element("controls").hidden = !playable;
  if (!playable) {
    stop(mine);
    say(status === "failed" ? `${said("This title could not be made.")} ${state}` : state);
  } else if (!mine.stream && !mine.is_broken) await play(mine, 0);
  if (mine !== visit) return;
  if (status === "completed" && !controls.hasPictures) await illustrate(mine);
  if (progress && !progress.failure && mine === visit) lookAgain(mine);
}

function lookAgain(mine) {
  mine.timer = setTimeout(() => look(mine), LOOK_AGAIN_MS);
}

async function play(mine, from) {
  mine.is_broken = false;
  const stream = await start(video, `/api/video/${mine.id}/master.m3u8`, {
    from,
    changed: () => mine === visit && drawMenus(mine.stream),
    failed: (status) => mine === visit && fail(mine, status),
  });
  if (mine !== visit) return stream.close();
  mine.stream = stream;
  // Browsers may want a click first; then the picture waits without a word above it.
  video.play().catch(({ name }) => name === "NotAllowedError" && mine === visit && say(""));
}

// Signed addresses end some hours later, and sessions end: a fresh playlist mends the first.
function fail(mine, status) {
  const at = video.currentTime;
  mine.stream?.close();
  Object.assign(mine, { stream: null, is_broken: true });
  const isRefused = status >= 400 && status < 500;
  const why = isRefused
    ? said("This title cannot be played right now.")
    : said("The connection was lost.");
  say(`${why} ${said("Press play to try again.")}`);
  controls.instead = () => {
    controls.instead = null;
    say(said("Loading …"));
    play(mine, at).catch((problem) => say(problem.message));
  };
}

async function illustrate(mine) {
  const address = new URL(`/api/video/${mine.id}/storyboard.vtt`, location.href);
  const answer = await fetch(address).catch(() => null);
  if (answer?.ok && mine === visit) controls.illustrate(storyboard(await answer.text(), address));
}

function drawMenus(stream) {
  if (!stream) return;
  const menus = stream.menus();
  for (const name of MENUS) {
    const { chosen, options } = menus[name];
    const menu = element(name);
    menu.parentElement.hidden = options.length < 2;
    const fresh = options.map(([value, text]) => new Option(text, value, false, value === chosen));
    const drawn = (each) => [...each].map(({ text, selected }) => text + selected).join();
    if (drawn(fresh) !== drawn(menu.options)) menu.replaceChildren(...fresh);
  }
}

for (const name of MENUS) {
  element(name).addEventListener("change", ({ target }) => {
    visit?.stream?.choose[name](Number(target.value));
    drawMenus(visit?.stream);
  });
}
video.addEventListener("playing", () => say(""));
video.addEventListener("waiting", () => {
  if (!visit?.stream) return;
  const isEndOfWhatIsThere = visit.is_growing && controls.isAtEnd;
  say(isEndOfWhatIsThere ? said("The next part is being made …") : said("Loading …"));
});

function say(text) {
  element("notice").textContent = text;
}

function sentence({ failure, text, percent, eta_seconds: left, delay }) {
  if (failure) return text;
  const done = left ? said("{percent}% done, about {time} left.", { percent, time: clock(left) })
    : said("{percent}% done.", { percent });
  return [text, done, delay?.text].filter(Boolean).join(" ");
}
