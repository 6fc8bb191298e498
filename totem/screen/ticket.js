/** The screen of a ticket: its number, what became of its paper, and what to do now. */

/** @import { Ticket } from '../../displays/lib/wire.d.ts' */
/** @import { KioskPage } from './agent.d.ts' */
/** @import { Failure } from './flow.js' */
/** @import { Key } from './texts.js' */
import { h } from '../../displays/lib/dom.js';
import { apiBase } from '../../displays/lib/office.js';
import { mayPrint } from './choices.js';
import { paperIcon } from './icons.js';
import { refusal } from './refusal.js';
import { button } from './result.js';
import { before, phrases, say2, two, waitOf } from './texts.js';

/**
 * @typedef {object} Given
 * @property {Ticket} ticket
 * @property {'printing' | 'take' | 'ask' | 'kept' | 'plain'} what it is about
 * @property {boolean} scanned it is on its holder's phone
 * @property {string} service that it was taken for; empty: not known
 * @property {Failure | null} failure of what was asked for last
 */
/** @typedef {{ home: () => void, keep: () => void, giveUp: () => void, reprint: () => void }} Actions */

/** @param {Given} given @param {KioskPage | null} view @param {string} language @param {Actions} actions */
export function ticketScreen(given, view, language, actions) {
  const { ticket, what } = given;
  const channel = view && view.channels.find((c) => c.id === ticket.channel);
  const card = h(
    'div',
    { class: 'ticket-card' },
    h(
      'div',
      { class: 'ticket-band fits' },
      h('p', { class: 'ticket-label' }, say2('yourNumber', language)),
      h('h1', { class: 'ticket-number', tabindex: -1, dir: 'ltr' }, ticket.number),
      channel && h('p', { class: 'ticket-channel' }, two(channel.names, language)),
      ticket.class === 'priority' && h('p', { class: 'ticket-class' }, say2('withPriority', language)),
    ),
    h('div', { class: 'ticket-facts fits' }, ...facts(given, view, language)),
  );
  if (channel) card.style.setProperty('--channel', channel.color);
  return h('div', { class: 'screen-body', 'data-about': what }, card, h('div', { class: 'reach row' }, ...buttons(given, view, language, actions)));
}

/** @param {Given} given @param {KioskPage | null} view @param {string} language */
function facts({ ticket, what, scanned, service, failure }, view, language) {
  const p = (/** @type {string} */ style, /** @type {Node} */ text) => h('p', { class: style }, text);
  const refused = failure && p('ticket-note', two(refusal(failure), language));
  const offline = ticket.offline && p('ticket-note', say2('offlineTicket', language));
  const code = qr(ticket, what === 'ask' || what === 'kept' ? 'paperless' : 'scan', language);
  if (what === 'ask') {
    const key = ticket.printed === 'failed' ? 'paperFailed' : 'paperUnknown';
    return [p('ticket-paper is-bad', say2(key, language)), code, offline, refused, p('ticket-ask', say2('keepAsk', language))];
  }
  const wait = waitBefore(ticket, view);
  // While the server is away nobody knows how many come before.
  const known = [!ticket.offline && p('ticket-ahead', two(before(ticket.ahead), language)), wait && p('ticket-wait', two(waitOf(wait, 'expected'), language))];
  if (what === 'kept') return [...known, code, offline, refused];
  if (scanned) return [p('ticket-paper', h('span', {}, say2('onPhone', language))), ...known, bring(ticket, view, service, language)];
  const paper = what === 'take' ? 'takePaper' : what === 'printing' ? 'printing' : null;
  return [paper && h('p', { class: 'ticket-paper' }, paperIcon(), h('span', {}, say2(paper, language))), ...known, offline, bring(ticket, view, service, language), code];
}

/** How long it may take; nobody knows while the server is away. @param {Ticket} ticket @param {KioskPage | null} view */
function waitBefore(ticket, view) {
  if (ticket.wait || ticket.offline) return ticket.wait;
  const channel = view && view.channels.find((c) => c.id === ticket.channel);
  return channel && ticket.ahead > 0 ? channel.wait : null;
}

/** What to bring along for what one is here for. @param {Ticket} ticket @param {KioskPage | null} view @param {string} service @param {string} language */
function bring(ticket, view, service, language) {
  const channel = view && view.channels.find((c) => c.id === ticket.channel);
  const of = view && (view.services || []).find((s) => s.id === service);
  const text = [of && of.bring, channel && channel.bring].find((each) => each && Object.values(each).some(Boolean));
  return text && h('p', { class: 'ticket-note' }, h('strong', {}, `${phrases.say('bring', {}, language)}: `), two(text, language));
}

/** @param {Ticket} ticket @param {Key} key what is said beside it @param {string} language */
function qr(ticket, key, language) {
  const address = `${apiBase()}/tickets/${encodeURIComponent(ticket.id)}/qr.svg`;
  return h('div', { class: 'ticket-code' }, h('img', { src: address, alt: phrases.say('qr', {}, language), width: 240, height: 240 }), h('p', {}, say2(key, language)));
}

/** @param {Given} given @param {KioskPage | null} view @param {string} language @param {Actions} actions */
function buttons({ ticket, what }, view, language, actions) {
  const again = mayPrint(view) && button('reprint', language, actions.reprint, 'big-button plain');
  if (what === 'ask') {
    return [button('giveUp', language, actions.giveUp, 'big-button plain'), again, button('keep', language, actions.keep, 'big-button')];
  }
  const done = button('done', language, actions.home, 'big-button');
  if (what === 'kept') return [again, done];
  if (view && view.agent) return [done];
  // Where no agent serves the screen there is no printer, and it may be a browser that keeps files.
  const pdf = `${apiBase()}/tickets/${encodeURIComponent(ticket.id)}/pdf`;
  return [h('a', { class: 'big-button plain', href: pdf, download: `biglietto-${ticket.number}.pdf` }, say2('pdf', language)), done];
}
