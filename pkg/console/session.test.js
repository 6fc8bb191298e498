import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ApiError } from '../../displays/lib/api.js';
import { leave, safeNext } from './session.js';

test('the login leads nowhere but to this site', () => {
  assert.equal(safeNext('/console?counter=2'), '/console?counter=2');
  assert.equal(safeNext('/admin'), '/admin');
  for (const next of [null, '', 'https://example.org/', '//example.org/', '/\\example.org/', '/\t/example.org', 'javascript:alert(1)', 'console']) {
    assert.equal(safeNext(next), '/console', String(next));
  }
});

/**
 * Signs out where a citizen is still at the counter.
 * @param {boolean} sure the answer to the question
 */
async function leaving(sure) {
  const sent = [];
  let gone = '';
  globalThis.location = { pathname: '/console', search: '?counter=2', assign: (to) => void (gone = to) };
  const accounts = {
    post: async (path, body) => {
      sent.push(body);
      if (!body) throw new ApiError('conflict', 'Allo sportello 2 c’è ancora un cittadino.', 409);
    },
  };
  await leave(accounts, async (why) => /ancora un cittadino/.test(why) && sure);
  return { sent, gone };
}

test('who signs out with a citizen at the counter is asked, and may stay', async () => {
  assert.deepEqual(await leaving(false), { sent: [undefined], gone: '' });
});

test('who is sure signs out, and the visit ends', async () => {
  assert.deepEqual(await leaving(true), { sent: [undefined, { finish: true }], gone: '/login' });
});
