/** Those who wait, those put aside, and the colleagues. */

/** @import { Row } from '../../displays/lib/keyed.js' */
/** @import { Channel, CounterPage, Desk, Line, Ticket } from '../../displays/lib/wire.d.ts' */
import { byId, h, setText } from '../../displays/lib/dom.js';
import { KeyedList } from '../../displays/lib/keyed.js';
import { pick } from '../../displays/lib/text.js';
import { minutes, paperOf, STATUSES } from './words.js';

/** How many of a line are shown. */
const SHOWN = 6;

/**
 * @typedef {{ now: () => number, clock: (at: string) => string }} Times the server's time, and how
 *   the office writes one
 */
/**
 * @typedef {{ call: (ticket: Ticket) => void, back: (ticket: Ticket) => void,
 *   reprint: (ticket: Ticket) => void }} TicketActions
 */

/** The mark of a ticket whose paper didn't come out, or may not have, and what helps. */
class PaperMark {
  /** @param {(ticket: Ticket) => void} reprint */
  constructor(reprint) {
    /** @type {Ticket | null} */
    this.ticket = null;
    this.words = h('span', { class: 'chip chip-bad' });
    this.button = h('button', { class: 'button button-plain button-small', type: 'button' }, 'Ristampa');
    this.button.addEventListener('click', () => this.ticket && reprint(this.ticket));
    this.element = h('span', { class: 'paper-mark', hidden: true }, this.words, this.button);
  }

  /** @param {Ticket} ticket */
  update(ticket) {
    this.ticket = ticket;
    const words = paperOf(ticket);
    this.element.hidden = !words;
    if (!words) return;
    setText(this.words, words[0]);
    const label = `Ristampa ${ticket.number}`;
    if (this.button.getAttribute('aria-label') !== label) this.button.setAttribute('aria-label', label);
  }
}

/** A ticket that waits. Pressed, it can be called out of turn. @implements {Row<Ticket>} */
class Waiting {
  /** @param {Times} times @param {TicketActions} actions */
  constructor(times, actions) {
    this.times = times;
    /** @type {Ticket | null} */
    this.ticket = null;
    this.number = h('strong');
    this.mark = h('span', { class: 'wait-mark', 'aria-hidden': 'true' });
    this.time = h('span', { class: 'wait-time' });
    this.special = h('span', { class: 'unseen' });
    this.since = h('span', { class: 'unseen' });
    this.button = h(
      'button',
      { class: 'wait', type: 'button' },
      h('span', { class: 'unseen' }, 'Chiama '),
      this.number,
      this.mark,
      this.special,
      this.since,
      this.time,
    );
    this.button.addEventListener('click', () => this.ticket && actions.call(this.ticket));
    this.paper = new PaperMark(actions.reprint);
    this.element = h('li', { class: 'wait-row' }, this.button, this.paper.element);
  }

  /** @param {Ticket} ticket */
  update(ticket) {
    this.ticket = ticket;
    setText(this.number, ticket.number);
    setText(this.mark, { priority: '★', appointment: '◷', standard: '' }[ticket.class]);
    setText(this.special, { priority: ', con precedenza', appointment: ', appuntamento', standard: '' }[ticket.class]);
    setText(this.since, ticket.slot ? ' delle ' : ', attende da ');
    this.paper.update(ticket);
    setText(this.time, ticket.slot ? this.times.clock(ticket.slot) : minutes(this.times.now() - Date.parse(ticket.issued_at)));
  }
}

/**
 * A channel with those who wait for it.
 * @implements {Row<Line & { about: Channel | undefined }>}
 */
class LineRow {
  /** @param {Times} times @param {TicketActions} actions */
  constructor(times, actions) {
    this.letter = h('span', { class: 'letter', 'aria-hidden': 'true' });
    this.name = h('span', { class: 'line-name' });
    this.count = h('strong', { class: 'line-count' });
    this.more = h('p', { class: 'line-more' });
    const tickets = h('ul', { class: 'line-tickets', tabindex: -1 });
    this.element = h('li', { class: 'line' }, h('p', { class: 'line-head' }, this.letter, this.name, this.count), tickets, this.more);
    this.tickets = new KeyedList(tickets, (/** @type {Ticket} */ t) => t.id, () => new Waiting(times, actions));
  }

  /** @param {Line & { about: Channel | undefined }} line */
  update(line) {
    const channel = line.about;
    if (channel) this.letter.style.setProperty('--channel', channel.color);
    setText(this.letter, channel ? channel.letter : '');
    setText(this.name, channel ? pick(channel.names) : line.channel);
    setText(this.count, String(line.waiting));
    this.element.classList.toggle('is-empty', line.waiting === 0);
    this.tickets.update(line.tickets.slice(0, SHOWN));
    const more = line.waiting - Math.min(SHOWN, line.tickets.length);
    setText(this.more, more > 0 ? `e altri ${more}` : '');
  }
}

/** An absent or held ticket. @implements {Row<Ticket>} */
class AsideRow {
  /** @param {Times} times @param {TicketActions} actions */
  constructor(times, actions) {
    this.times = times;
    /** @type {Ticket | null} */
    this.ticket = null;
    this.number = h('strong', { class: 'row-number' });
    this.about = h('span', { class: 'row-about' });
    this.call = h('button', { class: 'button button-plain button-small', type: 'button' }, 'Richiama');
    this.back = h('button', { class: 'button button-plain button-small', type: 'button' }, 'In coda');
    this.call.addEventListener('click', () => this.ticket && actions.call(this.ticket));
    this.back.addEventListener('click', () => this.ticket && actions.back(this.ticket));
    this.paper = new PaperMark(actions.reprint);
    this.element = h('li', { class: 'row' }, this.number, this.about, this.paper.element, this.call, this.back);
  }

  /** @param {Ticket} ticket */
  update(ticket) {
    this.ticket = ticket;
    setText(this.number, ticket.number || '—');
    this.paper.update(ticket);
    const left = ticket.until ? Date.parse(ticket.until) - this.times.now() : 0;
    const until = left > 0 ? `ancora ${minutes(left + 59_999)}` : '';
    setText(this.about, [ticket.reason, until].filter(Boolean).join(' · '));
    for (const [button, words] of /** @type {[HTMLElement, string][]} */ ([
      [this.call, `Richiama ${ticket.number}`],
      [this.back, `Rimetti in coda ${ticket.number}`],
    ])) {
      if (button.getAttribute('aria-label') !== words) button.setAttribute('aria-label', words);
    }
  }
}

/** A colleague's counter. @implements {Row<Desk>} */
class Colleague {
  constructor() {
    this.name = h('strong', { class: 'row-name' });
    this.who = h('span', { class: 'row-about' });
    this.state = h('span', { class: 'chip' });
    this.element = h('li', { class: 'row' }, this.name, this.who, this.state);
  }

  /** @param {Desk} counter */
  update(counter) {
    setText(this.name, pick(counter.names) || counter.id);
    setText(this.who, counter.operator + (counter.reason && counter.status === 'paused' ? ` · ${counter.reason}` : ''));
    setText(this.state, counter.number || STATUSES[counter.status][0]);
    this.state.className = `chip chip-${counter.number ? 'number' : counter.status}`;
  }
}

export class Lists {
  /** @param {Times} times @param {TicketActions} actions */
  constructor(times, actions) {
    const id = (/** @type {{ id: string }} */ item) => item.id;
    this.lines = new KeyedList(byId('lines'), (/** @type {Line & { about: Channel | undefined }} */ l) => l.channel, () => new LineRow(times, actions));
    this.absent = new KeyedList(byId('absent'), id, () => new AsideRow(times, actions));
    this.held = new KeyedList(byId('held'), id, () => new AsideRow(times, actions));
    this.colleagues = new KeyedList(byId('colleagues'), id, () => new Colleague());
  }

  /**
   * @param {CounterPage} view @param {boolean} usable whether tickets may be called from here now
   */
  update(view, usable) {
    this.lines.update(view.lines.map((line) => ({ ...line, about: view.channels.find((c) => c.id === line.channel) })));
    this.absent.update(view.absent);
    this.held.update(view.held);
    this.colleagues.update(view.counters.filter((c) => c.id !== view.counter.id));
    for (const list of [this.absent, this.held, this.lines]) {
      for (const button of list.parent.querySelectorAll('button')) button.setAttribute('aria-disabled', String(!usable));
    }
  }
}

