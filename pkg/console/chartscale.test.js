import assert from 'node:assert/strict';
import { test } from 'node:test';

import { percent, scale, steps } from './chartscale.js';

test('a scale has round numbers, few of them, and holds all values', () => {
  assert.deepEqual(scale(14), [0, 5, 10, 15]);
  assert.deepEqual(scale(20), [0, 5, 10, 15, 20]);
  assert.deepEqual(scale(20.1), [0, 10, 20, 30]);
  assert.deepEqual(scale(143), [0, 50, 100, 150]);
  assert.deepEqual(scale(0.7), [0, 0.2, 0.4, 0.6, 0.8]);
  for (const n of [0.001, 1, 3, 7.5, 59, 61, 100, 999, 12345]) {
    const marks = scale(n);
    assert.ok(marks[marks.length - 1] >= n && marks.length >= 2 && marks.length <= 6, `${n}: ${marks}`);
  }
});

test('what is counted has no fractions, and nothing has a scale too', () => {
  assert.deepEqual(scale(3, true), [0, 1, 2, 3]);
  assert.deepEqual(scale(2.5, true), [0, 1, 2, 3]);
  assert.deepEqual(scale(0, true), [0, 1]);
  assert.deepEqual(scale(0), [0, 1]);
});

test('places are parts of the whole', () => {
  assert.equal(percent(1, 8), '12.5%');
  assert.equal(percent(1, 3), '33.33%');
});

test('a line of steps is broken where there is no value', () => {
  assert.equal(steps([2, 3, 3.25], 4), 'M0 2H1V1H2V0.75H3');
  assert.equal(steps([null, 1, null, 2], 4), 'M1 3H2M3 2H4');
});
