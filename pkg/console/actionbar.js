/**
 * The buttons of the clerk's actions. They stay the same elements; only what they allow changes.
 */

/** @import { CounterPage } from '../../displays/lib/wire.d.ts' */
/** @import { Name } from './actions.js' */
import { h, setText } from '../../displays/lib/dom.js';
import { ACTIONS } from './actions.js';
import { STEPS } from './words.js';

/** Those in the bar at the top. */
const ELSEWHERE = new Set(['alarm']);

export class ActionBar {
  /** @param {HTMLElement} element @param {(name: Name) => void} act */
  constructor(element, act) {
    /** @type {Map<Name, { button: HTMLButtonElement, label: HTMLElement, small: HTMLElement }>} */
    this.buttons = new Map();
    element.replaceChildren();
    for (const action of ACTIONS) {
      if (ELSEWHERE.has(action.name)) continue;
      const label = h('span', { class: 'action-label' }, action.it);
      const small = h('span', { class: 'action-small', lang: 'en' }, action.en);
      const button = h(
        'button',
        { class: `action action-${action.name}`, type: 'button', 'aria-keyshortcuts': action.key },
        h('span', { class: 'action-words' }, label, small),
        h('kbd', { class: 'shortcut', 'aria-hidden': 'true' }, action.key),
      );
      button.addEventListener('click', () => act(action.name));
      this.buttons.set(action.name, { button, label, small });
      element.append(button);
    }
  }

  /**
   * @param {CounterPage} view @param {Set<Name>} can @param {string} busy the command under way
   * @param {boolean} mine @param {boolean} supervises
   */
  update(view, can, busy, mine, supervises) {
    for (const [name, { button }] of this.buttons) {
      const off = String(!can.has(name) || busy !== '');
      if (button.getAttribute('aria-disabled') !== off) button.setAttribute('aria-disabled', off);
      button.classList.toggle('is-busy', busy === name);
    }
    const { status } = view.counter;
    this.swap('pause', 'resume', status !== 'paused');
    if (supervises && !mine && status !== 'closed') this.show('close', 'open');
    else this.swap('close', 'open', mine);
    const open = this.buttons.get('open');
    if (open) setText(open.label, status === 'closed' ? 'Apri sportello' : 'Prendi lo sportello');
    if (open) setText(open.small, status === 'closed' ? 'Open counter' : 'Take over');
    const next = this.buttons.get('next');
    if (next) setText(next.label, view.ticket && mine ? 'Concludi e chiama prossimo' : 'Chiama prossimo');
    if (next) setText(next.small, view.ticket && mine ? 'Finish and call next' : 'Call next');
    const undo = this.buttons.get('undo');
    const step = view.undo && can.has('undo') ? STEPS[view.undo.kind] : '';
    if (undo) setText(undo.small, step ? `(${step})` : 'Undo');
  }

  /** @private @param {Name[]} names */
  show(...names) {
    for (const name of names) {
      const shown = this.buttons.get(name);
      if (shown) shown.button.hidden = false;
    }
  }

  /**
   * Shows one of two buttons that stand for each other, and hands the focus on.
   * @private @param {Name} a @param {Name} b @param {boolean} first
   */
  swap(a, b, first) {
    const [shown, hidden] = first ? [a, b] : [b, a];
    const on = this.buttons.get(shown);
    const off = this.buttons.get(hidden);
    if (!on || !off || (off.button.hidden && !on.button.hidden)) return;
    const focused = off.button === document.activeElement;
    on.button.hidden = false;
    off.button.hidden = true;
    if (focused) on.button.focus();
  }
}
