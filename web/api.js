// Calls to the API of the origin this page came from.
import { language, said } from "./language.js";
import { sentenceIn } from "./text.js";

export class Refused extends Error {
  constructor(status, sentence) {
    super(sentence);
    this.status = status;
  }
}

export async function call(method, path, sent) {
  const headers = { Accept: "application/json", "Accept-Language": language };
  if (sent !== undefined) headers["Content-Type"] = "application/json";
  const csrf = document.cookie.match(/(?:^|; )csrftoken=([^;]*)/);
  if (csrf && method !== "GET") headers["X-CSRFToken"] = csrf[1];
  const body = sent === undefined ? undefined : JSON.stringify(sent);
  let answer;
  try {
    answer = await fetch(`/api/${path}`, { method, headers, body });
  } catch {
    throw new Refused(0, said("The server cannot be reached. Please try again."));
  }
  const received = await answer.json().catch(() => null);
  if (!answer.ok) {
    const sentence = sentenceIn(received) || said("Something went wrong. Please try again.");
    throw new Refused(answer.status, sentence);
  }
  // A long list comes in parts, each of which names the next one.
  const next = answer.headers.get("Link")?.match(/<\/api\/([^>]*)>; rel="next"/);
  return next ? received.concat(await call(method, next[1])) : received;
}
