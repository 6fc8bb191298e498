/** Messages of public interest, one at a time. */

/** @import { Notice } from '../lib/wire.d.ts' */
import { h } from '../lib/dom.js';
import { beside, pick } from '../lib/text.js';

/** How long each is shown, in milliseconds: long enough to be read twice, slowly. */
const SHOWN_MS = 14000;
/** A text longer than this is set smaller. In characters. */
const LONG = 90;
/** How long one takes to fade into the next, as in the style sheet. */
const FADE_MS = 600;

/** A band at the foot of the screen. */
export class Notices {
  /** @param {HTMLElement} element */
  constructor(element) {
    this.element = element;
    /** @type {Notice[]} */
    this.notices = [];
    this.index = 0;
    this.shown = '';
    setInterval(() => this.turn(), SHOWN_MS);
  }

  /** @param {Notice[]} notices */
  show(notices) {
    this.notices = notices;
    this.element.hidden = notices.length === 0;
    if (!notices.some((notice) => JSON.stringify(notice) === this.shown)) this.put();
  }

  /** @private */
  turn() {
    if (this.notices.length < 2) return;
    this.index++;
    this.element.classList.add('fading');
    setTimeout(() => {
      this.put();
      this.element.classList.remove('fading');
    }, FADE_MS);
  }

  /** @private */
  put() {
    if (!this.notices.length) {
      this.shown = '';
      return;
    }
    const notice = this.notices[this.index % this.notices.length];
    this.shown = JSON.stringify(notice);
    const english = beside(notice.texts);
    const text = pick(notice.texts) || notice.text;
    this.element.classList.toggle('band-long', text.length > LONG);
    this.element.replaceChildren(
      h('span', { class: 'band-mark', 'aria-hidden': 'true' }, 'i'),
      h(
        'p',
        { class: 'band-texts' },
        h('span', { class: 'band-text' }, text),
        english && h('span', { class: 'band-en', lang: 'en' }, english),
      ),
    );
  }
}
