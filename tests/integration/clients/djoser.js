// The calls of the client, each of which is repeated once with a new access token after a 401.
const API = "http://localhost:8000/api";
const byId = (id) => document.getElementById(id);
const say = (text) => { byId("message").textContent = text; };
const [page, uid, token] = location.pathname.split("/").slice(2);

let language = "en";

async function call(path, { sent, headers = {}, ...options } = {}) {
  const bearer = localStorage.getItem("access");
  const answer = await fetch(`${API}/${path}`, {
    method: sent ? "POST" : "GET",
    headers: {
      ...(bearer && { Authorization: `Bearer ${bearer}` }),
      ...(sent && { "Content-Type": "application/json" }),
      ...headers,
    },
    body: sent && JSON.stringify(sent),
    ...options,
  });
  const refresh = localStorage.getItem("refresh");
  if (answer.status === 401 && refresh) {
    // Through the same door: a 401 here would begin a loop.
    const { access } = await call("auth/jwt/refresh/", { sent: { refresh } });
    localStorage.setItem("access", access);
    return call(path, { sent, headers, ...options });
  }
  const text = await answer.text();
  const json = text && JSON.parse(text);
  if (!answer.ok) throw new Error(json.detail || "Something went wrong");
  return json;
}

const videos = (path) => call(path, { headers: { "Accept-Language": language } });

async function showList() {
  const [listed, trailers] = [await videos("videos/"), await videos("trailers/")];
  byId("list").dataset.trailers = trailers.length;
  byId("list").replaceChildren(...listed.map(({ id, title }) => {
    const card = document.createElement("button");
    card.textContent = title;
    card.className = "card";
    card.onclick = () => watch(id);
    return card;
  }));
}

async function watch(id) {
  const { source_variants: variants } = await videos(`videos/${id}/`);
  const { position } = await call(`progress/get_progress?video=${id}`);
  byId("position").textContent = `From ${position}`;
  const usual = variants.find(({ height }) => height === 720) || variants.at(-1);
  const video = byId("video");
  const isWhole = usual.path.startsWith("http");
  video.src = isWhole ? usual.path : `http://localhost:8000/media/${usual.path}`;
  const report = (at, duration) =>
    call("progress/", { sent: { video: id, position: at, duration } }).catch(() => {});
  video.onpause = () => video.ended || report(video.currentTime, video.duration);
  video.onended = () => report(0, 0);
  video.play();
}

const withCookies = { credentials: "include", headers: { "X-CSRFToken": "" } };
const forms = {
  users: (sent) => call("auth/users/", { sent }),
  create: async (sent) => {
    const { access, refresh } = await call("auth/jwt/create/", { sent });
    localStorage.setItem("access", access);
    localStorage.setItem("refresh", refresh);
    await showList();
  },
  reset_password: (sent) => call("auth/users/reset_password/", { sent, ...withCookies }),
  reset_password_confirm: (sent) =>
    call("auth/users/reset_password_confirm/", { sent: { uid, token, ...sent }, ...withCookies }),
};

async function said(name, calling) {
  try {
    await calling;
    say(`Done: ${name}`);
  } catch (failure) {
    say(failure.message);
  }
}

for (const form of document.forms) {
  form.onsubmit = (event) => {
    event.preventDefault();
    said(form.id, forms[form.id](Object.fromEntries(new FormData(form))));
  };
}
for (const [id, code] of [["english", "en"], ["german", "de"]]) {
  byId(id).onclick = () => { language = code; said(id, showList()); };
}
if (page === "activate") {
  said(page, call("auth/users/activation/", { sent: { uid, token } }));
}
