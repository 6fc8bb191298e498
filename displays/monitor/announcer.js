/** Which calls to announce, and when. Knows no DOM. */

/** @import { Call } from '../lib/wire.d.ts' */

/** A call older than this is shown, but never announced. Milliseconds. */
export const OLDEST_MS = 60000;

/** The name of one announcement: a recall is another. @param {Call} call */
function keyOf(call) {
  return `${call.id}:${call.times}`;
}

/**
 * Announces calls one after another, each once, in the order in which they were made.
 */
export class Announcer {
  /**
   * @param {object} options
   * @param {(call: Call) => Promise<void>} options.announce resolves when the next one may begin
   * @param {() => void} [options.changed] a call has ended by itself: another one, or none, is announced now
   * @param {() => void} [options.silence] the call that is being announced holds no longer
   * @param {() => number} options.now the server's time, in milliseconds
   * @param {[string, number][]} [options.heard] announcements made before the page was loaded anew,
   *   with their calls' time
   * @param {(heard: [string, number][]) => void} [options.remember]
   */
  constructor(options) {
    this.announce = options.announce;
    this.changed = options.changed || (() => {});
    this.silence = options.silence || (() => {});
    this.now = options.now;
    this.remember = options.remember || (() => {});
    this.heard = new Map(options.heard || []);
    /** @type {Call[]} */
    this.waiting = [];
    /** @type {Call | null} */
    this.current = null;
  }

  /**
   * Takes in the calls of a view, which is the whole truth: what is no longer in it isn't
   * announced.
   * @param {Call[]} calls
   */
  offer(calls) {
    const valid = new Set(calls.map(keyOf));
    const { current } = this;
    const busy = current ? keyOf(current) : '';
    // A recall isn't the end of it, but comes next.
    if (current && !calls.some((call) => call.id === current.id)) this.silence();
    this.waiting = calls
      .filter((call) => keyOf(call) !== busy && !this.heard.has(keyOf(call)) && this.isFresh(call))
      .sort((a, b) => Date.parse(a.at) - Date.parse(b.at) || a.id - b.id);
    for (const [key, at] of this.heard) {
      if (!valid.has(key) && this.now() - at > OLDEST_MS) this.heard.delete(key);
    }
    if (!this.current) this.next();
  }

  /** @private @param {Call} call */
  isFresh(call) {
    return this.now() - Date.parse(call.at) <= OLDEST_MS;
  }

  /** @private */
  next() {
    const call = this.waiting.shift();
    if (!call) return;
    if (!this.isFresh(call)) {
      this.next();
      return;
    }
    this.current = call;
    this.heard.set(keyOf(call), Date.parse(call.at));
    this.remember(Array.from(this.heard));
    const done = () => {
      this.current = null;
      this.next();
      this.changed();
    };
    this.announce(call).then(done, done);
  }
}
