/** How to say where to go, in as few and as large letters as can be. Pure. */

/** @import { Call, Desk } from '../lib/wire.d.ts' */
import { pick } from '../lib/text.js';

/** @typedef {{ word: string, name: string, place: string }} Place "Sportello", "2", "piano terra"; word may be empty */

/** The longest name that a common word is taken off of: "12", "2B". */
const SHORT = 3;

/**
 * The word before the name of every counter, when what is left is short: "Sportello". Empty when there is none.
 * @param {Desk[]} counters
 * @param {string} language
 */
export function commonWord(counters, language) {
  let word = '';
  for (const counter of counters) {
    const match = /^(\S+)\s+(\S+)$/.exec(counter.names[language] || '');
    if (!match || match[2].length > SHORT || (word && match[1] !== word)) return '';
    word = match[1];
  }
  return word;
}

/**
 * @param {Call} call
 * @param {Desk[]} counters
 * @param {string} language
 * @returns {Place}
 */
export function placeOf(call, counters, language) {
  const counter = counters.find((c) => c.id === call.counter);
  const whole = pick(call.where, language) || call.counter;
  const name = counter ? pick(counter.names, language) : whole;
  const place = whole.startsWith(name + ', ') ? whole.slice(name.length + 2) : '';
  const word = counter ? commonWord(counters, language) : '';
  return { word, name: word ? name.slice(word.length).trim() : name, place };
}
