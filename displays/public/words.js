/** What the public page says, in its language: the server writes it into the page (displays/public.go). */

import { byId, marked } from '../lib/dom.js';
import { Phrases, within } from '../lib/text.js';
import { Waits } from '../lib/wait.js';

/** @typedef {import('../lib/text.js').Phrase} Phrase */

/** The language of the page. */
export const language = document.documentElement.lang;

/** @type {Record<string, any>} group → language → name → phrase */
const tables = JSON.parse(byId('words').textContent || '');

const phrases = new Phrases(/** @type {{ it: Record<string, Phrase> }} */ (tables.page));
const waits = new Waits(tables.wait);

/** @param {string} name @param {Record<string, string | number>} [values] */
export function say(name, values = {}) {
  return phrases.say(name, values, language);
}

/** How long it will take; empty: not known. @param {import('../lib/wire.d.ts').Wait | null} wait */
export function waitOf(wait) {
  return wait ? waits.say(wait, language) : '';
}

/** A text of the configuration. @param {import('../lib/text.js').Text} text */
export function written(text) {
  return marked(within(text, language));
}
