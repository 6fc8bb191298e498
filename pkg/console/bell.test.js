import assert from 'node:assert/strict';
import { test } from 'node:test';
import { news } from './bell.js';

/** @param {object} [over] @returns {any} */
const view = (over = {}) => {
  const counter = { id: '1', status: 'open', operator: 'anna', alarm: false };
  return { counter, counters: [counter, { id: '2', alarm: false }], ticket: null, next: null, ...over };
};
const next = { ticket: { number: 'A001' } };

test('somebody who comes is heard by a clerk who is free', () => {
  assert.equal(news(view(), view({ next }), 'anna'), 'waiting');
  assert.equal(news(view({ next }), view({ next }), 'anna'), null, 'not the second');
  assert.equal(news(view(), view({ next, ticket: {} }), 'anna'), null, 'somebody is at the counter');
  assert.equal(news(view(), view({ next }), 'bruno'), null, 'who only looks on');
  const paused = { id: '1', status: 'paused', operator: 'anna', alarm: false };
  assert.equal(news(view(), view({ next, counter: paused }), 'anna'), null, 'in a break');
  assert.equal(news(null, view({ next }), 'anna'), null, 'it was so when the page was opened');
});

test('an alarm of a colleague is heard once, one of one’s own isn’t', () => {
  const alarmed = view({ counters: [{ id: '1', alarm: false }, { id: '2', alarm: true }] });
  assert.equal(news(view(), alarmed, 'anna'), 'alarm');
  assert.equal(news(alarmed, alarmed, 'anna'), null);
  assert.equal(news(view(), view({ counters: [{ id: '1', alarm: true }, { id: '2', alarm: false }] }), 'anna'), null);
});
