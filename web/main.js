// Who is signed in, and which of the views is shown.
import { Refused, call } from "./api.js";
import * as browse from "./browse.js";
import { translatePage } from "./language.js";
import * as links from "./links.js";
import * as watch from "./watch.js";

const element = (id) => document.getElementById(id);
const VIEWS = ["sign-in", "link", "browse", "watch"];
let account = null;

function show(view) {
  for (const each of VIEWS) element(each).hidden = each !== view;
  element("sign-out").hidden = !account;
  element("account").textContent = account ? account.email : "";
}

// Whatever the views ask of the API: a session that has ended leads back to the form.
async function ask(path) {
  try {
    return await call("GET", path);
  } catch (refusal) {
    if (refusal.status === 401 && account) leave();
    throw refusal;
  }
}

function showForm() {
  show("sign-in");
  element("email").focus();
}

function leave() {
  account = null;
  watch.close();
  browse.close();
  showForm();
}

async function route() {
  watch.close();
  browse.close();
  if (links.isLink(location.hash)) {
    show("link");
    return links.open(location.hash);
  }
  if (!account) return begin();
  const [, id] = location.hash.match(/^#\/watch\/(\d+)$/) || [];
  show(id ? "watch" : "browse");
  window.scrollTo(0, 0);
  await (id ? watch.open(id, account, ask) : browse.open(account, ask));
}

function begin() {
  return enter().catch((refusal) => {
    showForm();
    if (refusal.status !== 401) element("sign-in-problem").textContent = refusal.message;
  });
}

async function enter() {
  account = await call("GET", "user");
  await route();
}

element("sign-in-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const problem = element("sign-in-problem");
  problem.textContent = "";
  try {
    await call("POST", "login", Object.fromEntries(new FormData(event.target)));
    event.target.reset();
    await enter();
  } catch (refusal) {
    if (!(refusal instanceof Refused)) throw refusal;
    problem.textContent = refusal.message;
  }
});

element("sign-out").addEventListener("click", async () => {
  try {
    await call("POST", "logout", {});
    leave();
  } catch (refusal) {
    element("account").textContent = refusal.message;
  }
});

translatePage();
window.addEventListener("hashchange", route);
route();
