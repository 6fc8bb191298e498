/** Words, numbers and times as people read them. Pure. */

import * as catalogue from './catalogue.js';

/** @typedef {Record<string, string>} Text what a person reads, by language */
/**
 * @typedef {string | { other: string, zero?: string, one?: string, two?: string, few?: string, many?: string }} Phrase
 *   with {name} where a value goes; the form follows {n}, by the rules of the language
 */

/** The language of the page, and the one shown beside it. */
export const MAIN = 'it';
const BESIDE = 'en';

/**
 * A table of phrases in several languages. A phrase that a language lacks is said in Italian.
 * @template {string} Key
 */
export class Phrases {
  /** @param {{ it: Record<Key, Phrase> } & Record<string, Partial<Record<Key, Phrase>>>} tables */
  constructor(tables) {
    this.tables = tables;
  }

  /**
   * @param {Key} key
   * @param {Record<string, string | number>} [values]
   * @param {string} [language]
   * @returns {string}
   */
  say(key, values = {}, language = MAIN) {
    const table = /** @type {Partial<Record<Key, Phrase>>} */ (this.tables[language] || {});
    let phrase = table[key];
    if (phrase === undefined) {
      phrase = this.tables.it[key];
      language = MAIN;
    }
    const form = typeof phrase === 'string' ? phrase : phrase[plural(values.n, language)] || phrase.other;
    return form.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
  }

  /** @param {Key} key @param {Record<string, string | number>} [values] @returns {Text} */
  all(key, values) {
    /** @type {Text} */
    const text = {};
    for (const language of Object.keys(this.tables)) text[language] = this.say(key, values, language);
    return text;
  }
}

/** @param {string | number} n @param {string} language */
function plural(n, language) {
  return new Intl.PluralRules(language).select(Number(n));
}

/**
 * A text in the page's language, else in any that it has.
 * @param {Text | null | undefined} text
 * @param {string} [language]
 */
export function pick(text, language = MAIN) {
  if (!text) return '';
  return text[language] || text[MAIN] || text[Object.keys(text).sort()[0]] || '';
}

/**
 * The languages that a text is written in: the page's, the one beside it, then the others.
 * @param {Text} text
 */
export function languagesOf(text) {
  const written = Object.keys(text).filter((language) => text[language]);
  const first = [MAIN, BESIDE].filter((language) => written.includes(language));
  return [...first, ...written.filter((language) => !first.includes(language)).sort()];
}

/**
 * A text of the configuration as it stands within a sentence of the language: in Italian, and set
 * apart by two characters, where it isn't written in that language. `marked` of dom.js marks it.
 * @param {Text | null | undefined} text @param {string} language
 */
export function within(text, language) {
  const said = pick(text, language);
  return !said || (text && text[language]) ? said : `\u2068${said}\u2069`;
}

/** Ends what is said as a sentence of the language ends. @param {string} text @param {string} language */
export function sentence(text, language) {
  if (/[.!?…。！？؟]\u2069?$/.test(text)) return text;
  return text + (language === 'zh' ? '。' : '.');
}

/**
 * The English beside a text, or nothing where it would only repeat it.
 * @param {Text | null | undefined} text
 */
export function beside(text) {
  const english = (text && text[BESIDE]) || '';
  return english === pick(text) ? '' : english;
}

/** "09:41", in every language. @param {string | number} at @param {string} zone */
export function clock(at, zone) {
  return format(at, zone, MAIN, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
}

/** "02/03/26, 09:41" @param {string | number} at @param {string} zone @param {string} [language] */
export function moment(at, zone, language = MAIN) {
  return format(at, zone, language, { day: '2-digit', month: '2-digit', year: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
}

/** "lunedì 2 marzo", "domenica 1º marzo" @param {string | number} at @param {string} zone @param {string} [language] */
export function day(at, zone, language = MAIN) {
  return format(at, zone, language, { weekday: 'long', day: 'numeric', month: 'long' }).replace(/\b1\b/, ofMonth('1', language));
}

/** A day of the month: the first has a number of its own in some languages. @param {string} n @param {string} language */
function ofMonth(n, language) {
  return (n === '1' && { it: '1º', fr: '1er' }[language]) || n;
}

const moments = new Phrases(catalogue.moments);
const weekdays = new Phrases(catalogue.weekdays);
const months = new Phrases(catalogue.months);

/**
 * A moment to come, as said at now: "alle 14:30", "domani alle 08:00", "lunedì alle 08:00", "il 7
 * aprile alle 08:00".
 * @param {string} at @param {string | number} now @param {string} zone @param {string} [language]
 */
export function coming(at, now, zone, language = MAIN) {
  const days = dayNumber(at, zone) - dayNumber(now, zone);
  const which = days <= 0 ? 'today' : days === 1 ? 'tomorrow' : days < 7 ? 'this_week' : 'later';
  // Browsers don't know every language's days and months, nor how they stand in a sentence.
  const name = (/** @type {Intl.DateTimeFormatOptions} */ options) => /** @type {any} */ (format(at, zone, 'en', options).toLowerCase());
  return moments.say(
    which,
    {
      time: clock(at, zone),
      weekday: weekdays.say(name({ weekday: 'long' }), {}, language),
      day: ofMonth(format(at, zone, 'en', { day: 'numeric' }), language),
      month: months.say(name({ month: 'long' }), {}, language),
    },
    language,
  );
}

/**
 * Whether a moment is of the day that it is now in the zone.
 * @param {string} at @param {string | number} now @param {string} zone
 */
export function isToday(at, now, zone) {
  return dayNumber(at, zone) === dayNumber(now, zone);
}

const sinces = new Phrases({
  it: { now: 'ora', minutes: 'da {n} min', hours: 'da {h} h {m} min' },
  en: { now: 'now', minutes: 'for {n} min', hours: 'for {h} h {m} min' },
});

/** "da 12 min" @param {string} at @param {number} now milliseconds @param {string} [language] */
export function since(at, now, language = MAIN) {
  const minutes = Math.floor((now - Date.parse(at)) / 60000);
  if (minutes < 1) return sinces.say('now', {}, language);
  if (minutes < 60) return sinces.say('minutes', { n: minutes }, language);
  return sinces.say('hours', { h: Math.floor(minutes / 60), m: minutes % 60 }, language);
}

/** "0:42", "12:05", "1:02:05" @param {number} ms */
export function duration(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (/** @type {number} */ n) => String(n).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** @type {Map<string, Intl.DateTimeFormat>} */
const formats = new Map();

/**
 * @param {string | number} at @param {string} zone @param {string} language
 * @param {Intl.DateTimeFormatOptions} options
 */
function format(at, zone, language, options) {
  const key = `${zone} ${language} ${Object.keys(options)}`;
  let formatter = formats.get(key);
  if (!formatter) {
    // British English: the day before the month, 24 hours.
    formatter = new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, { ...options, timeZone: zone });
    formats.set(key, formatter);
  }
  return formatter.format(new Date(at));
}

/** Days since 1970 in the zone. @param {string | number} at @param {string} zone */
function dayNumber(at, zone) {
  const date = format(at, zone, 'sv', { year: 'numeric', month: '2-digit', day: '2-digit' });
  return Date.parse(date) / 86400000;
}
