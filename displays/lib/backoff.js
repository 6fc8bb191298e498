/** How long to wait before trying again, and whether to. Pure. */

/** The first delay, in milliseconds. */
const FIRST_MS = 500;
/** The longest delay, in milliseconds. */
export const LONGEST_MS = 15000;

/**
 * The delay before a reconnection: it doubles with each failed attempt, and is drawn between half
 * and all of that, so that ten thousand viewers of a restarted server come back one after another.
 * @param {number} failures consecutive ones, from 0
 * @param {number} random from 0 to 1
 * @returns {number} milliseconds
 */
export function delay(failures, random) {
  const whole = Math.min(LONGEST_MS, FIRST_MS * Math.pow(2, Math.min(failures, 16)));
  return Math.round(whole * (0.5 + random / 2));
}

/**
 * Whether to connect again by itself after a close code: see pkg/live/close.go.
 * @param {number} code
 */
export function retry(code) {
  if (code === 1002 || code === 1003 || (code >= 1007 && code <= 1010)) return false;
  return code < 4500 || code > 4999;
}
