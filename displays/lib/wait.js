/**
 * How long it will take, in words: as pkg/words/wait.go says it. displays/test/wait.json holds both
 * to the same. Pure.
 */

/** @import { Wait } from './wire.d.ts' */
/** @import { Phrase } from './text.js' */
import { Phrases } from './text.js';

/** @typedef {'under' | 'range' | 'span' | 'minutes' | 'hours' | 'past' | 'unattended'} Name */

/** Minutes of what people say: by fives up to an hour, then by quarters. */
const FIVES = 5;
const QUARTERS = 15;
const HOUR = 60;

/**
 * Minutes of what people say, the first not more and the last not fewer than they are; the last is
 * greater.
 * @param {Wait} wait
 */
export function rounded({ low_s, high_s }) {
  return { from: down(low_s), to: up(Math.max(high_s, low_s + 1)) };
}

/** "20–35 min", "< 5 min", never in two lines. @param {Wait | null} wait */
export function short(wait) {
  if (!wait) return '';
  const { from, to } = rounded(wait);
  return from === 0 ? `<\u00a0${to}\u00a0min` : `${from}–\u2060${to}\u00a0min`;
}

export class Waits {
  /** @param {{ it: Record<Name, Phrase> }} tables the catalogue's "wait" */
  constructor(tables) {
    /** @type {Phrases<Name>} */
    this.phrases = new Phrases(tables);
  }

  /**
   * Rounded outwards to what people say: "10–15 minuti", "meno di 5 minuti", "da 50 minuti a 1 ora
   * e 15".
   * @param {Wait} wait @param {string} language
   */
  say(wait, language) {
    const { from, to } = rounded(wait);
    if (from === 0) return this.phrases.say('under', { high: this.minutes(to, language) }, language);
    if (to < HOUR) return this.phrases.say('range', { low: from, n: to }, language);
    return this.phrases.say('span', { low: this.minutes(from, language), high: this.minutes(to, language) }, language);
  }

  /** That nobody knows it: no counter is open. @param {string} language */
  unattended(language) {
    return this.phrases.say('unattended', {}, language);
  }

  /** A length of time in seconds, rounded up in the same way: "10 minuti". @param {number} seconds @param {string} language */
  about(seconds, language) {
    return this.minutes(up(seconds), language);
  }

  /** @private @param {number} minutes @param {string} language */
  minutes(minutes, language) {
    const n = Math.floor(minutes / HOUR);
    const m = minutes % HOUR;
    if (n === 0) return this.phrases.say('minutes', { n: m }, language);
    return this.phrases.say(m === 0 ? 'hours' : 'past', { n, m }, language);
  }
}

/** @param {number} seconds */
function down(seconds) {
  const minutes = Math.floor(Math.max(0, seconds) / 60);
  const by = minutes >= HOUR ? QUARTERS : FIVES;
  return Math.floor(minutes / by) * by;
}

/** @param {number} seconds */
function up(seconds) {
  const by = seconds > HOUR * 60 ? QUARTERS : FIVES;
  return Math.max(FIVES, Math.ceil(seconds / 60 / by) * by);
}
