// Links of mails: they confirm an address, or let a new password or another address be chosen.
import { call } from "./api.js";
import { said } from "./language.js";

const element = (id) => document.getElementById(id);
const LINK = /^#\/(activate|reset|reset-email)(?:\/|$)/;
// Account and token; a token never begins with a dot, so none leads to another path of the API.
const WHOLE = /^#\/[\w-]+\/(\d+)\/([\w-][\w.~-]*)$/;
let visit = 0;
const TITLES = {
  activate: () => said("Confirm your address"),
  reset: () => said("Choose a new password"),
  "reset-email": () => said("Choose another address")
};
let path = "";
let link = {};

export function isLink(hash) {
  return LINK.test(hash);
}

export async function open(hash) {
  const mine = ++visit;
  const [, purpose] = hash.match(LINK);
  const [, account, token] = hash.match(WHOLE) || [];
  const title = TITLES[purpose]();
  document.title = `${title} · Videoflix`;
  element("link-title").textContent = title;
  const hidden = ["new-password-form", "new-email-form", "link-sign-in"];
  for (const name of hidden) element(name).hidden = true;
  say("");
  element("link-title").focus();
  if (!token) return say(said("This link is not complete. Copy all of it from the mail."));
  if (purpose === "reset") {
    path = `password_confirm/${account}/${token}/`;
    return ask("new-password");
  }
  if (purpose === "reset-email") {
    link = { uid: account, token };
    return ask("new-email");
  }
  say(said("Confirming …"));
  const sentence = await confirm(`activate/${account}/${token}/`);
  if (mine === visit) end(sentence);
}

function ask(what) {
  element(`${what}-form`).reset();
  element(`${what}-problem`).textContent = "";
  element(`${what}-form`).hidden = false;
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

function onSubmit(what, send) {
  element(`${what}-form`).addEventListener("submit", async (event) => {
    event.preventDefault();
    const [mine, form, problem] = [visit, event.target, element(`${what}-problem`)];
    const button = form.querySelector("button");
    problem.textContent = "";
    button.disabled = true;
    try {
      const sentence = await send(Object.fromEntries(new FormData(form)));
      if (mine !== visit) return;
      forget();
      form.hidden = true;
      element("link-title").focus();
      end(sentence);
    } catch (refusal) {
      problem.textContent = refusal.message;
    } finally {
      button.disabled = false;
    }
  });
}

onSubmit("new-password", async (chosen) => (await call("POST", path, chosen)).detail);
onSubmit("new-email", async (chosen) => {
  await call("POST", "auth/users/reset_email_confirm/", { ...link, ...chosen });
  return said("Open the link in the mail to the new address.");
});
