/** The screens after a press: the ticket, or why there is none; and those without a choice. */

/** @import { Ticket, TotemPage } from '../../displays/lib/wire.d.ts' */
/** @import { Failure } from './flow.js' */
/** @import { Key } from './texts.js' */
import { h } from '../../displays/lib/dom.js';
import { apiBase } from '../../displays/lib/office.js';
import { openingSentences, reasonOf } from '../../displays/lib/opening.js';
import { expected } from '../../displays/lib/text.js';
import { mayRepeat } from './flow.js';
import { before, other, phrases, say2, two } from './texts.js';

/**
 * @param {Ticket} ticket @param {TotemPage | null} view @param {string} language
 * @param {{ home: () => void }} actions
 * @returns {HTMLElement}
 */
export function ticketScreen(ticket, view, language, actions) {
  const channel = view && view.channels.find((c) => c.id === ticket.channel);
  const wait = expected(ticket.wait || (channel && ticket.ahead > 0 ? channel.wait : null));
  const address = `${apiBase()}/tickets/${encodeURIComponent(ticket.id)}`;
  const card = h(
    'div',
    { class: 'ticket-card' },
    h(
      'div',
      { class: 'ticket-band' },
      h('p', { class: 'ticket-label' }, say2('yourNumber', language)),
      h('h1', { class: 'ticket-number', tabindex: -1 }, ticket.number),
      channel && h('p', { class: 'ticket-channel' }, two(channel.names, language)),
      ticket.class === 'priority' && h('p', { class: 'ticket-class' }, say2('withPriority', language)),
    ),
    h(
      'div',
      { class: 'ticket-facts' },
      h('p', { class: 'ticket-ahead' }, two(before(ticket.ahead), language)),
      wait && h('p', { class: 'ticket-wait' }, say2('expected', language, { wait })),
      h('p', { class: 'ticket-take' }, say2('take', language)),
      h(
        'div',
        { class: 'ticket-code' },
        h('img', { src: `${address}/qr.svg`, alt: phrases.say('qr', {}, language), width: 240, height: 240 }),
        h('p', {}, say2('scan', language)),
      ),
    ),
  );
  if (channel) card.style.setProperty('--channel', channel.color);
  const done = button('done', language, actions.home, 'big-button');
  return h(
    'div',
    { class: 'screen-body' },
    card,
    h(
      'div',
      { class: 'reach row' },
      h('a', { class: 'big-button plain', href: `${address}/pdf`, download: `biglietto-${ticket.number}.pdf` }, say2('pdf', language)),
      done,
    ),
  );
}

/**
 * @param {Failure} failure @param {string} language
 * @param {{ home: () => void, again: () => void }} actions
 */
export function failureScreen(failure, language, actions) {
  if (mayRepeat(failure)) {
    return message('!', 'silent', language, [
      h('p', { class: 'message-do' }, say2('silentDo', language)),
      h('div', { class: 'reach row' }, button('home', language, actions.home, 'big-button plain'), button('retry', language, actions.again, 'big-button')),
    ]);
  }
  return message('!', 'refused', language, [
    h('p', { class: 'message-do' }, failure.message),
    h('div', { class: 'reach row' }, button('home', language, actions.home, 'big-button')),
  ]);
}

/**
 * The screens on which nothing can be chosen.
 * @param {'unpaired' | 'connecting' | 'lost' | 'closed' | 'empty'} which
 * @param {TotemPage | null} view @param {string} language @param {number} now
 */
export function idleScreen(which, view, language, now) {
  if (which === 'unpaired') {
    return message('!', 'unpaired', language, [
      h('p', { class: 'message-do' }, say2('unpairedDo', language)),
      h('p', { class: 'message-small' }, say2('unpairedAdmin', language)),
    ]);
  }
  if (which === 'connecting') return message('…', 'connecting', language, []);
  if (which === 'lost') return message('!', 'lost', language, [h('p', { class: 'message-do' }, say2('lostDo', language))]);
  if (which === 'closed') {
    const [what, beside] = [language, other(language)].map((lang) => (view ? officeNews(view, now, lang) : ''));
    return message('–', 'office', language, [
      h('p', { class: 'message-do' }, h('span', { class: 'first' }, what), h('span', { class: 'second', lang: other(language) }, beside)),
    ]);
  }
  return message('–', 'empty', language, [h('p', { class: 'message-do' }, say2('emptyDo', language))]);
}

/**
 * What is to be known of an early closing or of a closed office; nothing on a usual day. That the
 * office is closed the screen's title says, so a closing without a reason isn't told twice.
 * @param {TotemPage} view @param {number} now @param {string} language
 */
export function officeNews(view, now, language) {
  const said = !view.open && !reasonOf(view, language);
  return openingSentences(view, now, language).slice(said ? 1 : 0).join(' ');
}

/**
 * @param {string} sign @param {Key} title @param {string} language
 * @param {(Node | null | false | '')[]} rest
 */
function message(sign, title, language, rest) {
  return h(
    'div',
    { class: 'screen-body message-body' },
    h('div', { class: 'message-sign', 'aria-hidden': 'true' }, sign),
    h('h1', { tabindex: -1 }, say2(title, language)),
    ...rest.map((node) => node || null),
  );
}

/** @param {Key} key @param {string} language @param {() => void} act @param {string} style */
function button(key, language, act, style) {
  const element = h('button', { class: style, type: 'button' }, say2(key, language));
  element.addEventListener('click', act);
  return element;
}
