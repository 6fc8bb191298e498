import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contrast, deep, groundOf } from '../monitor/look.js';

const numbers = (/** @type {string} */ rgb) => /** @type {any} */ ([1, 3, 5].map((i) => parseInt(rgb.slice(i, i + 2), 16)));

test('an accent is darkened until white on it is easy to read, and no more', () => {
  assert.equal(deep(''), '');
  assert.deepEqual(numbers(deep('#17324d')), [0x17, 0x32, 0x4d]);
  for (const accent of ['#0066cc', '#a63d00', '#b3004b', '#767676']) {
    const c = contrast(numbers(deep(accent)), [255, 255, 255]);
    assert.ok(c >= 6.95 && c < 7.6, `${accent}: ${c}`);
  }
});

test('whatever is in a picture, the text over its veil can be read', () => {
  for (const [background, ground] of [['#0b1a2b', 'dark'], ['#f0f4f8', 'light'], ['#000000', 'dark'], ['#ffffff', 'light'], ['#5a5a5a', 'light']]) {
    const made = groundOf(background);
    if (background !== '#5a5a5a') assert.equal(made.ground, ground);
    assert.ok(made.veil > 0 && made.veil <= 1, `${background}: ${made.veil}`);
    const base = [1, 3, 5].map((i) => parseInt(background.slice(i, i + 2), 16));
    const text = /** @type {any} */ (made.ground === 'dark' ? [255, 255, 255] : [0, 0, 0]);
    for (const under of [0, 255]) {
      const seen = /** @type {any} */ (base.map((c) => c * made.veil + under * (1 - made.veil)));
      assert.ok(made.veil === 1 || contrast(seen, text) >= 6.99, `${background} over ${under}`);
    }
  }
});
