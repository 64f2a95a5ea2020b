// Links of mails: they confirm an address, or let a new password be chosen.
import { call } from "./api.js";
import { said } from "./language.js";

const element = (id) => document.getElementById(id);
const LINK = /^#\/(activate|reset)(?:\/|$)/;
// Account and token; a token never begins with a dot, so none leads to another path of the API.
const WHOLE = /^#\/\w+\/(\d+)\/([\w-][\w.~-]*)$/;
let visit = 0;
let path = "";

export function isLink(hash) {
  return LINK.test(hash);
}

export async function open(hash) {
  const mine = ++visit;
  const [, purpose] = hash.match(LINK);
  const [, account, token] = hash.match(WHOLE) || [];
  const title = purpose === "reset" ? said("Choose a new password") : said("Confirm your address");
  document.title = `${title} · Videoflix`;
  element("link-title").textContent = title;
  for (const name of ["new-password-form", "link-sign-in"]) element(name).hidden = true;
  say("");
  element("link-title").focus();
  if (!token) return say(said("This link is not complete. Copy all of it from the mail."));
  if (purpose === "reset") {
    path = `password_confirm/${account}/${token}/`;
    return ask();
  }
  say(said("Confirming …"));
  const sentence = await confirm(`activate/${account}/${token}/`);
  if (mine === visit) end(sentence);
}

function ask() {
  element("new-password-form").reset();
  element("new-password-problem").textContent = "";
  element("new-password-form").hidden = false;
}

async function confirm(activation) {
  try {
    const { detail } = await call("GET", activation);
    forget();
    return detail;
  } catch (refusal) {
    return refusal.message;
  }
}

// A link works once: loading the page again shall not say that it is not valid.
function forget() {
  history.replaceState(null, "", location.pathname);
}

function end(sentence) {
  element("link-sign-in").hidden = false;
  say(sentence);
}

function say(sentence) {
  element("link-state").textContent = sentence;
}

element("new-password-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const [mine, form, problem] = [visit, event.target, element("new-password-problem")];
  const button = form.querySelector("button");
  problem.textContent = "";
  button.disabled = true;
  try {
    const { detail } = await call("POST", path, Object.fromEntries(new FormData(form)));
    if (mine !== visit) return;
    forget();
    form.hidden = true;
    element("link-title").focus();
    end(detail);
  } catch (refusal) {
    problem.textContent = refusal.message;
  } finally {
    button.disabled = false;
  }
});
