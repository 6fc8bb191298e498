/**
 * What everybody must know who comes or waits: whether the office is open, until when and why, and
 * what becomes of tickets. How it stands the view says; here it is put into sentences, as
 * displays/opening.go does for pages without scripts. Pure.
 */

/** @import { Opening } from './wire.d.ts' */
import * as catalogue from './catalogue.js';
import { clock, coming, MAIN, Phrases, sentence, within } from './text.js';

/**
 * @typedef {Opening & { office: { time_zone: string } }} Office the part of a public view that this
 *   is about
 */

const openings = new Phrases(catalogue.opening);
const fates = new Phrases(catalogue.fate);
const moments = new Phrases(catalogue.moments);

/**
 * What the situation is, with its reason: "Oggi si chiude alle 09:00: assemblea del personale."
 * Empty while all is as usual.
 * @param {Office} view @param {number} now @param {string} [language]
 */
export function told(view, now, language = MAIN) {
  const part = partOf(view, now, language);
  const aside = part ? sentence([part, reasonOf(view, language)].filter(Boolean).join(': '), language) : '';
  if (view.situation === 'open') return aside;
  const time = view.closes_at ? clock(view.closes_at, view.office.time_zone) : '';
  const reason = part ? '' : reasonOf(view, language);
  return [sentence(openings.say(view.situation, { time }, language) + (reason ? `: ${reason}` : ''), language), aside].filter(Boolean).join(' ');
}

/**
 * What becomes of those who wait. Empty when it goes without saying.
 * @param {Office} view @param {string} [language]
 */
export function fate(view, language = MAIN) {
  if (view.situation === 'open' && view.reason_until) return fates.say('closing', {}, language); // of those of some channels
  return fates.say(view.situation, {}, language);
}

/** When it opens again. @param {Office} view @param {number} now @param {string} [language] */
export function reopens(view, now, language = MAIN) {
  if (view.open || !view.opens_at) return '';
  return moments.say('reopens', { when: coming(view.opens_at, now, view.office.time_zone, language) }, language);
}

/**
 * All of it, a sentence each: what is, what becomes of tickets, when it opens again. None on a
 * usual day.
 * @param {Office} view @param {number} now @param {string} [language]
 */
export function openingSentences(view, now, language = MAIN) {
  const all = [told(view, now, language), fate(view, language), reopens(view, now, language)];
  return all.filter(Boolean);
}

/**
 * All of it for whoever holds a ticket: nothing on a usual day.
 * @param {Office} view @param {number} now @param {string} [language]
 */
export function openingWords(view, now, language = MAIN) {
  return openingSentences(view, now, language).join(' ');
}

/**
 * The same for whoever only looks how busy it is: that the office is open or closed as usual the
 * page says anyway.
 * @param {Office} view @param {number} now @param {string} [language]
 */
export function openingNews(view, now, language = MAIN) {
  const unusual = view.reason_until || view.situation === 'full' || view.situation === 'attended' || view.situation === 'closing' || view.situation === 'extra';
  return reasonOf(view) || unusual ? openingWords(view, now, language) : '';
}

/**
 * The reason of an extraordinary closing or opening today, as it stands within a sentence; empty:
 * none.
 * @param {Office} view @param {string} [language]
 */
export function reasonOf(view, language = MAIN) {
  return within(view.reasons, language);
}

/**
 * The channels that the reason is about, and until when they are open if they close early; empty:
 * the whole office.
 * @param {Office} view @param {number} now @param {string} [language]
 */
function partOf(view, now, language = MAIN) {
  const channels = within(view.reason_for, language);
  if (!channels || !view.reason_until) return channels;
  const time = clock(view.reason_until, view.office.time_zone);
  return moments.say(now < Date.parse(view.reason_until) ? 'until' : 'since', { channels, time }, language);
}
