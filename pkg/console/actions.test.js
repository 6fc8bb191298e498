import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ACTIONS, actionOfKey, allowed, isHasty } from './actions.js';

const now = Date.parse('2026-03-02T09:00:00Z');

/** @param {object} [change] @param {object} [counter] @returns {any} */
function view(change, counter) {
  return {
    counter: { id: '2', status: 'open', operator: 'maria', alarm: false, ...counter },
    ticket: null,
    call: null,
    next: null,
    undo: null,
    ...change,
  };
}

/** @param {any} v @param {string} [me] */
const names = (v, me = 'maria') => [...allowed(v, me, now)].sort().join(' ');

test('a free counter calls, takes a break or closes', () => {
  assert.equal(names(view()), 'alarm call close pause walkin');
  assert.equal(names(view({ next: {} })), 'alarm call close next pause walkin');
});

test('a called ticket is begun, recalled or marked absent; one being served is not', () => {
  assert.equal(names(view({ ticket: { number: 'A042', state: 'called' } })), 'absent alarm call close done hold recall requeue start transfer walkin');
  assert.equal(names(view({ ticket: { number: 'A042', state: 'serving' } })), 'alarm call close done hold requeue transfer walkin');
});

test('a visit without a ticket has no place in the queue to go back to', () => {
  assert.ok(!allowed(view({ ticket: { number: '', state: 'serving' } }), 'maria', now).has('requeue'));
});

test('a break ends before anything else', () => {
  assert.equal(names(view({ next: {} }, { status: 'paused' })), 'alarm close resume');
});

test('a closed counter opens, and another clerk’s is left alone', () => {
  assert.equal(names(view({ next: {} }, { status: 'closed', operator: '' })), 'open');
  assert.equal(names(view({ next: {} }), 'luca'), 'open', 'unless taken over');
});

test('a supervisor closes a counter that a colleague forgot', () => {
  assert.deepEqual([...allowed(view(), 'luca', now, true)].sort(), ['close', 'open']);
  assert.deepEqual([...allowed(view({}, { status: 'closed', operator: '' }), 'luca', now, true)], ['open']);
});

test('a step can be undone until its time is up', () => {
  assert.ok(allowed(view({ undo: { until: '2026-03-02T09:00:01Z' } }), 'maria', now).has('undo'));
  assert.ok(!allowed(view({ undo: { until: '2026-03-02T08:59:59Z' } }), 'maria', now).has('undo'));
});

test('keys', () => {
  const press = (/** @type {string} */ key, more = {}) => ({ key, ctrlKey: false, altKey: false, metaKey: false, repeat: false, ...more });
  const can = new Set(/** @type {import('./actions.js').Name[]} */ (['next', 'resume', 'recall']));
  assert.equal(actionOfKey(press('n'), can, false), 'next');
  assert.equal(actionOfKey(press(' '), can, false), 'next');
  assert.equal(actionOfKey(press(' '), can, true), null);
  assert.equal(actionOfKey(press('R'), can, true), 'recall');
  assert.equal(actionOfKey(press('p'), can, false), 'resume');
  assert.equal(actionOfKey(press('a'), can, false), null, 'not allowed now');
  assert.equal(actionOfKey(press('r', { ctrlKey: true }), can, false), null, 'the browser’s own');
  assert.equal(actionOfKey(press('n', { repeat: true }), can, false), null, 'a key held down');
});

test('no two actions of the same moment share a key', () => {
  for (const a of ACTIONS) {
    for (const b of ACTIONS) {
      if (a !== b && a.key === b.key) assert.deepEqual([a.name, b.name].sort(), ['pause', 'resume']);
    }
  }
});

test('calling on while somebody is on the way is hasty', () => {
  const called = view({ ticket: { state: 'called' }, call: { at: '2026-03-02T08:59:57Z' } });
  assert.equal(isHasty(called, now), true);
  assert.equal(isHasty(called, now + 10_000), false);
  assert.equal(isHasty(view({ ticket: { state: 'serving' } }), now), false);
});
