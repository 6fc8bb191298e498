/** Lists whose rows stay the same elements while what they show changes. */

/**
 * @template Item
 * @typedef {object} Row
 * @property {HTMLElement} element
 * @property {(item: Item) => void} update
 */

/** @template Item */
export class KeyedList {
  /**
   * @param {HTMLElement} parent
   * @param {(item: Item) => string} key
   * @param {(key: string) => Row<Item>} make
   * @param {HTMLElement} [fallback] takes the focus when the focused row goes and none is left
   */
  constructor(parent, key, make, fallback = parent) {
    this.parent = parent;
    this.key = key;
    this.make = make;
    this.fallback = fallback;
    parent.replaceChildren(); // an earlier list may have left its rows
    /** @type {Map<string, Row<Item>>} */
    this.rows = new Map();
  }

  /** @param {Item[]} items */
  update(items) {
    const keys = new Set(items.map(this.key));
    const focused = Array.from(this.rows).find(([key, row]) => !keys.has(key) && row.element.contains(document.activeElement));
    const place = focused ? Array.from(this.parent.children).indexOf(focused[1].element) : -1;
    for (const [key, row] of this.rows) {
      if (keys.has(key)) continue;
      row.element.remove();
      this.rows.delete(key);
    }
    items.forEach((item, i) => {
      const key = this.key(item);
      let row = this.rows.get(key);
      if (!row) {
        row = this.make(key);
        this.rows.set(key, row);
      }
      row.update(item);
      this.place(row.element, i);
    });
    if (place >= 0) this.refocus(place);
  }

  /**
   * Moving an element takes its focus: it is given back.
   * @private @param {HTMLElement} element @param {number} i
   */
  place(element, i) {
    if (this.parent.children[i] === element) return;
    const focused = element.contains(document.activeElement) ? document.activeElement : null;
    this.parent.insertBefore(element, this.parent.children[i] || null);
    if (focused instanceof HTMLElement) focused.focus();
  }

  /** @private @param {number} place */
  refocus(place) {
    const row = this.parent.children[Math.min(place, this.parent.children.length - 1)];
    const target = row && (row.matches('button, a') ? row : row.querySelector('button, a'));
    if (target instanceof HTMLElement) target.focus();
    else this.fallback.focus();
  }
}

/**
 * A list whose rows have nothing to keep: one is drawn anew when what it shows changes, and left
 * alone while it doesn't.
 * @template Item
 * @param {HTMLElement} parent
 * @param {(item: Item) => HTMLElement} draw
 * @returns {KeyedList<Item>}
 */
export function drawnList(parent, draw) {
  return new KeyedList(parent, (item) => JSON.stringify(item), (key) => ({ element: draw(JSON.parse(key)), update() {} }));
}
