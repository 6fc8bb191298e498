/** The banner of an alarm, on every console. */

/** @import { Row } from '../../displays/lib/keyed.js' */
/** @import { Desk } from '../../displays/lib/wire.d.ts' */
import { both, h, setText } from '../../displays/lib/dom.js';
import { KeyedList } from '../../displays/lib/keyed.js';
import { pick } from '../../displays/lib/text.js';

/** @implements {Row<Desk & { mine: boolean }>} */
class AlarmRow {
  /** @param {string} id @param {(counter: string) => void} calm */
  constructor(id, calm) {
    this.where = h('strong');
    const button = h('button', { class: 'bar-button', type: 'button' }, both('Allarme rientrato', 'All clear'));
    button.addEventListener('click', () => calm(id));
    this.button = button;
    this.element = h('div', { class: 'alarm' }, h('span', { class: 'alarm-sign', 'aria-hidden': 'true' }, '⚠'), this.where, button);
  }

  /**
   * @param {Desk & { mine: boolean }} counter mine: who is at it, and alone says that it is over,
   *   reads along here
   */
  update(counter) {
    this.button.hidden = !counter.mine;
    setText(this.where, `ALLARME: ${pick(counter.names)}${counter.operator ? ` (${counter.operator})` : ''} ha bisogno di aiuto`);
  }
}

export class Alarms {
  /** @param {HTMLElement} element @param {(counter: string) => void} calm */
  constructor(element, calm) {
    this.list = new KeyedList(element, (/** @type {Desk & { mine: boolean }} */ c) => c.id, (id) => new AlarmRow(id, calm), document.getElementById('desk') || element);
  }

  /**
   * @param {Desk[]} counters @param {string} own the clerk's own counter, first
   * @param {boolean} mine whether the clerk is at it
   */
  update(counters, own, mine) {
    const alarmed = counters.filter((c) => c.alarm).map((c) => ({ ...c, mine: mine && c.id === own }));
    this.list.update(alarmed.sort((a, b) => Number(b.id === own) - Number(a.id === own)));
  }
}
