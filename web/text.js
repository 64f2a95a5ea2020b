// What is read and shown, without a page: every function here is pure.

export function sentenceIn(refusal) {
  const leaves = (value) =>
    (value && typeof value === "object" ? Object.values(value).flatMap(leaves) : [value]);
  const sentences = leaves(refusal).filter((leaf) => typeof leaf === "string");
  return sentences.join(" ");
}

export function clock(seconds) {
  const whole = Math.max(0, Math.floor(Number.isFinite(seconds) ? seconds : 0));
  const two = (number) => String(number).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

// A video lasts for as many seconds as it has begun and ended, but for one at least.
export function lasting(seconds) {
  return Number.isFinite(seconds) && seconds > 0 ? Math.max(1, Math.floor(seconds)) : 0;
}

export function length(seconds) {
  const whole = lasting(seconds);
  if (!whole) return "";
  return whole < 60 ? `${whole} s` : `${Math.round(whole / 60)} min`;
}

// The name of a size in the API, which is in its URL; else that of the 16:9 screen it fills.
export function quality({ uri = "", width, height }) {
  const named = uri.match(/\/video-(\d+p)\.m3u8/)?.[1];
  return named || `${width < height ? width : Math.max(height, Math.round((width * 9) / 16))}p`;
}

// Titles by category, the category of the newest title first; "" for those without one.
export function rows(videos) {
  const found = new Map();
  for (const video of videos) {
    const { category } = video;
    found.set(category, [...(found.get(category) || []), video]);
  }
  return [...found];
}

// Pictures of a storyboard: from when to when, and which part of which sheet.
export function storyboard(vtt, base) {
  const seconds = (stamp) => stamp.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
  const cue = /^([\d:.]+) --> ([\d:.]+).*\n(\S+)#xywh=(\d+),(\d+),(\d+),(\d+)$/gm;
  return [...vtt.replace(/\r/g, "").matchAll(cue)].map(([, from, to, url, ...box]) => {
    const [x, y, width, height] = box.map(Number);
    const sheet = new URL(url, base).href;
    return { from: seconds(from), to: seconds(to), url: sheet, x, y, width, height };
  });
}
