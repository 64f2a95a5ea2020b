// The calls of the client, as its forms and its pages of mails make them.
const API = "http://127.0.0.1:8000/api/";
const JSON_TYPE = { "Content-Type": "application/json" };
const csrf = () => document.cookie.split("csrftoken=")[1]?.split(";")[0];
const byId = (id) => document.getElementById(id);

let hls;

const leaves = (value) => Object(value) === value ? Object.values(value).flatMap(leaves) : [value];

function toast(texts) {
  byId("toast").innerHTML = texts.map((text) => `<li>${text}</li>`).join("");
}

async function call(path, method, headers = {}, body = undefined) {
  const sent = { method, headers: { ...JSON_TYPE, ...headers }, body, credentials: "include" };
  return fetch(API + path, sent);
}

// What is no JSON is a failure, whatever its status.
async function callForJson(path, method, headers, body) {
  try {
    const answer = await call(path, method, headers, body);
    const json = await answer.json();
    toast(answer.ok ? [json.message || json.detail || "Done"] : leaves(json));
    return answer.ok ? json : null;
  } catch {
    toast(["An error has occurred"]);
    return null;
  }
}

const postData = (path, sent) =>
  callForJson(path, "POST", csrf() ? { "X-CSRFToken": csrf() } : {}, JSON.stringify(sent));

async function showList() {
  const answer = await call("video/", "GET");
  const videos = await answer.json();
  if (!answer.ok || !Array.isArray(videos)) return toast(["Failed to load videos"]);
  byId("list").innerHTML = videos.map(({ id, title, description, category, thumbnail_url }) => `
    <div class="card" data-category="${category.toLowerCase()}" onclick="showVideo(${id})">
      <img src="${thumbnail_url}"><h3>${title}</h3><p>${description}</p>
    </div>`).join("");
}

function showVideo(id, resolution = "480p") {
  hls?.destroy();
  hls = new Hls({ xhrSetup: (request) => { request.withCredentials = true; } });
  hls.on(Hls.Events.ERROR, (_, { fatal, details }) => fatal && toast([details]));
  hls.loadSource(`${API}video/${id}/${resolution}/index.m3u8`);
  hls.attachMedia(byId("video"));
  hls.on(Hls.Events.MANIFEST_PARSED, () => byId("video").play());
}

async function logOut() {
  const token = csrf();
  if (!token) return toast(["Logout error"]);
  await call("logout/", "POST", { "X-CSRFToken": token });
  location.href = "/official.html";
}

const mailed = new URLSearchParams(location.search);
// They go into the path as they are.
const link = `${mailed.get("uid")}/${mailed.get("token")}/`;
const paths = { password_confirm: `password_confirm/${link}` };

for (const form of document.forms) {
  form.onsubmit = async (event) => {
    event.preventDefault();
    const sent = Object.fromEntries(new FormData(form));
    const answered = await postData(paths[form.id] || `${form.id}/`, sent);
    if (answered && form.id === "login") await showList();
  };
}
byId("refresh").onclick = async () => {
  toast([`Refreshed: ${(await call("token/refresh/", "POST")).status}`]);
};
byId("logout").onclick = logOut;
if (location.pathname === "/pages/auth/activate.html") callForJson(`activate/${link}`, "GET");
