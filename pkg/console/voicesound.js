/** What becomes of a recording before it is sent. Pure. The server cuts and levels it finely. */

/** How finely speech is told from what is around it, in seconds. */
const STEP_S = 0.01;
/** What is left of the silence around speech, in seconds: its first consonant is soft. */
const LEAD_S = 0.03;
const TAIL_S = 0.06;
/** Over this silence a word doesn't go on, in seconds. */
const GAP_S = 0.2;
/** What is shorter, and apart from the rest, is a key or a knock, in seconds. */
const KNOCK_S = 0.06;
/** The longest clip that the server takes, in seconds. */
export const LONGEST_S = 10;
/** Below this nobody spoke, in dB of full scale. */
const SILENT_DB = -50;

/** How loud samples are, in dB of full scale. @param {Float32Array} samples */
export function decibels(samples) {
  let sum = 0;
  for (const v of samples) sum += v * v;
  return 10 * Math.log10(sum / Math.max(1, samples.length) + 1e-12);
}

/** One channel of several of the same length. @param {Float32Array[]} channels */
export function mono(channels) {
  if (channels.length === 1) return channels[0];
  return channels[0].map((_, i) => channels.reduce((sum, c) => sum + c[i], 0) / channels.length);
}

/**
 * What is spoken, without the room before and after it and without the keys that began and ended
 * the recording, faded at both ends; empty if nobody spoke.
 * @param {Float32Array} samples @param {number} rate of samples, Hz
 */
export function trim(samples, rate) {
  const step = Math.round(STEP_S * rate);
  /** @type {number[]} */
  const loud = [];
  for (let at = 0; at < samples.length; at += step) loud.push(decibels(samples.subarray(at, at + step)));
  const sorted = [...loud].sort((a, b) => a - b);
  const most = sorted[sorted.length - 1];
  if (!(most > SILENT_DB)) return new Float32Array(0);
  // A tenth of a recording is the room alone; where it isn't, what is 20 dB softer still is speech.
  const room = sorted[Math.floor(sorted.length / 10)];
  const floor = Math.max(most - 42, -60, Math.min(room + 9, most - 20));
  /** @type {[from: number, to: number][]} in steps */
  const parts = [];
  loud.forEach((l, i) => {
    if (l < floor) return;
    const last = parts[parts.length - 1];
    if (last && (i - last[1]) * STEP_S < GAP_S) last[1] = i + 1;
    else parts.push([i, i + 1]);
  });
  const knock = (/** @type {[number, number]} */ [from, to]) => (to - from) * STEP_S < KNOCK_S;
  while (parts.length > 0 && knock(parts[0])) parts.shift();
  while (parts.length > 0 && knock(parts[parts.length - 1])) parts.pop();
  if (parts.length === 0) return new Float32Array(0);
  const from = Math.max(0, parts[0][0] * step - Math.round(LEAD_S * rate));
  const to = parts[parts.length - 1][1] * step + Math.round(TAIL_S * rate);
  const cut = samples.slice(from, to);
  const fade = Math.min(step, cut.length);
  for (let i = 0; i < fade; i++) {
    const by = 0.5 - 0.5 * Math.cos((Math.PI * i) / fade);
    cut[i] *= by;
    cut[cut.length - 1 - i] *= by;
  }
  return cut;
}

/** Whether the loudest parts were cut off: the microphone was too near. @param {Float32Array} samples */
export function isClipped(samples) {
  let run = 0;
  for (const v of samples) {
    run = Math.abs(v) > 0.98 ? run + 1 : 0;
    if (run === 3) return true;
  }
  return false;
}

/**
 * A WAV file of one channel of 16 bits. Its peak is brought near full scale, so that a soft voice
 * has all the bits that a loud one has; how loud it is heard is the server's.
 * @param {Float32Array} samples @param {number} rate of samples, Hz
 */
export function wav(samples, rate) {
  const size = samples.length * 2;
  const view = new DataView(new ArrayBuffer(44 + size));
  const text = (/** @type {number} */ at, /** @type {string} */ s) => [...s].forEach((c, i) => view.setUint8(at + i, c.charCodeAt(0)));
  text(0, 'RIFF');
  view.setUint32(4, 36 + size, true);
  text(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, rate, true);
  view.setUint32(28, rate * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  text(36, 'data');
  view.setUint32(40, size, true);
  const peak = samples.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
  const by = peak > 0 ? (0.9 * 32767) / peak : 0;
  samples.forEach((v, i) => view.setInt16(44 + 2 * i, Math.round(v * by), true));
  return view.buffer;
}

/** @typedef {{ clip: string, prompt: string, seconds: number, url: string }} Recording */

/** A text in small letters without accents, in words of letters and digits. @param {string} text */
function plain(text) {
  return text.normalize('NFD').replace(/[\u0300-\u036f]/g, '').toLowerCase().replace(/[^a-z0-9]+/g, ' ').trim();
}

/**
 * The clip that a file is named as: "42.wav", "042.mp3", "A.ogg", "primo-piano.wav",
 * "quarantadue.wav"; null: none.
 * @template {{ clip: string, prompt: string }} C
 * @param {string} file @param {C[]} clips
 * @returns {C | null}
 */
export function clipOf(file, clips) {
  const name = plain(file.replace(/^.*[/\\]/, '').replace(/\.[^.]*$/, '')).replace(/^0+(?=\d)/, '');
  return clips.find((c) => plain(c.clip) === name) || clips.find((c) => plain(c.prompt) === name) || null;
}

/**
 * What calls are made of, up to the number 99, in the order in which to record it.
 * @template {{ clip: string }} C
 * @param {C[]} clips @param {string[]} letters of the channels
 * @param {string[]} counters the clips of the counters' names
 * @returns {{ words: [it: string, en: string], clips: C[] }[]}
 */
export function needs(clips, letters, counters) {
  const used = new Set(letters.map((l) => l.toLowerCase()));
  const small = (/** @type {string} */ clip) => /^[1-9]\d?$/.test(clip);
  const some = (/** @type {(clip: string) => boolean} */ is) => clips.filter(({ clip }) => is(clip));
  return [
    { words: ['«numero» e i nomi degli sportelli', '“number” and the counters’ names'], clips: some((c) => c === 'numero' || (counters.includes(c) && !used.has(c) && !small(c))) },
    { words: ['le lettere dei canali', 'the channels’ letters'], clips: some((c) => used.has(c)) },
    { words: ['i numeri da 1 a 99', 'numbers 1 to 99'], clips: some(small) },
  ];
}

/**
 * All clips, those that most calls need first.
 * @template {{ clip: string }} C
 * @param {C[]} clips @param {string[]} letters of the channels
 * @param {string[]} counters the clips of the counters' names
 */
export function inOrder(clips, letters, counters) {
  const first = needs(clips, letters, counters).flatMap((n) => n.clips);
  return [...first, ...clips.filter((c) => !first.includes(c))];
}

/**
 * The clips of a call that the town hasn't recorded, without pauses and without the dot that the
 * shipped voice ends with.
 * @template {{ clip: string, prompt: string, seconds: number }} C
 * @param {string[]} said @param {C[]} clips
 */
export function missing(said, clips) {
  const names = said.map((name) => name.replace(/\.$/, ''));
  return clips.filter((c) => !c.seconds && names.includes(c.clip));
}
