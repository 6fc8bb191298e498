/** The bar that says when a screen goes away, and gives more time. */

import { h, setText } from '../../displays/lib/dom.js';
import { MORE_MS } from './flow.js';
import { phrases, say2 } from './texts.js';

const TICK_MS = 250;

/** @import { Key } from './texts.js' */

/**
 * Counts down in sight. It never ends without having been seen, and can be put off as often as
 * wanted.
 */
export class Countdown {
  /** @param {HTMLElement} element @param {() => number} now milliseconds that never step */
  constructor(element, now = () => performance.now()) {
    this.element = element;
    this.now = now;
    this.until = 0;
    this.whole = 1;
    this.timer = 0;
    this.language = 'it';
    /** @type {Key} */
    this.key = 'back';
    /** @type {() => void} */
    this.end = () => {};
    this.text = h('p', { class: 'countdown-text' });
    this.fill = h('div', { class: 'countdown-fill' });
    this.more = h('button', { class: 'big-button plain', type: 'button' });
    this.more.addEventListener('click', () => this.extend());
    element.append(h('div', { class: 'countdown-bar', 'aria-hidden': 'true' }, this.fill), h('div', { class: 'countdown-row' }, this.text, this.more));
  }

  get running() {
    return this.timer !== 0;
  }

  /**
   * @param {number} ms @param {Key} key what it says @param {string} language
   * @param {() => void} end
   */
  begin(ms, key, language, end) {
    this.stop();
    this.prepare(ms, key, language);
    this.end = end;
    this.until = this.now() + ms;
    this.whole = ms;
    this.element.dataset.running = '';
    this.timer = Number(setInterval(() => this.tick(), TICK_MS));
    this.tick();
  }

  /** Has the words that it will begin with, so that its room is known before. @param {number} ms @param {Key} key @param {string} language */
  prepare(ms, key, language) {
    if (key === this.key && language === this.language && this.more.firstChild) return;
    this.key = key;
    this.language = language;
    this.more.replaceChildren(say2('more', language));
    this.tell(ms);
  }

  extend() {
    this.until = this.now() + MORE_MS;
    this.whole = MORE_MS;
    this.tick();
  }

  stop() {
    clearInterval(this.timer);
    this.timer = 0;
    delete this.element.dataset.running;
  }

  /** @private */
  tick() {
    const left = this.until - this.now();
    if (left <= 0) {
      this.stop();
      this.end();
      return;
    }
    this.tell(left);
    this.fill.style.transform = `scaleX(${Math.max(0, left / this.whole)})`;
  }

  /** @private @param {number} left in milliseconds */
  tell(left) {
    setText(this.text, phrases.say(this.key, { n: Math.ceil(left / 1000) }, this.language));
  }
}
