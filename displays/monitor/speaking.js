/** When a monitor speaks, and which notice it reads next. Pure. */

/** @import { Hours, Notice } from '../lib/wire.d.ts' */
import { clock } from '../lib/text.js';

/** A notice is read when it is new, and not again before this. Milliseconds. */
export const AGAIN_MS = 15 * 60000;

/**
 * Whether it is an hour without sound.
 * @param {Hours[]} quiet @param {number} now the server's time, in milliseconds @param {string} zone
 */
export function isQuiet(quiet, now, zone) {
  const time = clock(now, zone);
  return quiet.some(({ from, to }) => from <= time && time < to);
}

/** One notice with one text; another text is news. @param {Notice} notice */
const keyOf = (notice) => JSON.stringify([notice.id, notice.texts]);

/** Remembers which notices were read. */
export class Reading {
  /** @param {[string, number][]} [read] what the page, before it was loaded anew, had read when */
  constructor(read = []) {
    this.read = new Map(read);
  }

  /**
   * The notice that is to be read now: of those that are due, the one that wasn't read for longest.
   * @param {Notice[]} notices @param {number} now @returns {Notice | null}
   */
  due(notices, now) {
    const at = (/** @type {Notice} */ notice) => this.read.get(keyOf(notice)) || 0;
    const due = notices.filter((notice) => notice.say.length > 0 && now - at(notice) >= AGAIN_MS);
    return due.sort((a, b) => at(a) - at(b))[0] || null;
  }

  /**
   * Notes that a notice was read, and forgets those that are shown no more.
   * @param {Notice} notice @param {Notice[]} notices @param {number} now
   * @returns {[string, number][]} what to remember
   */
  done(notice, notices, now) {
    const keys = new Set(notices.map(keyOf));
    for (const key of this.read.keys()) if (!keys.has(key)) this.read.delete(key);
    this.read.set(keyOf(notice), now);
    return Array.from(this.read);
  }
}
