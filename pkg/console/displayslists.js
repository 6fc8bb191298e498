/** The lists of a display's settings: its playlist, and its quiet hours. */

/** @import { Display, Slide } from './displaysdraft.js' */
/** @import { Fields } from './displaysfields.js' */
import { h } from '../../displays/lib/dom.js';
import { button } from './dialog.js';
import { put } from './displaysdraft.js';
import { select } from './displaysfields.js';

/** What lists have in common: they are drawn anew when a row comes, goes or moves. */
class List {
  /** @param {Fields} fields @param {Display} display @param {'playlist' | 'quiet'} key @param {string} add */
  constructor(fields, display, key, add) {
    this.fields = fields;
    this.display = display;
    this.key = key;
    this.rows = h('ol', { class: 'display-rows' });
    this.add = button(add, add, () => this.change((list) => list.push(this.fresh()), -1));
    this.element = fields.with(key, h('div', { class: 'field' }, this.rows, h('div', {}, this.add)));
  }

  /** @returns {any} a new item */
  fresh() {
    return {};
  }

  /** @param {any} _item @param {number} _i @param {number} _n @returns {HTMLElement} */
  row(_item, _i, _n) {
    return h('li');
  }

  /** @private */
  get items() {
    return /** @type {any[]} */ (this.display[this.key] || []);
  }

  draw() {
    this.fields.drop(this.key);
    const { items } = this;
    this.rows.hidden = items.length === 0;
    this.rows.replaceChildren(...items.map((item, i) => this.row(item, i, items.length)));
  }

  /** @param {(list: any[]) => void} how @param {number} focus the row that has the focus then; -1: the last; else what adds one */
  change(how, focus) {
    const list = this.items.slice();
    how(list);
    put(this.display, this.key, list);
    this.draw();
    const row = this.rows.children[focus < 0 ? list.length - 1 : Math.min(focus, list.length - 1)];
    const target = (row && row.querySelector('input, select, textarea')) || this.add;
    if (target instanceof HTMLElement) target.focus();
    this.fields.changed();
  }

  /** @param {string} what @param {number} i @param {number} n @param {boolean} order whether rows have one */
  buttons(what, i, n, order) {
    /** @param {number} to */
    const move = (to) => this.change((list) => list.splice(to, 0, list.splice(i, 1)[0]), to);
    return h(
      'div',
      { class: 'entry-actions' },
      order && i > 0 && button('↑', `Sposta prima: ${what}`, () => move(i - 1)),
      order && i < n - 1 && button('↓', `Sposta dopo: ${what}`, () => move(i + 1)),
      button('Togli', `Togli ${what}`, () => this.change((list) => list.splice(i, 1), i)),
    );
  }
}

export class Playlist extends List {
  /** @param {Fields} fields @param {Display} display @param {(kind: string, now: string) => [string, string][]} files that may be chosen */
  constructor(fields, display, files) {
    super(fields, display, 'playlist', 'Aggiungi una pagina');
    this.files = files;
    this.draw();
  }

  /** @override @param {Slide} slide @param {number} i @param {number} n */
  row(slide, i, n) {
    const path = `playlist[${i}]`;
    const text = slide.text || {};
    const seconds = h('input', { type: 'number', min: 3, max: 3600, step: 1, inputmode: 'numeric', placeholder: '12' });
    return h(
      'li',
      { class: 'display-row' },
      h('div', { class: 'display-row-head' }, h('strong', {}, `Pagina ${i + 1}`), this.buttons(`pagina ${i + 1}`, i, n, true)),
      this.fields.bound(`${path}.text`, ['Testo', 'Text'], h('textarea', { rows: 2 }), text, 'it', { then: () => put(slide, 'text', text) }),
      h(
        'div',
        { class: 'display-pair' },
        this.fields.bound(`${path}.file`, ['File', ''], select(this.files('', slide.file || '')), slide, 'file'),
        this.fields.bound(`${path}.seconds`, ['Secondi', 'Seconds'], seconds, slide, 'seconds'),
      ),
    );
  }
}

export class Quiet extends List {
  /** @param {Fields} fields @param {Display} display */
  constructor(fields, display) {
    super(fields, display, 'quiet', 'Aggiungi ore di silenzio');
    this.draw();
  }

  /** @override */
  fresh() {
    return { from: '13:00', to: '15:00' };
  }

  /** @override @param {{ from: string, to: string }} interval @param {number} i @param {number} n */
  row(interval, i, n) {
    const path = `quiet[${i}]`;
    return h(
      'li',
      { class: 'display-row display-quiet' },
      this.fields.bound(`${path}.from`, ['Dalle', 'From'], h('input', { type: 'time', required: true }), interval, 'from'),
      this.fields.bound(`${path}.to`, ['Alle', 'To'], h('input', { type: 'time', required: true }), interval, 'to'),
      this.buttons(`il silenzio dalle ${interval.from}`, i, n, false),
    );
  }
}
