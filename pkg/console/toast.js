/**
 * Short messages over the page. Errors stay until they are closed or something succeeds; news pass,
 * unless they are held.
 */

import { both, h } from '../../displays/lib/dom.js';

/** How long news stay, in milliseconds. */
const NEWS_MS = 6_000;

export class Toasts {
  constructor() {
    this.errors = h('div', { role: 'alert' });
    this.news = h('div', { role: 'status' });
    document.body.append(h('div', { class: 'toasts' }, this.errors, this.news));
    this.timer = 0;
  }

  /** @param {string} it @param {string} [en] */
  error(it, en = '') {
    const close = h('button', { class: 'toast-close', type: 'button', 'aria-label': 'Chiudi il messaggio' }, '✕');
    close.addEventListener('click', () => this.errors.replaceChildren());
    this.errors.replaceChildren(h('div', { class: 'toast toast-bad' }, h('span', {}, both(it, en)), close));
  }

  /** @param {string} it @param {string} [en] */
  tell(it, en = '') {
    clearTimeout(this.timer);
    this.news.replaceChildren(h('div', { class: 'toast' }, h('span', {}, both(it, en))));
    this.timer = Number(setTimeout(() => this.news.replaceChildren(), NEWS_MS));
  }

  /** What stays true until something else is said. @param {string} it @param {string} [en] */
  hold(it, en = '') {
    this.tell(it, en);
    clearTimeout(this.timer);
  }

  clear() {
    clearTimeout(this.timer);
    this.errors.replaceChildren();
    this.news.replaceChildren();
  }
}
