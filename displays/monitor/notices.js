/** Messages of public interest, one at a time. */

/** @import { Notice } from '../lib/wire.d.ts' */
/** @import { Text } from '../lib/text.js' */
import { h } from '../lib/dom.js';
import { languagesOf } from '../lib/text.js';

/** How long each is shown, in milliseconds: long enough to be read twice, slowly. */
const SHOWN_MS = 14000;
/** A text longer than this is set smaller. In characters. */
const LONG = 90;
/** How long one takes to fade into the next, as in the style sheet. */
const FADE_MS = 600;

/**
 * What is shown of a notice, one after another: its Italian, with each other language that it is
 * written in beside it, English first.
 * @param {Text} texts @returns {string[][]} of languages
 */
export function turnsOf(texts) {
  const [first, ...rest] = languagesOf(texts);
  if (!first) return [];
  const others = rest.filter((other) => texts[other] !== texts[first]);
  return others.length ? others.map((other) => [first, other]) : [[first]];
}

/** A band at the foot of the screen. */
export class Notices {
  /** @param {HTMLElement} element */
  constructor(element) {
    this.element = element;
    /** @type {{ texts: Text, languages: string[] }[]} */
    this.turns = [];
    this.index = 0;
    this.shown = '';
    setInterval(() => this.turn(), SHOWN_MS);
  }

  /** @param {Notice[]} notices */
  show(notices) {
    this.turns = notices.flatMap(({ texts }) => turnsOf(texts).map((languages) => ({ texts, languages })));
    this.element.hidden = this.turns.length === 0;
    if (!this.turns.some((turn) => JSON.stringify(turn) === this.shown)) this.put();
  }

  /** @private */
  turn() {
    if (this.turns.length < 2) return;
    this.index++;
    this.element.classList.add('fading');
    setTimeout(() => {
      this.put();
      this.element.classList.remove('fading');
    }, FADE_MS);
  }

  /** @private */
  put() {
    if (!this.turns.length) {
      this.shown = '';
      return;
    }
    const turn = this.turns[this.index % this.turns.length];
    this.shown = JSON.stringify(turn);
    const { texts, languages } = turn;
    this.element.classList.toggle('band-long', texts[languages[0]].length > LONG);
    this.element.replaceChildren(
      h('span', { class: 'band-mark', 'aria-hidden': 'true' }, 'i'),
      h('div', { class: 'band-texts' }, ...languages.map((lang, i) => h('p', { class: i ? 'band-beside' : 'band-text', lang, dir: 'auto' }, texts[lang]))),
    );
  }
}
