/** The sounds before a call, made here: no file to load. Pure. */

/** @import { Display } from '../wire.d.ts' */
/** @typedef {Display['gong']} Gong */

/** How loud the loudest 0.4 s are: as the clips of the voices, of 1. */
const LOUDNESS = 0.1;
const WINDOW = 0.4;
/** How long a tone takes to be there, and to end. Seconds, as all here. */
const ATTACK = 0.008;
const RELEASE = 0.08;

/** @typedef {{ pitch: number, at: number, strength: number, decay: number }} Tone decay: to a third */

/** A tone with a quiet octave above, which makes it a chime rather than a whistle. */
const chime = (/** @type {number} */ pitch, /** @type {number} */ at) => [
  { pitch, at, strength: 1, decay: 0.4 },
  { pitch: pitch * 2, at, strength: 0.12, decay: 0.2 },
];

/** @type {Record<Gong, { tones: Tone[], length: number }>} */
const GONGS = {
  'two-tone': { tones: [...chime(659.26, 0), ...chime(523.25, 0.45)], length: 1.6 },
  'three-tone': { tones: [...chime(523.25, 0), ...chime(659.26, 0.35), ...chime(783.99, 0.7)], length: 1.8 },
  // The partials of a small bell, each of which rings the shorter the higher it is.
  bell: {
    tones: [[0.5, 0.3, 0.9], [1, 1, 0.7], [1.2, 0.4, 0.45], [1.5, 0.25, 0.35], [2, 0.5, 0.3], [2.67, 0.2, 0.15], [3, 0.12, 0.1]]
      .map(([ratio, strength, decay]) => ({ pitch: 880 * ratio, at: 0, strength, decay })),
    length: 1.6,
  },
  none: { tones: [], length: 0 },
};

/**
 * A gong's samples; none for 'none'.
 * @param {Gong} name @param {number} rate samples a second
 * @returns {Float32Array}
 */
export function gong(name, rate) {
  const { tones, length } = GONGS[name];
  const samples = new Float32Array(Math.round(length * rate));
  for (const tone of tones) {
    for (let i = Math.round(tone.at * rate), n = 0; i < samples.length; i++, n++) {
      const t = n / rate;
      samples[i] += tone.strength * Math.min(1, t / ATTACK) * Math.exp(-t / tone.decay) * Math.sin(2 * Math.PI * tone.pitch * t);
    }
  }
  const gain = LOUDNESS / (loudest(samples, Math.round(WINDOW * rate)) || 1);
  return samples.map((sample, i) => sample * gain * Math.min(1, (samples.length - 1 - i) / (RELEASE * rate)));
}

/** Root mean square of the loudest stretch of a length. @param {Float32Array} samples @param {number} length */
export function loudest(samples, length) {
  let sum = 0;
  let most = 0;
  for (let i = 0; i < samples.length; i++) {
    sum += samples[i] * samples[i];
    if (i >= length) sum -= samples[i - length] * samples[i - length];
    most = Math.max(most, sum);
  }
  return Math.sqrt(most / length);
}
