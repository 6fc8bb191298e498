/**
 * What the page of a ticket says, in its language and the one beside it: the server writes both
 * into the page (displays/ticket.go).
 */

import { byId } from '../lib/dom.js';
import { MAIN, Phrases } from '../lib/text.js';
import { Waits } from '../lib/wait.js';

/** @typedef {import('../lib/text.js').Phrase} Phrase */

/** @type {Record<string, { it: Record<string, Phrase> }>} group → language → name → phrase */
const tables = JSON.parse(byId('words').textContent || '');

export const words = new Phrases(tables.ticket);
export const visits = new Phrases(tables.visit);
export const advices = new Phrases(tables.advice);
export const sooner = new Phrases(tables.sooner);
export const waits = new Waits(/** @type {any} */ (tables.wait));
export const paper = new Phrases(tables.paper);

/** The language of the page, and the one beside it. */
export const language = document.documentElement.lang;
export const beside = language === MAIN ? 'en' : MAIN;

/**
 * What is said, in both. @param {(language: string) => string} say
 * @returns {import('../lib/text.js').Text}
 */
export function both(say) {
  return { [language]: say(language), [beside]: say(beside) };
}
