// The calls of the client: no cookies, and a token on all but the routes that are open.
const API = "http://localhost:8000/api";
const ACCOUNTS = `${API}/accounts`;
const HEIGHTS = [1080, 720, 360];
const byId = (id) => document.getElementById(id);
const say = (text) => { byId("message").textContent = text; };
const code = new URLSearchParams(location.search).get("code");

async function answered(answer) {
  const json = await answer.json();
  if (answer.ok) return json;
  const [email, password, others] = [json.email, json.password, json.non_field_errors];
  throw new Error(email?.[0] || password?.[0] || others?.[0] || json.detail);
}

async function post(path, sent) {
  const headers = { "Content-Type": "application/json" };
  const body = JSON.stringify(sent);
  return answered(await fetch(`${ACCOUNTS}/${path}/`, { method: "POST", headers, body }));
}

async function get(path) {
  const headers = { Authorization: `Token ${localStorage.getItem("videoflix_token")}` };
  return answered(await fetch(`${API}/${path}/`, { headers }));
}

function named(tag, text) {
  const element = document.createElement(tag);
  element.textContent = text;
  return element;
}

async function showList() {
  const categories = await get("categories");
  byId("categories").replaceChildren(...categories.map(({ name }) => named("li", name)));
  byId("list").replaceChildren(...(await get("videos")).map((video) => {
    const card = named("button", `${video.title} (${video.category.name})`);
    card.className = "card";
    card.onclick = () => watch(video.file, HEIGHTS[0]);
    return card;
  }));
}

// Without headers and cookies; a size that is missing leads to the next smaller one.
function watch(file, height) {
  const video = byId("video");
  byId("qualities").replaceChildren(...HEIGHTS.map((each) => {
    const button = named("button", `${each}p`);
    button.onclick = () => watch(file, each);
    return button;
  }));
  const smaller = HEIGHTS[HEIGHTS.indexOf(height) + 1];
  video.onerror = () => smaller ? watch(file, smaller) : say("There is no file.");
  video.src = file.replace(".mp4", `_${height}p.mp4`);
  video.play().catch(() => {});
}

const after = {
  signup: () => "Please look into your mails.",
  login: ({ token }) => {
    localStorage.setItem("videoflix_token", token);
    showList();
    return "Welcome.";
  },
  reset: () => "Please look into your mails.",
  verified: ({ success }) => success,
};
const paths = { reset: "password/reset", verified: "password/reset/verified" };

async function said(calling, next) {
  try {
    say(next(await calling));
  } catch (failure) {
    say(failure.message);
  }
}

for (const form of document.forms) {
  form.onsubmit = (event) => {
    event.preventDefault();
    const sent = Object.fromEntries(new FormData(form));
    if (form.id === "verified") sent.code = code;
    said(post(paths[form.id] || form.id, sent), after[form.id]);
  };
}
if (location.pathname === "/email-verify") {
  const verifying = fetch(`${ACCOUNTS}/signup/verify/?code=${code}`).then(answered);
  said(verifying, ({ success }) => success);
}
