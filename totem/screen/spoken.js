/** What the voice and screen readers say of a screen. */

/** @import { Ticket, TotemPage } from '../../displays/lib/wire.d.ts' */
import { pick } from '../../displays/lib/text.js';
import { before, people, phrases, spelled } from './texts.js';

/** How many channels have a key: the digits from 1. */
const KEYS = 9;

/**
 * The channels that can be chosen, with their keys.
 * @param {TotemPage} view @param {string} language
 */
export function startWords(view, language) {
  const options = view.channels.map((channel, i) => {
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
