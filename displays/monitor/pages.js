/** Turns the pages of what has no room on the screen at once. */

import { h } from '../lib/dom.js';

/** How long a page stands. Milliseconds. */
const PAGE_MS = 6000;

export class Pages {
  /** @param {() => void} turned there is another page to show */
  constructor(turned) {
    this.page = 0;
    this.count = 1;
    /** The dots that say which it is. */
    this.element = h('p', { class: 'pages', 'aria-hidden': 'true', hidden: true });
    this.turning = setInterval(() => {
      if (this.count === 1) return;
      this.page++;
      turned();
    }, PAGE_MS);
  }

  /**
   * What is on the page whose turn it is.
   * @template T @param {T[]} all @param {number} each how many a page has room for @returns {T[]}
   */
  of(all, each) {
    const size = Math.max(1, each);
    this.count = Math.max(1, Math.ceil(all.length / size));
    const now = this.page % this.count;
    this.element.hidden = this.count === 1;
    this.element.replaceChildren(...Array.from({ length: this.count }, (_, i) => h('span', { class: i === now ? 'page-dot page-now' : 'page-dot' })));
    return all.slice(now * size, now * size + size);
  }

  stop() {
    clearInterval(this.turning);
  }
}
