/** The choice of a counter: who is where. */

/** @import { Api } from '../../displays/lib/api.js' */
/** @import { Row } from '../../displays/lib/keyed.js' */
/** @import { Renewal } from '../../displays/lib/renewal.js' */
/** @import { Desk, PublicPage } from '../../displays/lib/wire.d.ts' */
import { both, byId, h, setText } from '../../displays/lib/dom.js';
import { KeyedList } from '../../displays/lib/keyed.js';
import { LiveView } from '../../displays/lib/live.js';
import { pick } from '../../displays/lib/text.js';
import { isAt } from './actions.js';
import { askReturn, askTakeover } from './deskquestions.js';
import { hasExpired } from './session.js';
import { STATUSES } from './words.js';

/** @implements {Row<Desk>} */
class CounterCard {
  /** @param {(counter: Desk) => void} take @param {string} me */
  constructor(take, me) {
    this.me = me;
    /** @type {Desk | null} */
    this.counter = null;
    this.name = h('strong', { class: 'counter-name' });
    this.state = h('span', { class: 'chip' });
    this.who = h('span', { class: 'counter-who' });
    this.act = h('span', { class: 'counter-act' });
    this.element = h('button', { class: 'counter', type: 'button' }, this.name, this.state, this.who, this.act);
    this.element.addEventListener('click', () => this.counter && take(this.counter));
  }

  /** @param {Desk} counter */
  update(counter) {
    this.counter = counter;
    this.element.dataset.counter = counter.id;
    const mine = isAt(counter, this.me);
    setText(this.name, pick(counter.names) || counter.id);
    setText(this.state, STATUSES[counter.status][0]);
    this.state.className = `chip chip-${counter.status}`;
    setText(this.who, counter.status === 'closed' ? 'Libero' : mine ? 'Sei tu' : counter.operator + (counter.number ? ` · ${counter.number}` : ''));
    setText(this.act, counter.status === 'closed' ? 'Apri' : mine ? 'Continua' : 'Prendi…');
  }
}

export class ChoosePage {
  /**
   * @param {Api} api @param {string} me
   * @param {{ chosen: (id: string) => void, failed: (error: unknown) => void, renewal: Renewal }}
   *   actions
   */
  constructor(api, me, actions) {
    this.api = api;
    this.me = me;
    this.actions = actions;
    this.element = byId('choose');
    /**
     * Tells of every change of the office; null while another page is shown.
     * @type {LiveView<PublicPage> | null}
     */
    this.live = null;
    /** The reading under way. @type {Promise<void> | null} */
    this.reading = null;
    this.changed = false;
    /** As they were read last. @type {Desk[]} */
    this.counters = [];
    this.busy = false;
    const grid = h('div', { class: 'counters' });
    this.element.replaceChildren(h('h2', {}, both('A quale sportello lavori?', 'Which counter do you work at?')), grid);
    this.list = new KeyedList(grid, (/** @type {Desk} */ c) => c.id, () => new CounterCard((counter) => this.take(counter), me));
  }

  /**
   * @param {string | null} last the counter to point at
   * @param {boolean} arriving who sits at a counter already goes there at once
   */
  async show(last, arriving) {
    this.element.hidden = false;
    this.live = new LiveView({ view: 'public' }, { onView: () => this.refresh(), renewal: this.actions.renewal });
    await this.read();
    if (this.element.hidden) return; // a counter was taken meanwhile
    const own = this.counters.filter((c) => isAt(c, this.me));
    if (arriving && own.length > 0) return this.actions.chosen((own.find((c) => c.id === last) || own[0]).id);
    const card = Array.from(this.list.parent.children).find((e) => e instanceof HTMLElement && e.dataset.counter === last);
    const first = card || this.list.parent.firstElementChild;
    if (first instanceof HTMLElement) first.focus();
  }

  hide() {
    this.element.hidden = true;
    if (this.live) this.live.stop();
    this.live = null;
  }

  /** @private */
  async refresh() {
    try {
      await this.read();
    } catch (error) {
      // Else what was read last stays; the banner says when the server is away.
      if (hasExpired(error)) this.actions.failed(error);
    }
  }

  /**
   * Reads the counters, and again what changed meanwhile: an older answer never comes last.
   * @private
   */
  read() {
    this.changed = true;
    this.reading = this.reading || this.readOn().finally(() => (this.reading = null));
    return this.reading;
  }

  /** @private */
  async readOn() {
    while (this.changed) {
      this.changed = false;
      this.counters = await this.api.get('/counters');
      this.list.update(this.counters);
    }
  }

  /** @private @param {Desk} counter */
  async take(counter) {
    if (this.busy) return;
    const mine = isAt(counter, this.me);
    const busy = mine ? undefined : this.counters.find((c) => isAt(c, this.me) && c.number);
    if (busy) return (await askReturn(busy)) ? this.actions.chosen(busy.id) : undefined;
    const taken = counter.status !== 'closed' && !mine;
    if (taken && !(await askTakeover(counter.operator, pick(counter.names)))) return;
    this.busy = true;
    try {
      if (counter.status === 'closed' || taken) await this.api.post(`/counters/${encodeURIComponent(counter.id)}/open`, { take_over: taken });
      this.actions.chosen(counter.id);
    } catch (error) {
      this.actions.failed(error);
      await this.refresh();
    } finally {
      this.busy = false;
    }
  }
}
