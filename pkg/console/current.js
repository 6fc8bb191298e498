/** The ticket now at the counter, big, and the one that comes next. */

/** @import { CounterPage, Ticket } from '../../displays/lib/wire.d.ts' */
import { both, byId, h, setText } from '../../displays/lib/dom.js';
import { clock, duration, pick } from '../../displays/lib/text.js';
import { CLASSES, minutes, numberOr, originOf, paperOf, stateOf, STATUSES } from './words.js';

export class Current {
  constructor() {
    this.element = byId('current');
    this.next = byId('next');
    this.spoken = byId('spoken');
    this.taken = byId('taken');
    this.time = h('span', { class: 'current-time' });
    this.nextWait = h('span', { class: 'next-wait' });
    this.drawn = '';
    this.drawnNext = '';
  }

  /** @param {CounterPage} view @param {boolean} mine @param {number} now */
  update(view, mine, now) {
    const key = JSON.stringify([view.ticket, view.call, view.counter, mine, view.next === null, upcoming(view)]);
    if (key !== this.drawn) {
      this.drawn = key;
      this.draw(view, mine);
    }
    setText(this.time, view.since ? duration(now - Date.parse(view.since)) : '');
    const next = JSON.stringify([view.next && [view.next.ticket.id, view.next.why], upcoming(view)]);
    if (next !== this.drawnNext) {
      this.drawnNext = next;
      this.drawNext(view);
    }
    if (view.next) setText(this.nextWait, waiting(view.next.ticket, now));
  }

  /** @private @param {CounterPage} view @param {boolean} mine */
  draw(view, mine) {
    const { ticket, counter } = view;
    const taken = !mine && counter.status !== 'closed';
    this.taken.hidden = !taken;
    this.taken.replaceChildren(taken ? both(`A questo sportello ora lavora ${counter.operator}.`, `${counter.operator} works at this counter now.`) : '');
    this.element.style.setProperty('--channel', colorOf(view, ticket) || 'var(--line-strong)');
    this.element.classList.toggle('current-empty', ticket === null);
    if (ticket) {
      const times = view.call ? view.call.times : 0;
      const channel = view.channels.find((c) => c.id === ticket.channel);
      this.element.replaceChildren(
        h('p', { class: ticket.number ? 'current-number' : 'current-words' }, numberOr(ticket.number)),
        h(
          'div',
          { class: 'current-facts' },
          h('p', { class: 'current-channel' }, channel ? pick(channel.names) : ticket.channel, ' ', classChip(ticket, view.office.time_zone)),
          h('p', { class: 'current-state' }, h('span', { class: `state-dot state-dot-${ticket.state}`, 'aria-hidden': 'true' }), h('strong', {}, both(...stateOf(ticket.state))), ' ', this.time),
          paperOf(ticket) && h('p', {}, h('span', { class: 'chip chip-bad' }, both(.../** @type {[string, string]} */ (paperOf(ticket))))),
          times > 1 && h('p', { class: 'current-times' }, `Chiamato ${times} volte`),
          h('p', { class: 'current-issued' }, originOf(ticket, clock(ticket.issued_at, view.office.time_zone))),
        ),
      );
      setText(this.spoken, `${stateOf(ticket.state)[0]}: ${numberOr(ticket.number)}${channel ? `, ${pick(channel.names)}` : ''}`);
      return;
    }
    const words = /** @type {[string, string]} */ (
      counter.status !== 'open'
        ? [`Sportello ${STATUSES[counter.status][0].toLowerCase()}${counter.reason ? `: ${counter.reason}` : ''}`, `Counter ${STATUSES[counter.status][1].toLowerCase()}`]
        : view.next
          ? ['Nessun biglietto allo sportello', 'No ticket at the counter']
          : upcoming(view)
            ? ['Nessuno da chiamare ora', 'Nobody to call now']
            : ['Nessuno in attesa', 'Nobody is waiting']
    );
    this.element.replaceChildren(h('p', { class: 'current-none' }, both(...words)));
    setText(this.spoken, words[0]);
  }

  /** @private @param {CounterPage} view */
  drawNext(view) {
    const title = h('h2', { id: 'next-title' }, both('Prossimo', 'Next'));
    if (!view.next) {
      this.next.replaceChildren(title, h('p', { class: 'next-none' }, both(...nobody(view))));
      return;
    }
    const { ticket, text } = view.next;
    const channel = view.channels.find((c) => c.id === ticket.channel);
    this.next.style.setProperty('--channel', channel ? channel.color : 'var(--accent-deep)');
    this.next.replaceChildren(
      title,
      h(
        'p',
        { class: 'next-ticket' },
        h('strong', { class: 'next-number' }, ticket.number),
        h('span', {}, channel ? pick(channel.names) : '', ' ', classChip(ticket, view.office.time_zone), h('br'), this.nextWait),
      ),
      h('p', { class: 'next-why' }, both(`${ticket.number} ${pick(text)}`, text.en || '')),
    );
  }
}

/**
 * How long somebody is here. Who came before an appointment doesn't wait yet.
 * @param {Ticket} ticket @param {number} now
 */
function waiting(ticket, now) {
  return `${ticket.slot ? 'qui' : 'attende'} da ${minutes(now - Date.parse(ticket.issued_at))}`;
}

/**
 * The first appointment of those who are here too early to be called; empty: none.
 * @param {CounterPage} view
 */
function upcoming(view) {
  if (view.next) return '';
  const slots = view.lines.flatMap((line) => line.tickets.map((ticket) => ticket.slot || '')).filter(Boolean);
  return slots.sort((a, b) => Date.parse(a) - Date.parse(b))[0] || '';
}

/** Why nobody is next. @param {CounterPage} view @returns {[it: string, en: string]} */
function nobody(view) {
  const slot = upcoming(view);
  if (!slot) return ['Nessuno attende per questo sportello.', 'Nobody waits for this counter.'];
  const time = clock(slot, view.office.time_zone);
  return [`C’è chi ha appuntamento, il primo alle ${time}.`, `The first appointment is at ${time}.`];
}

/** @param {CounterPage} view @param {Ticket | null} ticket */
function colorOf(view, ticket) {
  const channel = ticket && view.channels.find((c) => c.id === ticket.channel);
  return channel ? channel.color : '';
}

/** @param {Ticket} ticket @param {string} zone */
function classChip(ticket, zone) {
  const words = CLASSES[ticket.class];
  return words ? h('span', { class: 'chip chip-class', title: words[1] }, words[0], ticket.slot && ` ${clock(ticket.slot, zone)}`) : '';
}
