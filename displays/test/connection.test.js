import assert from 'node:assert/strict';
import { test } from 'node:test';
import { delay, LONGEST_MS, retry } from '../lib/backoff.js';
import { DEAD_MS, Live, STALE_MS } from '../lib/connection.js';
import { machine } from './machine.js';

function watch() {
  const m = machine();
  const seen = { views: [], states: [], refused: [], returns: 0 };
  const live = new Live(
    'ws://office/',
    { onView: (v) => seen.views.push(v.seq), onState: (s) => seen.states.push(s), onRefused: (c) => seen.refused.push(c), onReturn: () => seen.returns++ },
    m,
  );
  live.start();
  return { m, seen, live };
}

test('the newest seq wins, whatever the order', () => {
  const { m, seen } = watch();
  for (const seq of [5, 4, 6, 6, 3]) m.view(seq);
  assert.deepEqual(seen.views, [5, 6]);
});

test('the newest wins across a reconnection to a server that is behind', () => {
  const { m, seen } = watch();
  m.view(9);
  m.hangUp();
  m.pass(1000);
  assert.equal(m.sockets.length, 2);
  assert.equal(seen.returns, 0);
  m.view(8, 1000);
  m.view(10, 2000);
  assert.equal(seen.returns, 1);
  assert.deepEqual(seen.views, [9, 10]);
});

test('a journal that began anew is believed', () => {
  const { m, seen } = watch();
  m.view(900);
  m.view(3, 61000);
  assert.deepEqual(seen.views, [900, 3]);
});

test('silence makes a view stale, then the connection is made anew', () => {
  const { m, seen } = watch();
  m.view(1);
  m.pass(STALE_MS);
  assert.deepEqual(seen.states, ['live']);
  m.pass(1000);
  assert.deepEqual(seen.states, ['live', 'stale']);
  m.pass(DEAD_MS);
  assert.equal(m.sockets[0].closed, true);
  assert.ok(m.sockets.length > 1);
  assert.equal(seen.states[2], 'lost');
  m.view(1, 20000);
  assert.equal(seen.states[3], 'live');
});

test('a pulse keeps a view live', () => {
  const { m, seen, live } = watch();
  m.view(1);
  for (let i = 0; i < 10; i++) {
    m.pass(3750);
    m.say({ type: 'tick' });
  }
  assert.deepEqual(seen.states, ['live']);
  assert.equal(new Date(live.now()).toISOString(), '2026-03-02T08:00:37.500Z');
});

test('what is no view is handed over, and the server is told something only while it listens', () => {
  const m = machine();
  const heard = [];
  const live = new Live('ws://office/', { onView() {}, onMessage: (message) => heard.push(message) }, m);
  assert.equal(live.send('too early'), false);
  live.start();
  assert.equal(live.send('not yet open'), false);
  m.view(1);
  m.say({ type: 'sound', owner: true });
  assert.deepEqual(heard, [{ type: 'sound', owner: true }]);
  assert.equal(live.send('hello'), true);
  assert.deepEqual(m.sockets[0].sent, ['hello']);
  m.hangUp();
  assert.equal(live.send('gone'), false);
});

test('a machine that slept knows that its view is old', () => {
  const { m, seen } = watch();
  m.view(1);
  m.time += 3_600000;
  m.asleep += 3_600000;
  m.pass(500);
  assert.deepEqual(seen.states.slice(0, 2), ['live', 'stale']);
  assert.notEqual(seen.states.pop(), 'live');
});

test('a page that is shown again does not pass its old view for live', () => {
  const { m, seen, live } = watch();
  m.view(1);
  live.stop();
  m.pass(60000);
  live.start();
  assert.deepEqual(seen.states, ['live', 'lost']);
});

test('reconnections come slower and slower, until one has held', () => {
  const { m } = watch();
  const gaps = [];
  for (let i = 0; i < 8; i++) {
    const before = m.sockets.length;
    const from = m.time;
    m.hangUp();
    while (m.sockets.length === before) m.pass(10);
    gaps.push(m.time - from);
  }
  assert.deepEqual(gaps, [500, 1000, 2000, 4000, 8000, 15000, 15000, 15000]);
  m.view(1);
  m.pass(6000);
  const from = m.time;
  m.hangUp();
  while (m.sockets.length === 9) m.pass(10);
  assert.equal(m.time - from, 500);
});

test('a server that greets and hangs up is not hammered', () => {
  const { m } = watch();
  let gap = 0;
  for (let i = 0; i < 6; i++) {
    const before = m.sockets.length;
    const from = m.time;
    m.view(i + 1);
    m.hangUp();
    while (m.sockets.length === before) m.pass(10);
    gap = m.time - from;
  }
  assert.equal(gap, LONGEST_MS);
});

test('a refusal ends it', () => {
  const { m, seen } = watch();
  m.view(1);
  m.hangUp(4500);
  m.pass(120000);
  assert.equal(m.sockets.length, 1);
  assert.deepEqual(seen.refused, [4500]);
  assert.equal(seen.states.pop(), 'lost');
});

test('what is no message harms nobody', () => {
  const { m, seen } = watch();
  m.last().onmessage({ data: 'garbage' });
  m.view(1);
  assert.deepEqual(seen.views, [1]);
});

test('delays are spread over half their length', () => {
  assert.equal(delay(0, 0), 250);
  assert.equal(delay(0, 1), 500);
  assert.equal(delay(3, 0.5), 3000);
  assert.equal(delay(1000, 1), LONGEST_MS);
});

test('the retry rule is the one of pkg/live', () => {
  for (const code of [1000, 1001, 1006, 1011, 4000, 4001, 4002, 4499]) assert.equal(retry(code), true, String(code));
  for (const code of [1002, 1003, 1007, 1008, 1009, 1010, 4500, 4999]) assert.equal(retry(code), false, String(code));
});
