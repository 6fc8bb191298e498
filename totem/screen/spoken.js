/** What the voice and screen readers say of a screen. */

/** @import { Channel, Ticket } from '../../displays/lib/wire.d.ts' */
import { pick } from '../../displays/lib/text.js';
import { KEYS } from './flow.js';
import { before, people, phrases, spelled } from './texts.js';

/**
 * The channels on the screen that can be chosen, with their keys.
 * @param {Channel[]} shown @param {string} language
 */
export function startWords(shown, language) {
  const options = shown.map((channel, i) => {
    if (!channel.open || i >= KEYS) return '';
    const name = `${spelled(channel.letter)}, ${pick(channel.names, language)}`;
    return phrases.say('press', { n: i + 1, name, people: people(channel.waiting, language) }, language);
  });
  return `${phrases.say('title', {}, language)}. ${options.filter(Boolean).join(' ')}`;
}

/** @param {Ticket} ticket @param {string} language */
export function ticketWords(ticket, language) {
  const parts = [`${phrases.say('yourNumber', {}, language)}: ${spelled(ticket.number)}`, before(ticket.ahead)[language], phrases.say('scan', {}, language)];
  return `${parts.join('. ')}.`;
}
