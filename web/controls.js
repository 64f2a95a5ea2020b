// The bar below the picture, the keys, and the small pictures above the bar.
import { said } from "./language.js";
import { clock, lasting } from "./text.js";

const element = (id) => document.getElementById(id);
const IDLE_MS = 3_000;
const JUMP_SECONDS = 10;
const LOUDER = 0.1;
// Sound and picture do not end together.
const END_SECONDS = 1;

export class Controls {
  // Set while pressing play means something else than playing on.
  instead = null;
  #video;
  #pictures = [];
  #idle = 0;

  constructor(video) {
    this.#video = video;
    const player = element("player");
    element("play").addEventListener("click", () => this.#toggle());
    video.addEventListener("click", () => this.#toggle());
    element("mute").addEventListener("click", () => this.#mute());
    element("fullscreen").addEventListener("click", () => this.#fullscreen());
    element("scrub").addEventListener("input", ({ target }) => this.#seek(Number(target.value)));
    element("scrub").addEventListener("pointermove", (event) => this.#preview(event));
    element("scrub").addEventListener("pointerleave", () => { element("preview").hidden = true; });
    for (const event of [
      "timeupdate", "durationchange", "seeking", "play", "pause", "ended", "volumechange",
    ]) {
      video.addEventListener(event, () => this.#draw());
    }
    for (const event of ["pointermove", "pointerdown", "focusin", "keydown"]) {
      player.addEventListener(event, () => this.#wake());
    }
    document.addEventListener("keydown", (event) => this.#press(event));
  }

  get hasPictures() {
    return this.#pictures.length > 0;
  }

  get isAtEnd() {
    return this.#video.currentTime > this.#length - END_SECONDS;
  }

  illustrate(pictures) {
    this.#pictures = pictures;
  }

  reset() {
    this.instead = null;
    this.#pictures = [];
    element("preview").hidden = true;
    for (const name of ["quality", "audio", "subtitles"]) element(name).parentElement.hidden = true;
    this.#draw();
  }

  #toggle() {
    if (this.instead) this.instead();
    else if (this.#video.paused) this.#video.play().catch(() => {});
    else this.#video.pause();
  }

  #mute() {
    this.#video.muted = !this.#video.muted;
  }

  #fullscreen() {
    const player = element("player");
    if (document.fullscreenElement) document.exitFullscreen();
    else if (player.requestFullscreen) player.requestFullscreen().catch(() => {});
    else this.#video.webkitEnterFullscreen?.();
  }

  #seek(seconds) {
    if (Number.isFinite(this.#length)) {
      this.#video.currentTime = Math.min(Math.max(0, seconds), this.#length);
    }
  }

  get #length() {
    const { duration, seekable } = this.#video;
    const isKnown = Number.isFinite(duration) || !seekable.length;
    return isKnown ? duration : seekable.end(seekable.length - 1);
  }

  #press(event) {
    const { target, key } = event;
    if (element("watch").hidden || event.ctrlKey || event.metaKey || event.altKey) return;
    if (target.matches("select") || (key === " " && target.matches("button, a"))) return;
    const video = this.#video;
    const louder = (step) => { video.volume = Math.min(1, Math.max(0, video.volume + step)); };
    const keys = {
      " ": () => this.#toggle(),
      ArrowLeft: () => this.#seek(video.currentTime - JUMP_SECONDS),
      ArrowRight: () => this.#seek(video.currentTime + JUMP_SECONDS),
      ArrowUp: () => louder(LOUDER),
      ArrowDown: () => louder(-LOUDER),
      f: () => this.#fullscreen(),
      m: () => this.#mute(),
    };
    const act = keys[key.length === 1 ? key.toLowerCase() : key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  #preview(event) {
    const bar = event.target.getBoundingClientRect();
    const share = Math.min(1, Math.max(0, (event.clientX - bar.left) / bar.width));
    const at = share * (this.#length || 0);
    const found = this.#pictures.find(({ from, to }) => at >= from && at < to);
    const [box, frame, picture] = ["preview", "preview-frame", "preview-picture"].map(element);
    box.hidden = !this.#length;
    frame.hidden = !found;
    element("preview-time").textContent = clock(at);
    if (found) {
      if (picture.src !== found.url) picture.src = found.url;
      Object.assign(frame.style, { width: `${found.width}px`, height: `${found.height}px` });
      picture.style.transform = `translate(${-found.x}px, ${-found.y}px)`;
    }
    const most = bar.width - box.offsetWidth;
    const left = share * bar.width - box.offsetWidth / 2;
    box.style.transform = `translateX(${Math.min(Math.max(0, left), most)}px)`;
  }

  #draw() {
    const { currentTime, paused, ended, muted, volume } = this.#video;
    const length = this.#length || 0;
    const scrub = element("scrub");
    scrub.max = length;
    scrub.value = currentTime;
    const values = { at: clock(currentTime), length: clock(lasting(length)) };
    scrub.setAttribute("aria-valuetext", said("{at} of {length}", values));
    element("time").textContent = `${clock(currentTime)} / ${clock(lasting(length))}`;
    const { classList } = element("player");
    classList.toggle("playing", !paused && !ended);
    classList.toggle("muted", muted || volume === 0);
    element("play").setAttribute("aria-label", paused || ended ? said("Play") : said("Pause"));
    element("mute").setAttribute("aria-label", muted ? said("Unmute") : said("Mute"));
    if (paused) this.#wake();
  }

  #wake() {
    const { classList } = element("player");
    classList.remove("idle");
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => classList.toggle("idle", !this.#video.paused), IDLE_MS);
  }
}
