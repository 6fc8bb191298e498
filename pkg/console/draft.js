/** What the preview of the paper reads in a document of the configuration. Pure. */

/** @import { Document } from './places.js' */
/**
 * The paper that the server draws: a PNG in base64, and which characters are missing on it.
 * @typedef {{ picture: string, width: number, height: number, text: string, unprintable: { path:
 *   string, characters: string }[] }} Drawn
 */
import { pick } from '../../displays/lib/text.js';

/**
 * A document that somebody is writing; null if it is none. What else is wrong with it the server
 * says.
 * @param {string} text @returns {Document | null}
 */
export function readDocument(text) {
  try {
    const document = JSON.parse(text);
    return document && typeof document === 'object' && !Array.isArray(document) ? document : null;
  } catch {
    return null;
  }
}

/** Its channels, as far as they are some. @param {Document} document @returns {[id: string, name: string][]} */
export function channelsOf({ channels }) {
  if (!Array.isArray(channels)) return [];
  return channels.filter((c) => c && typeof c.id === 'string').map((c) => [c.id, (c.name && pick(c.name)) || c.id]);
}

/** The languages of its citizens, Italian if it names none. @param {Document} document @returns {string[]} */
export function languagesOf({ languages }) {
  const list = Array.isArray(languages) ? languages.filter((l) => typeof l === 'string') : [];
  return list.length > 0 ? list : ['it'];
}

/** A language in Italian, "ucraino"; its code where it has no name. @param {string} code */
export function spoken(code) {
  try {
    return new Intl.DisplayNames(['it'], { type: 'language' }).of(code) || code;
  } catch {
    return code;
  }
}

/** Names characters: "😀 (U+1F600)". @param {string} characters */
export function unprintable(characters) {
  return Array.from(characters, (c) => `${c} (U+${(c.codePointAt(0) || 0).toString(16).toUpperCase().padStart(4, '0')})`).join(', ');
}
