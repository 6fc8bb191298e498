/** What is played when, to say something. Pure: seconds, no sound. */

/**
 * The index of a voice: `sound`, the address of the file that has all clips; by name where each
 * begins in it and how long it is, or the address of its own file; and how long pauses are.
 * @typedef {object} Index
 * @property {string} [sound]
 * @property {Record<string, [number, number] | { url: string, length: number }>} clips
 * @property {Record<string, number>} pauses
 */
/**
 * @typedef {object} Part a stretch of a sound that is played
 * @property {string} url of the sound
 * @property {number} offset where it begins in that
 * @property {number} length
 * @property {number} at when, after the sentence's beginning
 */

/** Between one sentence and the next, in another language. */
export const BETWEEN = 0.5;

/**
 * How clips make a sentence.
 * @param {Index} index @param {string[]} clips
 * @returns {{ parts: Part[], length: number } | null} null: there is nothing to say, or the voice
 *   lacks a clip, for half a sentence is worse than none
 */
export function sentenceOf(index, clips) {
  /** @type {Part[]} */
  const parts = [];
  let at = 0;
  for (const name of clips) {
    const clip = index.clips[name];
    if (Array.isArray(clip)) {
      parts.push({ url: index.sound || '', offset: clip[0], length: clip[1], at });
      at += clip[1];
    } else if (clip) {
      parts.push({ url: clip.url, offset: 0, length: clip.length, at });
      at += clip.length;
    } else if (name in index.pauses) {
      at += index.pauses[name];
    } else {
      return null;
    }
  }
  return parts.length ? { parts, length: at } : null;
}

/**
 * The gain of a volume: half of it sounds half as loud, which is 10 dB less.
 * @param {number} percent 0 to 100
 */
export function gainOf(percent) {
  return Math.pow(Math.min(Math.max(percent, 0), 100) / 100, 1.66);
}
