/** A keyboard on the screen, with keys as large as a fingertip needs. */

import { h } from '../../displays/lib/dom.js';
import { layouts } from './search.js';
import { direction, phrases } from './texts.js';

export class Keyboard {
  /** @param {HTMLElement} element @param {HTMLInputElement} field what is typed into @param {() => void} typed */
  constructor(element, field, typed) {
    this.element = element;
    this.field = field;
    this.typed = typed;
    this.drawn = '';
    this.script = 0;
  }

  /** @param {string} language */
  show(language) {
    const all = layouts(language);
    this.script = Math.min(this.script, all.length - 1);
    const drawn = `${language} ${this.script}`;
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    const rows = all[this.script].map((row) => h('div', { class: 'keys' }, ...Array.from(row, (letter) => this.key(letter, letter, () => this.type(letter)))));
    // Arabic letters stand where a keyboard has them: from right to left.
    this.element.dir = this.script === 0 ? direction(language) : 'ltr';
    const other = all.length > 1 && this.key(this.script === 0 ? 'ABC' : all[0][0].slice(0, 3), '', () => this.turn(language));
    const space = this.key(phrases.say('space', {}, language), '', () => this.type(' '));
    const erase = this.key(`⌫ ${phrases.say('erase', {}, language)}`, phrases.say('erase', {}, language), () => this.erase());
    space.classList.add('key-wide');
    erase.classList.add('key-wide');
    this.element.replaceChildren(...rows, h('div', { class: 'keys' }, other, space, erase));
  }

  reset() {
    this.script = 0;
    this.field.value = '';
  }

  /** @private @param {string} language */
  turn(language) {
    this.script = 1 - this.script;
    this.show(language);
  }

  /** @private @param {string} text */
  type(text) {
    this.field.value = (this.field.value + text).slice(0, 40);
    this.typed();
  }

  /** @private */
  erase() {
    this.field.value = Array.from(this.field.value).slice(0, -1).join('');
    this.typed();
  }

  /** @private @param {string} text @param {string} label @param {() => void} act */
  key(text, label, act) {
    const button = h('button', { class: 'key', type: 'button', 'aria-label': label || null }, text);
    button.addEventListener('click', act);
    return button;
  }
}
