/** The buttons of a choice: alike in size, with names as large as fit, on as many pages as needed. */

/** @import { Choice } from './choices.js' */
import { byId, h, setText } from '../../displays/lib/dom.js';
import { KeyedList } from '../../displays/lib/keyed.js';
import { choicesOn, KEYS } from './flow.js';
import { Pager } from './pager.js';
import { direction, people, say2, two, waitOf } from './texts.js';

/** More on a page than this stand closer at least, */
const DENSE = 4;
/** and more than this in two columns. */
const PACKED = 6;
/** Rather closer than on more pages. */
const DENSITIES = ['roomy', 'dense', 'packed'];
/** More than this are never on a page: so many can be looked through at a glance. */
const MOST = 8;
/** How much larger names may be than the style sheet has them, the largest first. */
const GROWTH = [1.7, 1.5, 1.3, 1.15];

/**
 * The ways in which a page may be laid out, the best first: whether a few stand beside one another,
 * whether the numbers stand below the name, and in how many languages it says what they are for.
 * @type {[boolean, boolean, 'two' | 'one' | 'none'][]}
 */
const WAYS = [
  [false, false, 'two'],
  [false, false, 'one'],
  [false, true, 'two'],
  [false, true, 'one'],
  [true, true, 'two'],
  [true, true, 'one'],
  [false, false, 'none'],
  [false, true, 'none'],
  [true, true, 'none'],
];

/** @typedef {{ choice: Choice, language: string, mode: 'ready' | 'busy' | 'sending' }} Shown */

/** One choice. Its button stays the same element, so that neither focus nor a finger loses it. */
class Tile {
  /** @param {(choice: Choice) => void} choose */
  constructor(choose) {
    this.letter = h('span', { class: 'tile-letter', 'aria-hidden': 'true' });
    this.name = h('span', { class: 'tile-name' });
    this.hint = h('span', { class: 'tile-hint' });
    this.queue = h('span', { class: 'tile-queue' });
    this.wait = h('span', { class: 'tile-wait' });
    this.element = h(
      'button',
      { class: 'tile', type: 'button' },
      this.letter,
      h('span', { class: 'tile-key', 'aria-hidden': 'true' }),
      h('span', { class: 'tile-words' }, this.name, this.hint),
      h('span', { class: 'tile-numbers' }, this.queue, this.wait),
    );
    /** @type {Choice | null} */
    this.choice = null;
    this.element.addEventListener('click', () => {
      if (this.choice && this.element.getAttribute('aria-disabled') !== 'true') choose(this.choice);
    });
    this.drawn = '';
  }

  /** @param {Shown} shown */
  update({ choice, language, mode }) {
    this.choice = choice;
    const drawn = JSON.stringify([choice, language, mode]);
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    this.element.style.setProperty('--channel', choice.color);
    this.element.setAttribute('aria-disabled', String(!choice.open || mode !== 'ready'));
    this.element.classList.toggle('is-closed', !choice.open);
    this.element.classList.toggle('is-sending', mode === 'sending');
    this.element.setAttribute('aria-busy', String(mode === 'sending'));
    setText(this.letter, choice.letter);
    this.name.replaceChildren(two(choice.names, language));
    const hint = mode === 'sending' ? say2('sending', language) : two(choice.open ? choice.hint : choice.closed, language);
    this.hint.replaceChildren(hint);
    // A closed one's hint says why.
    setText(this.queue, choice.open && choice.waiting !== null ? people(choice.waiting, language) : '');
    // Where nobody waits it may take long all the same: until a counter is free, or calls for others' channels.
    setText(this.wait, choice.open && choice.wait ? waitOf(choice.wait, 'wait')[language] : '');
  }
}

export class Tiles {
  /**
   * @param {HTMLElement} room the screen that must not overflow
   * @param {HTMLElement} fallback takes the focus when nothing is left
   * @param {{ choose: (choice: Choice) => void, turned: () => void }} actions turned: another page
   *   is wanted
   */
  constructor(room, fallback, actions) {
    this.room = room;
    this.element = byId('channels');
    this.pager = new Pager(byId('pager'), (step) => {
      this.page += step;
      actions.turned();
    });
    /** @type {KeyedList<Shown>} */
    this.list = new KeyedList(this.element, (shown) => shown.choice.id, () => new Tile(actions.choose), fallback);
    /** Which page is shown, from 0. */
    this.page = 0;
    this.pages = 1;
    /** The choices on it, in the order of their keys. @type {Choice[]} */
    this.shown = [];
    this.laid = '';
    /** How large the names are without the tools' help, by what is shown: with it they are never smaller. @type {Map<string, number>} */
    this.plain = new Map();
  }

  /** @param {Choice[]} choices @param {string} language @param {string} chosen the id of the one that is being sent @param {string} around what stands around them */
  update(choices, language, chosen, around) {
    this.list.update(choices.map((choice) => ({ choice, language, mode: !chosen ? 'ready' : choice.id === chosen ? 'sending' : 'busy' })));
    this.element.dir = direction(language);
    const { low, large, keyboard } = document.documentElement.dataset;
    const of = JSON.stringify([choices.map((c) => c.id), language, innerWidth, innerHeight]);
    // A font that comes late leaves more room than the one that stood in for it.
    const key = JSON.stringify([of, low, large, keyboard, this.element.textContent, around, document.fonts.status]);
    if (key !== this.laid && this.room.checkVisibility()) {
      this.laid = key;
      const kept = this.inSight(choices, chosen);
      this.lay(choices.length, language, low === undefined && large === undefined ? null : this.plain.get(of) || 0);
      if (low === undefined && large === undefined) this.plain.set(of, this.size());
      this.page = Math.floor(kept / (Math.ceil(choices.length / this.pages) || 1));
    }
    this.page = Math.max(0, Math.min(this.page, this.pages - 1));
    this.turn(this.page, choices.length, language);
    this.shown = choicesOn(choices, this.page, this.pages);
  }

  /**
   * Which choice stays in sight when they are laid anew: the chosen one, or else the first of the
   * page.
   * @private @param {Choice[]} choices @param {string} chosen
   */
  inSight(choices, chosen) {
    const at = choices.findIndex((choice) => choice.id === chosen);
    return at < 0 ? this.page * Math.ceil(choices.length / this.pages) : at;
  }

  /**
   * Shows as many as have room, the others on further pages: no button is ever out of sight without
   * a sign. The names then grow as far as there is room.
   * @private @param {number} count @param {string} language @param {number | null} least
   *   the names' size at least, in pixels; null: that of the style sheet
   */
  lay(count, language, least) {
    for (this.pages = Math.ceil(count / MOST) || 1; this.pages < count && !this.settles(count, language, least); ) this.pages++;
    if (this.pages >= count) this.settles(count, language, least);
    const from = Number(this.element.style.getPropertyValue('--grow')) || 1;
    for (const grow of GROWTH.filter((each) => each > from)) {
      this.grow(grow);
      if (this.fits(count, language) && this.isWhole(count, language)) return;
    }
    this.grow(from);
  }

  /** Finds a way in which so many pages have room. @private @param {number} count @param {string} language @param {number | null} least */
  settles(count, language, least) {
    const each = Math.ceil(count / this.pages);
    this.element.dataset.count = String(each);
    return DENSITIES.slice(each > PACKED ? 2 : each > DENSE ? 1 : 0).some((density) => {
      this.element.dataset.density = density;
      // Rather without hints than with a word broken in two.
      return this.goes(count, language, least, true) || this.goes(count, language, least, false);
    });
  }

  /** The first of the ways that has room. @private @param {number} count @param {string} language @param {number | null} least @param {boolean} whole whether no word may be broken */
  goes(count, language, least, whole) {
    const each = Math.ceil(count / this.pages);
    for (const [wide, below, hints] of WAYS) {
      this.element.toggleAttribute('data-wide', wide);
      this.element.toggleAttribute('data-below', below || this.element.dataset.density === 'packed');
      this.element.dataset.hints = hints;
      const columns = Number(getComputedStyle(this.element).getPropertyValue('--columns')) || 1;
      this.element.style.setProperty('--rows', String(Math.max(1, Math.ceil(each / columns))));
      this.grow(1);
      if (least) this.grow(Math.max(1, least / this.size()));
      if (this.fits(count, language) && (!whole || this.isWhole(count, language))) return true;
    }
    return false;
  }

  /** @private @param {number} times */
  grow(times) {
    this.element.style.setProperty('--grow', String(times));
  }

  /** How large the names are, in pixels. @private */
  size() {
    const name = this.element.querySelector('.tile-name');
    return name ? parseFloat(getComputedStyle(name).fontSize) : 0;
  }

  /** Whether every page has room. @private @param {number} count @param {string} language */
  fits(count, language) {
    for (let page = 0; page < this.pages; page++) {
      this.turn(page, count, language);
      if (this.room.scrollHeight > this.room.clientHeight + 1) return false;
      for (const tile of this.element.children) if (tile.scrollHeight > tile.clientHeight + 1) return false;
    }
    return true;
  }

  /** Whether no name is broken within a word. @private @param {number} count @param {string} language */
  isWhole(count, language) {
    let whole = true;
    this.element.dataset.whole = '';
    for (let page = 0; page < this.pages && whole; page++) {
      this.turn(page, count, language);
      for (const name of this.element.querySelectorAll('.tile:not([hidden]) .tile-name')) whole = whole && name.scrollWidth <= name.clientWidth + 1;
    }
    delete this.element.dataset.whole;
    return whole;
  }

  /** @private @param {number} page @param {number} count @param {string} language */
  turn(page, count, language) {
    const each = Math.ceil(count / this.pages);
    Array.from(this.element.children).forEach((tile, i) => {
      if (!(tile instanceof HTMLElement)) return;
      tile.hidden = Math.floor(i / each) !== page;
      const key = (i % each) + 1;
      const sign = tile.querySelector('.tile-key');
      if (sign instanceof HTMLElement) setText(sign, key <= KEYS ? String(key) : '');
    });
    this.pager.show(page, this.pages, language);
  }
}
