// The smallest client of the API: it signs in, lists videos and plays one. `/api/docs/` describes
// every route. A page of another origin would add the host to the URLs, `credentials: "include"` to
// `fetch`, and its own origin to the setting ALLOWED_ORIGINS.
const element = (id) => document.getElementById(id);
let hls;

async function call(method, url, body) {
  const headers = { "Content-Type": "application/json" };
  // The session is in cookies that scripts cannot read; this one shows that the page is allowed to.
  const csrf = document.cookie.match(/(?:^|; )csrftoken=([^;]*)/);
  if (csrf && method !== "GET") headers["X-CSRFToken"] = csrf[1];
  const answer = await fetch(url, { method, headers, body: body && JSON.stringify(body) });
  const received = await answer.json();
  if (answer.ok) return received;
  // A refusal has one sentence, or a list of sentences for each field.
  const sentences = Object.values(received).flat().join(" ");
  throw Object.assign(new Error(sentences), { status: answer.status });
}

// A page of the list; `next` is the URL of the page after it, or null.
async function list(url) {
  const { results, next } = await call("GET", url);
  for (const { id, title } of results) {
    const button = Object.assign(document.createElement("button"), { textContent: title });
    button.addEventListener("click", () => play(id));
    const item = document.createElement("li");
    item.append(button);
    element("videos").append(item);
  }
  element("more").hidden = !next;
  element("more").onclick = () => report(list(next));
}

function play(id) {
  const player = element("player");
  const url = `/api/video/${id}/master.m3u8`;
  player.hidden = false;
  hls?.destroy();
  if (Hls.isSupported()) {
    hls = new Hls();
    hls.loadSource(url);
    hls.attachMedia(player);
  } else {
    player.src = url; // Safari on iPhones plays HLS by itself.
  }
  report(player.play());
}

// A session that exists already is used; without one, the form appears.
async function report(attempt) {
  element("problem").textContent = "";
  try {
    await attempt;
    element("sign-in").hidden = true;
  } catch (refusal) {
    if (refusal.status === 401) element("sign-in").hidden = false;
    else element("problem").textContent = refusal.message;
  }
}

// `text=plain`: texts as they were written, because `textContent` needs no HTML.
const begin = () => list("/api/video/?page=1&text=plain");

element("sign-in").addEventListener("submit", (event) => {
  event.preventDefault();
  const form = Object.fromEntries(new FormData(event.target));
  report(call("POST", "/api/login/", form).then(begin));
});
report(begin());
