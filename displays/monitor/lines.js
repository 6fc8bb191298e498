/** Numbers in one line: who missed a call, who is to come near, who is called elsewhere. */

/** @import { Named } from './places.js' */
/** @import { Text } from '../lib/text.js' */
import { h } from '../lib/dom.js';
import { pick } from '../lib/text.js';
import { placeOf } from './places.js';
import { fit } from './screen.js';
import { arrow } from './stage.js';

/**
 * @typedef {object} Entry
 * @property {string} number
 * @property {string} color
 * @property {string} counter empty: none
 * @property {Text} where
 */

/** A line that shows as many numbers as fit, and says how many more there are. */
export class Line {
  /** @param {string} id @param {Text} heading @param {Text} [hint] what they are to do */
  constructor(id, heading, hint = {}) {
    this.shown = '';
    this.list = h('ul', { class: 'numbers-list' });
    this.more = h('span', { class: 'numbers-more' });
    this.element = h(
      'section',
      { id, class: 'numbers', 'aria-label': pick(heading), hidden: true },
      h('p', { class: 'numbers-words' }, h('strong', { class: 'numbers-heading' }, pick(heading)), h('span', { lang: 'en', class: 'numbers-en' }, heading.en)),
      this.list,
      this.more,
      pick(hint) && h('p', { class: 'numbers-words numbers-hint' }, h('span', {}, pick(hint)), h('span', { lang: 'en', class: 'numbers-en' }, hint.en)),
    );
  }

  /** @param {Entry[]} entries the most urgent first @param {Named[]} counters */
  show(entries, counters) {
    this.element.hidden = entries.length === 0;
    const shown = JSON.stringify([entries, counters]);
    if (shown === this.shown) return;
    this.shown = shown;
    this.list.replaceChildren(...entries.map((entry) => item(entry, counters)));
  }

  /** Hides those for whom there is no room. */
  resize() {
    const items = Array.from(this.list.children, (child) => /** @type {HTMLElement} */ (child));
    for (const child of items) child.hidden = false;
    this.more.hidden = true;
    this.element.classList.remove('numbers-stacked');
    fit(this.list); // names are as large as they were for another screen
    for (let left = items.length; left > 1 && this.list.scrollWidth > this.list.clientWidth + 1; left--) {
      items[left - 1].hidden = true;
      this.more.hidden = false;
      this.more.textContent = `+${items.length - left + 1}`;
    }
    // Not even one has room beside the words: they stand above it.
    this.element.classList.toggle('numbers-stacked', this.list.scrollWidth > this.list.clientWidth + 1);
    fit(this.list);
  }
}

/** @param {Entry} entry @param {Named[]} counters */
function item(entry, counters) {
  const place = entry.counter ? placeOf(entry, counters, 'it') : null;
  const element = h(
    'li',
    { class: 'numbers-item', 'data-number': entry.number },
    h('span', { class: 'numbers-number' }, entry.number),
    place && arrow('numbers-arrow'),
    place && h('span', { class: place.word || place.name.length < 3 ? 'numbers-desk' : 'numbers-desk numbers-desk-long fit-box' }, place.name),
  );
  element.style.setProperty('--channel', entry.color);
  return element;
}
