/** The banner of an alarm, on every console. */

/** @import { Row } from '../../displays/lib/keyed.js' */
/** @import { Desk } from '../../displays/lib/wire.d.ts' */
import { both, h, setText } from '../../displays/lib/dom.js';
import { KeyedList } from '../../displays/lib/keyed.js';
import { pick } from '../../displays/lib/text.js';

/** @implements {Row<Desk>} */
class AlarmRow {
  /** @param {string} id @param {(counter: string) => void} calm */
  constructor(id, calm) {
    this.where = h('strong');
    const button = h('button', { class: 'bar-button', type: 'button' }, both('Allarme rientrato', 'All clear'));
    button.addEventListener('click', () => calm(id));
    this.element = h('div', { class: 'alarm' }, h('span', { class: 'alarm-sign', 'aria-hidden': 'true' }, '⚠'), this.where, button);
  }

  /** @param {Desk} counter */
  update(counter) {
    setText(this.where, `ALLARME: ${pick(counter.names)}${counter.operator ? ` (${counter.operator})` : ''} ha bisogno di aiuto`);
  }
}

export class Alarms {
  /** @param {HTMLElement} element @param {(counter: string) => void} calm */
  constructor(element, calm) {
    this.list = new KeyedList(element, (/** @type {Desk} */ c) => c.id, (id) => new AlarmRow(id, calm), document.getElementById('desk') || element);
  }

  /** @param {Desk[]} counters @param {string} own the clerk's own counter, first */
  update(counters, own) {
    const alarmed = counters.filter((c) => c.alarm);
    this.list.update(alarmed.sort((a, b) => Number(b.id === own) - Number(a.id === own)));
  }
}
