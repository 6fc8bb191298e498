/**
 * What was done for the citizen: a small counter for each service, those of the ticket's channel
 * first.
 */

/** @import { CounterPage, Service } from '../../displays/lib/wire.d.ts' */
import { both, byId, h, setText } from '../../displays/lib/dom.js';
import { pick } from '../../displays/lib/text.js';

/** The most that the API takes of one service. */
const MOST = 999;

export class Outcomes {
  constructor() {
    this.element = byId('outcomes');
    /** @type {Map<string, number>} */
    this.counts = new Map();
    /** @type {Service[]} the services that the digit keys count */
    this.own = [];
    /** @type {Map<string, HTMLElement>} */
    this.shown = new Map();
    this.drawn = '';
  }

  /** @param {CounterPage} view @param {boolean} mine */
  update(view, mine) {
    const ticket = mine ? view.ticket : null;
    this.element.hidden = ticket === null;
    const key = ticket ? `${ticket.id} ${ticket.channel} ${JSON.stringify(view.services)}` : '';
    if (key === this.drawn) return;
    if (!ticket || this.drawn.split(' ')[0] !== ticket.id) this.counts.clear();
    this.drawn = key;
    if (ticket) this.draw(view.services, ticket.channel);
  }

  /** As the API takes them. */
  list() {
    return Array.from(this.counts, ([service, quantity]) => ({ service, quantity }));
  }

  /**
   * A digit key: one more of the n-th, with shift one less.
   * @param {string} code such as "Digit1" @param {boolean} less
   */
  key(code, less) {
    const digit = /^(?:Digit|Numpad)([1-9])$/.exec(code);
    const service = digit && !this.element.hidden && this.own[Number(digit[1]) - 1];
    if (!service) return false;
    this.add(service.id, less ? -1 : 1);
    return true;
  }

  /** @private @param {Service[]} services @param {string} channel */
  draw(services, channel) {
    this.own = services.filter((s) => s.channel === channel);
    const others = services.filter((s) => s.channel !== channel);
    this.shown.clear();
    this.element.replaceChildren(
      h('h3', {}, both('Prestazioni', 'Outcomes')),
      h('ul', { class: 'steppers' }, ...this.own.map((s, i) => this.row(s, i + 1))),
    );
    if (others.length > 0) {
      this.element.append(
        h('details', { open: this.own.length === 0 }, h('summary', {}, both('Altre prestazioni', 'Others')), h('ul', { class: 'steppers' }, ...others.map((s) => this.row(s, 0)))),
      );
    }
  }

  /** @private @param {Service} service @param {number} place the digit; 0: none */
  row(service, place) {
    const name = pick(service.names);
    const count = h('output', { class: 'stepper-count' }, '');
    const less = h('button', { class: 'stepper-button', type: 'button', 'aria-label': `Una in meno: ${name}` }, '−');
    const more = h('button', { class: 'stepper-button', type: 'button', 'aria-label': `Una in più: ${name}` }, '+');
    less.addEventListener('click', () => this.add(service.id, -1));
    more.addEventListener('click', () => this.add(service.id, 1));
    this.shown.set(service.id, count);
    const row = h(
      'li',
      { class: 'stepper', 'data-service': service.id },
      place > 0 && place < 10 && h('kbd', { class: 'shortcut' }, String(place)),
      h('span', { class: 'stepper-name', title: service.names.en || '' }, name),
      less,
      count,
      more,
    );
    this.write(service.id);
    return row;
  }

  /** @private @param {string} id @param {number} by */
  add(id, by) {
    const count = Math.min(MOST, Math.max(0, (this.counts.get(id) || 0) + by));
    if (count === 0) this.counts.delete(id);
    else this.counts.set(id, count);
    this.write(id);
  }

  /** @private @param {string} id */
  write(id) {
    const output = this.shown.get(id);
    const count = this.counts.get(id) || 0;
    if (!output) return;
    setText(output, String(count));
    const row = output.parentElement || this.element.querySelector(`[data-service="${CSS.escape(id)}"]`);
    if (row) row.classList.toggle('is-some', count > 0);
  }
}
