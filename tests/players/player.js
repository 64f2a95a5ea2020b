// Plays a video by one of several libraries, and notes when each picture is shown.
const COLUMNS = 6;
const ROWS = 4;
const CELLS_END = 0.9;
const CELL = 8;
const HAVE_FUTURE_DATA = 3;
const PATIENCE_SECONDS = 20;
const STANDS_SECONDS = 6;

const video = document.getElementById("video");
const canvas = document.createElement("canvas");
const complaints = [];
const buffers = {};
let pictures = [];
let loaded = {};
let hangs = 0;
let stood = { at: -1, since: 0 };

canvas.width = COLUMNS * CELL;
canvas.height = Math.round(ROWS * CELL / CELLS_END);
const brush = canvas.getContext("2d", { willReadFrequently: true });

for (const Sources of [window.MediaSource, window.ManagedMediaSource]) {
  if (!Sources) continue;
  const { addSourceBuffer } = Sources.prototype;
  Sources.prototype.addSourceBuffer = function (type) {
    buffers[type.split("/")[0]] = addSourceBuffer.call(this, type);
    return buffers[type.split("/")[0]];
  };
}

video.addEventListener("error", () => complaints.push(`video: ${video.error?.message}`));

// The picture shows its number in the second and third row of cells; the others frame it.
function number() {
  brush.drawImage(video, 0, 0, canvas.width, canvas.height);
  const { data } = brush.getImageData(0, 0, canvas.width, canvas.height);
  const bit = (column, row) => {
    const x = column * CELL + CELL / 2;
    const y = row * CELL + CELL / 2;
    return data[4 * (y * canvas.width + x)] > 128 ? "1" : "0";
  };
  const cells = (row) => [...Array(COLUMNS).keys()].map((column) => bit(column, row)).join("");
  if (cells(0) !== "110000" || cells(ROWS - 1) !== "101010") return -1;
  return parseInt(cells(1) + cells(2), 2);
}

function note(_, { mediaTime, expectedDisplayTime }) {
  pictures.push([number(), mediaTime, (performance.timeOrigin + expectedDisplayTime) / 1000]);
  video.requestVideoFrameCallback(note);
}

const libraries = {
  "hls.js": (url) => {
    const hls = new Hls();
    hls.on(Hls.Events.ERROR, (_, { fatal, type, details }) => {
      // What it mends itself, such as the 0.08 s before the first picture, is no fault.
      const isFault = fatal || type === Hls.ErrorTypes.NETWORK_ERROR;
      // Nor is a segment that it no longer wants.
      if (isFault && details !== Hls.ErrorDetails.INTERNAL_ABORTED) complaints.push(details);
    });
    hls.loadSource(url);
    hls.attachMedia(video);
    return {
      heights: () => hls.levels.map(({ height }) => height),
      choose: (height) => {
        hls.currentLevel = hls.levels.findIndex((level) => level.height === height);
      },
      close: () => hls.destroy(),
    };
  },
  shaka: async (url) => {
    shaka.polyfill.installAll();
    const player = new shaka.Player();
    await player.attach(video);
    player.addEventListener("error", ({ detail }) => complaints.push(`shaka ${detail.code}`));
    await player.load(url);
    const tracks = () => player.getVariantTracks();
    return {
      heights: () => tracks().map(({ height }) => height),
      choose: (height) => {
        player.configure({ abr: { enabled: false } });
        player.selectVariantTrack(tracks().find((track) => track.height === height), true);
      },
      close: () => player.destroy(),
    };
  },
  native: (url) => {
    video.src = url;
    return { heights: () => [], close: () => video.removeAttribute("src") };
  },
};

async function until(condition, what, seconds = 0) {
  const deadline = performance.now() + 1000 * (PATIENCE_SECONDS + seconds);
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`not ${what}: ${JSON.stringify(state())}`);
    await new Promise((done) => { setTimeout(done, 20); });
  }
}

// WebKitGTK stands still now and then after it was sent elsewhere, with any file: what a viewer
// does then is to send it there again.
function nudge() {
  const now = performance.now();
  if (video.currentTime !== stood.at || video.ended) stood = { at: video.currentTime, since: now };
  if (now - stood.since < 1000 * STANDS_SECONDS) return;
  hangs += 1;
  video.currentTime = stood.at + 0.001;
  stood = { at: video.currentTime, since: now };
}

function state() {
  const { currentTime, duration, videoHeight, ended, paused, readyState, buffered } = video;
  const ranges = (list) => [...Array(list.length).keys()].map((n) => [list.start(n), list.end(n)]);
  const quality = video.getVideoPlaybackQuality?.();
  return {
    currentTime, duration, videoHeight, ended, paused, readyState,
    buffered: ranges(buffered),
    sound: buffers.audio ? ranges(buffers.audio.buffered) : [],
    picture: buffers.video ? ranges(buffers.video.buffered) : [],
    frames: quality?.totalVideoFrames ?? null,
    dropped: quality?.droppedVideoFrames ?? null,
    complaints,
    hangs,
  };
}

window.player = {
  state,
  can: () => ({
    "hls.js": Boolean(window.Hls?.isSupported()),
    shaka: Boolean(window.shaka?.Player.isBrowserSupported()),
    native: video.canPlayType("application/vnd.apple.mpegurl"),
    measures: "requestVideoFrameCallback" in HTMLVideoElement.prototype,
  }),
  async load(library, url) {
    loaded = await libraries[library](url);
    video.requestVideoFrameCallback?.(note);
    await until(() => video.readyState >= HAVE_FUTURE_DATA, "loaded");
    return { ...state(), heights: loaded.heights() };
  },
  // Plays on, or from there on, for so long; returns what was seen meanwhile. It never pauses.
  async play(from, seconds) {
    if (from !== null) video.currentTime = from;
    await until(() => !video.seeking, "sought");
    // What was on its way to the screen before it was sent elsewhere does not count.
    pictures = [];
    const begins = video.currentTime;
    stood = { at: -1, since: performance.now() };
    await video.play();
    // WebKit pauses once more when it is sent back from its end.
    await new Promise((done) => { setTimeout(done, 100); });
    if (video.paused) await video.play();
    await until(() => {
      nudge();
      return video.ended || video.currentTime >= begins + seconds;
    }, "played", seconds);
    // Of the last pictures a busy machine may show none but the one it stops at.
    if (video.ended) await new Promise((done) => { setTimeout(done, 300); });
    return { begins, pictures, standing: video.ended ? number() : -1, ...state() };
  },
  async choose(height) {
    loaded.choose(height);
    await video.play();
    await until(() => video.videoHeight === height, `${height} lines`);
    const { currentTime } = video;
    await until(() => video.currentTime > currentTime + 0.3, "going on");
    return state();
  },
};
