import assert from 'node:assert/strict';
import { test } from 'node:test';

/** As much of an element as a list needs. */
class Element {
  constructor(text = '') {
    this.text = text;
    this.children = [];
    this.parent = null;
    this.moves = 0;
  }
  replaceChildren() {
    this.children = [];
  }
  insertBefore(child, before) {
    if (child.parent) child.remove();
    if (document.activeElement === child) document.activeElement = null; // moving takes the focus
    const i = before ? this.children.indexOf(before) : this.children.length;
    this.children.splice(i < 0 ? this.children.length : i, 0, child);
    child.parent = this;
    child.moves++;
  }
  remove() {
    const i = this.parent.children.indexOf(this);
    if (i >= 0) this.parent.children.splice(i, 1);
  }
  contains(other) {
    return other === this || this.children.includes(other);
  }
  matches() {
    return true;
  }
  focus() {
    document.activeElement = this;
  }
}
globalThis.HTMLElement = Element;
globalThis.document = { activeElement: null };
const { drawnList, KeyedList } = await import('../lib/keyed.js');

const shown = (parent) => parent.children.map((child) => child.text).join(' ');
const row = () => {
  const element = new Element();
  return { element, update: (item) => (element.text = `${item.id}${item.n}`) };
};

test('a row stays the same element while what it shows changes', () => {
  const parent = new Element();
  const list = new KeyedList(parent, (item) => item.id, row);
  list.update([{ id: 'a', n: 1 }, { id: 'b', n: 1 }]);
  const [a, b] = parent.children;
  list.update([{ id: 'c', n: 1 }, { id: 'b', n: 2 }, { id: 'a', n: 2 }]);
  assert.equal(shown(parent), 'c1 b2 a2');
  assert.deepEqual(parent.children.slice(1), [b, a]);
  list.update([{ id: 'b', n: 3 }]);
  assert.equal(shown(parent), 'b3');
  assert.equal(parent.children[0], b);
});

test('the focus stays in the list: with a row that moves, and at the place of one that goes', () => {
  const parent = new Element();
  const list = new KeyedList(parent, (item) => item.id, row);
  list.update(['a', 'b', 'c'].map((id) => ({ id, n: 1 })));
  parent.children[2].focus();
  list.update(['c', 'a', 'b'].map((id) => ({ id, n: 1 })));
  assert.equal(document.activeElement.text, 'c1');
  list.update(['a', 'b'].map((id) => ({ id, n: 1 })));
  assert.equal(document.activeElement.text, 'a1');
  list.update([]);
  assert.equal(document.activeElement, parent);
});

test('a row that has nothing to keep is drawn anew when it changes, and only then', () => {
  const parent = new Element();
  const list = drawnList(parent, (item) => new Element(item.text));
  list.update([{ text: 'one' }, { text: 'two' }]);
  const [one, two] = parent.children;
  list.update([{ text: 'new' }, { text: 'two' }]);
  assert.equal(shown(parent), 'new two');
  assert.equal(parent.children[1], two);
  assert.notEqual(parent.children[0], one);
  const moves = two.moves;
  list.update([{ text: 'new' }, { text: 'two' }]);
  assert.equal(two.moves, moves, 'what stays is left alone');
});
