// The language of the page: of those we speak, the one the browser's user likes best.
import { GERMAN } from "./german.js";

const CATALOGUES = new Map([["en", {}], ["de", GERMAN]]);

// The API is asked for the same one, so that no sentence stands beside one of another language.
export const language = navigator.languages.map((tag) => tag.toLowerCase().split("-")[0])
  .find((primary) => CATALOGUES.has(primary)) || "en";

// `english` has {names} where values go; names and numbers are the same in every language.
export function said(english, values = {}) {
  const text = CATALOGUES.get(language)[english] || english;
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

export function translatePage() {
  document.documentElement.lang = language;
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const { currentNode: node } = texts;
    node.data = node.data.replace(/\S.*\S/, (english) => said(english));
  }
  for (const element of document.querySelectorAll("[aria-label]")) {
    element.setAttribute("aria-label", said(element.getAttribute("aria-label")));
  }
}
