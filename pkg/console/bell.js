/** What a clerk who works in other windows may hear of the counter: off until it is switched on. */

/** @import { CounterPage } from '../../displays/lib/wire.d.ts' */
/** @import { Player } from '../../displays/lib/voice/player.js' */
import { both, h } from '../../displays/lib/dom.js';
import { isAt } from './actions.js';

/** Under this name the browser keeps that it is on. */
const KEPT = 'eliminacode.bell';
/** Percent: the citizens at the counter hear it too. An alarm is louder. */
const SOFT = 40;
const LOUD = 100;

/**
 * What has come about at the counter that is to be heard: a colleague's alarm, or that somebody
 * waits where nobody did, while the clerk is free. Null: nothing.
 * @param {CounterPage | null} before @param {CounterPage} view @param {string} me
 * @returns {'alarm' | 'waiting' | null}
 */
export function news(before, view, me) {
  if (!before || before.counter.id !== view.counter.id) return null;
  const alarmed = new Set(before.counters.filter((c) => c.alarm).map((c) => c.id));
  if (view.counters.some((c) => c.alarm && !alarmed.has(c.id) && c.id !== view.counter.id)) return 'alarm';
  const free = isAt(view.counter, me) && view.counter.status === 'open' && !view.ticket;
  return free && !before.next && view.next ? 'waiting' : null;
}

export class Bell {
  /** @param {string} me */
  constructor(me) {
    this.me = me;
    this.on = localStorage.getItem(KEPT) === 'on';
    /** @type {CounterPage | null} */
    this.before = null;
    /** @type {Promise<Player> | null} */
    this.player = null;
    this.words = h('span');
    this.button = h('button', { class: 'bar-button', type: 'button' }, this.words);
    this.button.addEventListener('click', () => this.toggle());
    // Browsers let a page sound once it was touched, which a clerk's soon is.
    for (const event of ['pointerdown', 'keydown']) addEventListener(event, () => this.on && this.ready().then((player) => player.unlock()), { once: true });
    this.label();
  }

  /** @param {CounterPage} view */
  update(view) {
    if (view === this.before) return;
    const what = news(this.before, view, this.me);
    this.before = view;
    if (!this.on || !what) return;
    this.ready().then((player) => {
      if (what === 'waiting') player.play({ gong: 'two-tone', say: [], volume: SOFT });
      else for (let i = 0; i < 3; i++) player.play({ gong: 'bell', say: [], volume: LOUD });
    });
  }

  /** @private */
  toggle() {
    this.on = !this.on;
    localStorage.setItem(KEPT, this.on ? 'on' : 'off');
    this.label();
    this.ready().then(async (player) => {
      await player.unlock();
      if (this.on) player.play({ gong: 'two-tone', say: [], volume: SOFT });
      else player.stop();
    });
  }

  /** @private */
  label() {
    this.button.setAttribute('aria-pressed', String(this.on));
    this.button.title = 'Avvisa con un suono quando arriva qualcuno e lo sportello è libero, e a un allarme di un collega (sound when somebody comes, and at an alarm)';
    this.words.replaceChildren(both(this.on ? 'Suono: sì' : 'Suono: no', ''));
  }

  /** @private @returns {Promise<Player>} */
  ready() {
    if (!this.player) this.player = import('../../displays/lib/voice/player.js').then(({ Player }) => new Player());
    return this.player;
  }
}
