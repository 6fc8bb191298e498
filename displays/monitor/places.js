/** How to say where to go, in as few and as large letters as can be. Pure. */

/** @import { Text } from '../lib/text.js' */
import { pick } from '../lib/text.js';

/** @typedef {{ id: string, names: Text }} Named a counter */
/**
 * @typedef {{ word: string, name: string, place: string }} Place "Sportello", "2", "piano terra";
 *   word may be empty
 */

/** A word before a name of at most three signs: "Sportello 12", "Sportello 2B". */
const SHORT = /^(\S+)\s+(\S{1,3})$/;

/**
 * The word before all those names that are else short: "Sportello". Empty when there is none, or
 * more than one: then it says which. A counter with a name of its own, "Ufficio Scuola", takes it
 * from no other.
 * @param {Named[]} counters
 * @param {string} language
 */
export function commonWord(counters, language) {
  const words = new Set();
  for (const counter of counters) {
    const match = SHORT.exec(counter.names[language] || '');
    if (match) words.add(match[1]);
  }
  return words.size === 1 ? Array.from(words)[0] : '';
}

/**
 * @param {{ counter: string, where: Text }} call where somebody is called to
 * @param {Named[]} counters
 * @param {string} language
 * @returns {Place}
 */
export function placeOf(call, counters, language) {
  const counter = counters.find((c) => c.id === call.counter);
  const whole = pick(call.where, language) || call.counter;
  const name = counter ? pick(counter.names, language) : whole;
  const place = whole.startsWith(name + ', ') ? whole.slice(name.length + 2) : '';
  const match = SHORT.exec(name);
  const word = match && match[1] === commonWord(counters, language) ? match[1] : '';
  return { word, name: word && match ? match[2] : name, place };
}
