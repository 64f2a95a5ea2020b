// The link of a mail that confirms another address of an account, over whatever else is shown.
import { call } from "./api.js";
import { said } from "./language.js";

const element = (id) => document.getElementById(id);
const dialog = element("email-dialog");
// Account and token; a token never begins with a dot, so none leads to another path of the API.
const WHOLE = /^#\/email\/(\d+)\/([\w-][\w.~-]*)$/;

function open() {
  if (!location.hash.startsWith("#/email/")) return;
  const isWhole = WHOLE.test(location.hash);
  element("email-confirm").hidden = !isWhole;
  element("email-state").textContent = isWhole
    ? said("From then on you sign in with the new address.")
    : said("This link is not complete. Copy all of it from the mail.");
  if (!dialog.open) dialog.showModal();
}

// A click, because programs that examine mails open links too.
element("email-confirm").addEventListener("click", async ({ target }) => {
  const [, account, token] = location.hash.match(WHOLE);
  target.disabled = true;
  try {
    const { detail } = await call("POST", `email_confirm/${account}/${token}/`, {});
    target.hidden = true;
    // The link works once: loading the page again shall not open it again.
    history.replaceState(null, "", "#/");
    element("email-state").textContent = detail;
  } catch (refusal) {
    element("email-state").textContent = refusal.message;
  } finally {
    target.disabled = false;
    element("email-close").focus();
  }
});

element("email-close").addEventListener("click", () => dialog.close());
dialog.addEventListener("close", () => location.replace("#/"));
window.addEventListener("hashchange", open);
open();
