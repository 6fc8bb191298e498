import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError } from '../lib/api.js';
import { HOLDS_MS, POLL_MS, wait } from '../pair/code.js';

/**
 * A device whose code the server answers for; its time passes as it waits.
 * @param {(now: number) => object} answer to the question whether it is confirmed
 * @param {object} [more] that the server says of the code
 */
function device(answer, more = {}) {
  const d = { now: 0, shown: [], left: [] };
  const api = {
    post: async (path, body) => {
      d.asked = { path, body };
      d.now += 40;
      return { id: 'one', code: 'H7KMQ2XA', ...more };
    },
    get: async () => {
      d.now += 10;
      return answer(d.now);
    },
  };
  const machine = { steady: () => d.now, after: (run, ms) => ((d.now += ms), run()) };
  const screen = { show: (asked) => d.shown.push(asked.code), countDown: (ms) => d.left.push(ms) };
  d.page = wait(/** @type {any} */ (api), { kind: 'totem', office: '', target: 'totem' }, screen, /** @type {any} */ (machine));
  return d;
}

/** The server's answer about a code that it doesn't know, or no longer. @returns {never} */
function unknown() {
  throw new ApiError('not_found', 'no such code', 404);
}

test('a code is shown until it is confirmed', async () => {
  const d = device((now) => (now < 5 * POLL_MS ? { state: 'waiting' } : { state: 'paired', page: '/totem' }));
  assert.equal(await d.page, '/totem');
  assert.deepEqual(d.shown, ['H7KMQ2XA']);
  assert.equal(d.left[0], HOLDS_MS);
  assert.deepEqual(d.asked, { path: '/pairings', body: { kind: 'totem', office: '', target: 'totem', cookie: true } });
});

test('a code that has run out was taken away by nobody', async () => {
  // The server cuts its end to seconds, and counts from before the answer came.
  const d = device((now) => (now < HOLDS_MS - 960 ? { state: 'waiting' } : unknown()));
  assert.equal(await d.page, '');
  assert.ok(d.now >= HOLDS_MS - 1000);
});

test('a code that isn’t new holds no longer than is said', async () => {
  const d = device((now) => (now < 60000 - 960 ? { state: 'waiting' } : unknown()), { holds_ms: 60000 });
  assert.equal(await d.page, '');
  assert.equal(d.left[0], 60000);
});

test('one that is confirmed at the last moment is not lost', async () => {
  const d = device((now) => (now < HOLDS_MS ? { state: 'waiting' } : { state: 'paired', page: '/display/sala' }));
  assert.equal(await d.page, '/display/sala');
});

test('one that is gone before its time was taken away', async () => {
  const d = device((now) => (now < HOLDS_MS / 2 ? { state: 'waiting' } : unknown()));
  await assert.rejects(d.page, (error) => error.status === 404);
});

test('while the server is away the code stays', async () => {
  const d = device((now) => {
    if (now < HOLDS_MS / 2) throw new ApiError('unavailable', 'away', now < HOLDS_MS / 4 ? 0 : 503);
    return { state: 'paired', page: '/totem' };
  });
  assert.equal(await d.page, '/totem');
});
