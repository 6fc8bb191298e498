/** The words of the kiosk, in nine languages. */

/** @import { Phrase, Text } from '../../displays/lib/text.js' */
/** @import { Wait } from '../../displays/lib/wire.d.ts' */
import { h } from '../../displays/lib/dom.js';
import { MAIN, Phrases } from '../../displays/lib/text.js';
import { rounded } from '../../displays/lib/wait.js';
import ar from './words/ar.js';
import en from './words/en.js';
import es from './words/es.js';
import fr from './words/fr.js';
import it from './words/it.js';
import ro from './words/ro.js';
import sq from './words/sq.js';
import uk from './words/uk.js';
import zh from './words/zh.js';

/** @typedef {keyof typeof it} Key */

/** Every one has every phrase: a test says so. */
export const tables = { it, en, fr, es, ro, sq, uk, ar, zh };

export const phrases = new Phrases(/** @type {{ it: Record<Key, Phrase> }} */ (tables));

/** What the languages call themselves. @type {Record<string, string>} */
export const OWN_NAMES = {
  it: 'Italiano',
  en: 'English',
  fr: 'Français',
  es: 'Español',
  ro: 'Română',
  sq: 'Shqip',
  uk: 'Українська',
  ar: 'العربية',
  zh: '中文',
};

/**
 * The languages that the kiosk offers: those of the office that it has words of, and always Italian
 * and English.
 * @param {string[]} configured
 */
export function offered(configured) {
  return Object.keys(OWN_NAMES).filter((language) => language === MAIN || language === 'en' || configured.includes(language));
}

/** @param {string} language @returns {'rtl' | 'ltr'} */
export function direction(language) {
  return language === 'ar' ? 'rtl' : 'ltr';
}

/** The language beside the chosen one. @param {string} language */
export function other(language) {
  return language === MAIN ? 'en' : MAIN;
}

/**
 * A text in the chosen language, with the other one small below it. What isn't said in it is marked
 * as the language that it is said in.
 * @param {Text} text @param {string} language
 */
export function two(text, language) {
  const fragment = document.createDocumentFragment();
  const [said, first] = said1(text, language);
  const second = text[other(language)] || '';
  fragment.append(said === language ? h('span', { class: 'first' }, first) : h('span', { class: 'first', lang: said, dir: direction(said) }, first));
  if (second && second !== first) fragment.append(h('span', { class: 'second', lang: other(language), dir: 'ltr' }, second));
  return fragment;
}

/** @param {Text} text @param {string} language @returns {[string, string]} the language, the words */
function said1(text, language) {
  for (const each of [language, MAIN, ...Object.keys(text).sort()]) {
    if (text[each]) return [each, text[each]];
  }
  return [language, ''];
}

/** @param {Key} key @param {string} language @param {Record<string, string | number>} [values] */
export function say2(key, language, values) {
  return two(phrases.all(key, values), language);
}

/** How many wait, in words. @param {number} n @param {string} language */
export function people(n, language) {
  return n === 0 ? phrases.say('nobody', {}, language) : phrases.say('waiting', { n }, language);
}

/** How many are called before a ticket. @param {number} n @returns {Text} */
export function before(n) {
  return n === 0 ? phrases.all('first') : phrases.all('ahead', { n });
}

/**
 * An expected wait, rounded as the pages do.
 * @param {Wait} wait @param {'wait' | 'expected'} key
 * @returns {Text}
 */
export function waitOf(wait, key) {
  const { from, to } = rounded(wait);
  return from === 0 ? phrases.all(key === 'wait' ? 'waitUnder' : 'expectedUnder', { n: to }) : phrases.all(key, { low: from, n: to });
}

/** A number letter by letter, for the voice: "A 0 4 2". @param {string} number */
export function spelled(number) {
  return Array.from(number).join(' ');
}
