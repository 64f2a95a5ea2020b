// One title in one <video>: with hls.js where it works, else as the browser plays HLS itself.
import { said } from "./language.js";
import { quality } from "./text.js";

const AUTO = -1;
let library;

function hlsjs() {
  library ||= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = new URL("vendor/hls.js", import.meta.url).href;
    script.onload = () => resolve(window.Hls);
    script.onerror = () => reject(new Error(said("The player could not be loaded.")));
    document.head.append(script);
  }).catch((problem) => {
    library = undefined;
    throw problem;
  });
  return library;
}

// `changed` is called when the menus may look different, `failed` with the HTTP status or 0.
export async function start(video, url, { from = 0, changed, failed }) {
  const hasSources = "MediaSource" in window || "ManagedMediaSource" in window;
  const Hls = hasSources ? await hlsjs() : null;
  return Hls?.isSupported() ? withLibrary(Hls, video, url, { from, changed, failed })
    : byBrowser(video, url, { from, changed, failed });
}

function withLibrary(Hls, video, url, { from, changed, failed }) {
  const hls = new Hls({ startPosition: from, capLevelToPlayerSize: true });
  const { Events, ErrorTypes } = Hls;
  let recovered = 0;
  hls.on(Events.ERROR, (_, { fatal, type, response }) => {
    if (!fatal) return;
    if (type === ErrorTypes.MEDIA_ERROR && recovered++ < 3) hls.recoverMediaError();
    else failed(response?.code || 0);
  });
  for (const event of [
    Events.MANIFEST_PARSED, Events.LEVEL_SWITCHED, Events.LEVEL_UPDATED,
    Events.AUDIO_TRACKS_UPDATED, Events.AUDIO_TRACK_SWITCHED,
    Events.SUBTITLE_TRACKS_UPDATED, Events.SUBTITLE_TRACK_SWITCH,
  ]) hls.on(event, changed);
  // Forced subtitles translate what the sound of their language leaves out: they are shown with it
  // while no others are chosen, and not listed.
  const forced = () => {
    const { lang } = hls.audioTracks[hls.audioTrack] || {};
    return hls.subtitleTracks.findIndex((track) => track.forced && lang && track.lang === lang);
  };
  const isOff = () => !hls.subtitleTracks.some(
    (track, number) => number === hls.subtitleTrack && !track.forced);
  const withSound = () => { if (isOff()) hls.subtitleTrack = forced(); };
  // A pause keeps the picture of the quality before, until it is sought again in the chosen one.
  let isOld = false;
  hls.on(Events.FRAG_BUFFERED, (_, { frag }) => {
    const at = video.currentTime;
    const isHere = frag.start <= at && at < frag.end;
    if (!isOld || frag.type !== "main" || frag.level !== hls.loadLevel || !isHere) return;
    isOld = false;
    if (video.paused) video.currentTime = at;
  });
  hls.on(Events.SUBTITLE_TRACKS_UPDATED, withSound);
  hls.on(Events.AUDIO_TRACK_SWITCHED, withSound);
  hls.loadSource(url);
  hls.attachMedia(video);

  const now = () => {
    const level = hls.levels[hls.currentLevel];
    return level ? ` (${quality(level)})` : "";
  };
  return {
    menus: () => ({
      quality: {
        chosen: hls.autoLevelEnabled ? AUTO : hls.loadLevel,
        options: hls.levels.length < 2 ? []
          : [[AUTO, said("Auto") + (hls.autoLevelEnabled ? now() : "")],
            ...hls.levels.map((level, number) => [number, quality(level)]).reverse()],
      },
      audio: { chosen: hls.audioTrack, options: named(hls.audioTracks) },
      subtitles: {
        chosen: isOff() ? AUTO : hls.subtitleTrack,
        options: withOff(named(hls.subtitleTracks)
          .filter(([number]) => !hls.subtitleTracks[number].forced)),
      },
    }),
    choose: {
      quality: (number) => {
        // At once: of a short video, everything may be buffered in another size.
        if (number === AUTO) hls.nextLevel = number;
        else {
          isOld = true;
          hls.currentLevel = number;
        }
      },
      audio: (number) => { hls.audioTrack = number; },
      subtitles: (number) => { hls.subtitleTrack = number === AUTO ? forced() : number; },
    },
    close: () => hls.destroy(),
  };
}

function byBrowser(video, url, { from, changed, failed }) {
  const listening = new AbortController();
  const { signal } = listening;
  const tracks = (list) => [...(list || [])];
  const texts = () => tracks(video.textTracks)
    .filter(({ kind }) => kind === "subtitles" || kind === "captions");
  const position = (list, key, value) => list.findIndex((track) => track[key] === value);
  video.addEventListener("loadedmetadata", () => {
    video.currentTime = from;
    changed();
  }, { signal });
  video.addEventListener("error", () => failed(0), { signal });
  for (const list of [video.audioTracks, video.textTracks]) {
    for (const event of ["addtrack", "change"]) list?.addEventListener(event, changed, { signal });
  }
  video.src = url;
  return {
    menus: () => ({
      quality: { chosen: AUTO, options: [] },
      audio: {
        chosen: position(tracks(video.audioTracks), "enabled", true),
        options: named(tracks(video.audioTracks)),
      },
      subtitles: { chosen: position(texts(), "mode", "showing"), options: withOff(named(texts())) },
    }),
    choose: {
      quality: () => {},
      audio: (number) => tracks(video.audioTracks).forEach((track, each) => {
        track.enabled = each === number;
      }),
      subtitles: (number) => texts().forEach((track, each) => {
        track.mode = each === number ? "showing" : "disabled";
      }),
    },
    close() {
      listening.abort();
      video.removeAttribute("src");
      video.load();
    },
  };
}

const named = (tracks) => tracks.map(({ name, label, lang, language }, number) =>
  [number, name || label || lang || language || said("Track {number}", { number: number + 1 })]);
const withOff = (options) => (options.length ? [[AUTO, said("Off")], ...options] : []);
