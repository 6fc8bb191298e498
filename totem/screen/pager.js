/** What says that there are more services, and turns to them. */

import { h, setText } from '../../displays/lib/dom.js';
import { phrases, say2 } from './texts.js';

export class Pager {
  /** @param {HTMLElement} element @param {(step: number) => void} turn */
  constructor(element, turn) {
    this.element = element;
    this.back = this.button(() => turn(-1));
    this.where = h('p', { class: 'pager-where', role: 'status' });
    this.next = this.button(() => turn(1));
    element.append(this.back, this.where, this.next);
    this.drawn = '';
  }

  /** @param {number} page from 0 @param {number} pages @param {string} language */
  show(page, pages, language) {
    const drawn = `${page} ${pages} ${language}`;
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    this.element.hidden = pages < 2;
    this.element.setAttribute('aria-label', phrases.say('page', { n: page + 1, of: pages }, language));
    setText(this.where, `${page + 1} / ${pages}`);
    this.back.replaceChildren(say2('previous', language));
    this.next.replaceChildren(say2('next', language));
    this.back.disabled = page === 0;
    this.next.disabled = page === pages - 1;
  }

  /** @private @param {() => void} act */
  button(act) {
    const button = h('button', { class: 'big-button plain pager-button', type: 'button' });
    button.addEventListener('click', act);
    return button;
  }
}
