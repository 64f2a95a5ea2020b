// The calls of the client; a 401 signs the page out, whatever the answer says.
const API = "http://localhost:8000/api/";
const byId = (id) => document.getElementById(id);
const say = (text) => { byId("message").textContent = text; };

async function call(path, sent) {
  const headers = { Accept: "application/json, text/plain, */*" };
  if (sent) headers["Content-Type"] = "application/json";
  const [method, body] = sent ? ["POST", JSON.stringify(sent)] : ["GET", undefined];
  const answer = await fetch(API + path, { method, headers, body, credentials: "include" });
  const json = await answer.json();
  if (answer.status === 401) throw new Error("An error occurred");
  if (!answer.ok) throw new Error(Object.values(json).flat().join(" "));
  return json;
}

async function showList() {
  byId("list").replaceChildren(...(await call("video/")).map((video) => {
    const card = document.createElement("button");
    card.textContent = video.title;
    card.className = "card";
    card.onclick = () => watch(video.id);
    return card;
  }));
}

function watch(id) {
  const width = window.innerWidth;
  const resolution = width < 720 ? "480p" : width < 1920 ? "720p" : "1080p";
  const hls = new Hls({ xhrSetup: (request) => { request.withCredentials = true; } });
  hls.on(Hls.Events.ERROR, (_, { fatal, details }) => fatal && say(details));
  hls.loadSource(`${API}video/${id}/${resolution}/index.m3u8`);
  hls.attachMedia(byId("video"));
  hls.on(Hls.Events.MANIFEST_PARSED, () => byId("video").play());
}

async function said(calling) {
  try {
    const { user, message, detail } = await calling;
    say(message || detail || "Done");
    if (user) await showList();
  } catch (failure) {
    say(failure.message);
  }
}

const mailed = new URLSearchParams(location.search);
const link = ["uid", "token"].map((name) => `${encodeURIComponent(mailed.get(name))}/`).join("");
const paths = { password_confirm: `password_confirm/${link}` };

for (const form of document.forms) {
  form.onsubmit = (event) => {
    event.preventDefault();
    said(call(paths[form.id] || `${form.id}/`, Object.fromEntries(new FormData(form))));
  };
}
if (location.pathname === "/auth/activate.html") said(call(`activate/${link}`));
