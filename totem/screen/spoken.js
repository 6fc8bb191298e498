/** What the voice and screen readers say of a screen, sentence by sentence. */

/** @import { Ticket } from '../../displays/lib/wire.d.ts' */
/** @import { Choice } from './choices.js' */
/** @import { Key } from './texts.js' */
import { pick, sentence } from '../../displays/lib/text.js';
import { KEYS } from './flow.js';
import { before, people, phrases, spelled, waitOf } from './texts.js';

/**
 * The choices on the screen that can be made, with their keys.
 * @param {Choice[]} shown @param {string} title @param {string} language
 */
export function startWords(shown, title, language) {
  const options = shown.map((choice, i) => {
    if (!choice.open || i >= KEYS) return '';
    const name = `${spelled(choice.letter)}, ${pick(choice.names, language)}`;
    if (choice.waiting === null) return phrases.say('pressOnly', { n: i + 1, name }, language);
    return phrases.say('press', { n: i + 1, name, people: people(choice.waiting, language) }, language);
  });
  return [sentence(title, language), ...options.filter(Boolean)];
}

/** @param {string} language */
export function classWords(language) {
  const say = (/** @type {Key} */ key) => phrases.say(key, {}, language);
  return [sentence(say('classTitle'), language), sentence(say('classWho'), language), ...[say('classNo'), say('classYes')].map((name, i) => phrases.say('pressOnly', { n: i + 1, name }, language))];
}

/** @param {Ticket} ticket @param {'printing' | 'take' | 'ask' | 'kept' | 'plain'} what @param {string} language @param {boolean} [scanned] it is on its holder's phone */
export function ticketWords(ticket, what, language, scanned = false) {
  const say = (/** @type {Key} */ key) => sentence(phrases.say(key, {}, language), language);
  const number = sentence(`${phrases.say('yourNumber', {}, language)}: ${spelled(ticket.number)}`, language);
  if (what === 'take') return [say('takePaper'), number];
  if (what === 'ask') return [say(ticket.printed === 'failed' ? 'paperFailed' : 'paperUnknown'), number, say('paperless'), say('keepAsk')];
  if (what === 'kept') return [number, say('paperless')];
  const wait = ticket.wait ? sentence(waitOf(ticket.wait, 'expected')[language], language) : '';
  return [number, ticket.offline ? say('offlineTicket') : sentence(before(ticket.ahead)[language], language), wait, say(what === 'printing' ? 'printing' : scanned ? 'onPhone' : 'scan')];
}
