import assert from 'node:assert/strict';
import { test } from 'node:test';
import { webcrypto } from 'node:crypto';
import { Api, ApiError, ATTEMPTS, newKey } from '../lib/api.js';

if (!globalThis.crypto) globalThis.crypto = webcrypto;

/** An API whose answers the test gives: a status and a body, or null for none. */
function api(answers, language = 'it', more = {}) {
  const sent = [];
  const slept = [];
  const fetch = async (url, init) => {
    sent.push({ url, ...init });
    const answer = answers[Math.min(sent.length, answers.length) - 1];
    if (!answer) throw new TypeError('Failed to fetch');
    return new Response(answer.body === undefined ? null : JSON.stringify(answer.body), { status: answer.status });
  };
  return { api: new Api({ base: '/api/v1', language, fetch, sleep: async (ms) => void slept.push(ms), ...more }), sent, slept };
}

test('a command that got no answer is sent again with the same key', async () => {
  const t = api([null, { status: 503 }, { status: 201, body: { number: 'A001' } }]);
  assert.deepEqual(await t.api.post('/tickets', { channel: 'anagrafe' }), { number: 'A001' });
  const keys = t.sent.map((request) => request.headers['Idempotency-Key']);
  assert.equal(keys.length, 3);
  assert.match(keys[0], /^[0-9a-f]{32}$/);
  assert.equal(new Set(keys).size, 1);
  assert.equal(t.slept.length, 2);
});

test('an answer that breaks off is none: it is asked for again with the same key', async () => {
  const keys = [];
  const broken = { status: 200, ok: true, text: () => Promise.reject(new TypeError('network error')) };
  const whole = new Response(JSON.stringify({ ticket: { number: 'A001' } }));
  const fetch = async (url, init) => {
    keys.push(init.headers['Idempotency-Key']);
    return keys.length === 1 ? broken : whole;
  };
  const t = api([], 'it', { fetch });
  assert.deepEqual(await t.api.post('/counters/1/next'), { ticket: { number: 'A001' } });
  assert.equal(keys.length, 2);
  assert.equal(keys[0], keys[1]);
});

test('another command has another key', async () => {
  const t = api([{ status: 204 }]);
  assert.equal(await t.api.post('/counters/1/next'), null);
  await t.api.post('/counters/1/next');
  assert.notEqual(t.sent[0].headers['Idempotency-Key'], t.sent[1].headers['Idempotency-Key']);
  assert.equal(new Set(Array.from({ length: 1000 }, newKey)).size, 1000);
});

test('a caller may bring its own key, and reading has none', async () => {
  const t = api([{ status: 200, body: {} }]);
  await t.api.post('/tickets', {}, { 'Idempotency-Key': 'mine' });
  await t.api.get('/state');
  assert.equal(t.sent[0].headers['Idempotency-Key'], 'mine');
  assert.equal(t.sent[1].headers['Idempotency-Key'], undefined);
});

test('silence ends after a few attempts, in the language of the page', async () => {
  const t = api([null], 'en');
  await assert.rejects(t.api.delete('/tickets/x'), (error) => {
    assert.ok(error instanceof ApiError);
    assert.equal(error.code, 'unreachable');
    assert.match(error.message, /does not answer/);
    return true;
  });
  assert.equal(t.sent.length, ATTEMPTS);
});

test('who is patient sends again for a time, and is told each time', async () => {
  let now = 0;
  let told = 0;
  const t = api([null], 'it', { patience: 20_000, steady: () => now, sleep: async (ms) => void (now += ms), onRepeat: () => told++ });
  await assert.rejects(t.api.post('/counters/1/next'), { code: 'unreachable' });
  assert.ok(now > 5_000 && now <= 20_000, String(now));
  assert.equal(told, t.sent.length - 1);
  assert.equal(new Set(t.sent.map((request) => request.headers['Idempotency-Key'])).size, 1);
});

test('a refusal is final and says why', async () => {
  const t = api([{ status: 409, body: { error: { code: 'conflict', message: 'Il biglietto non si può più annullare.' } } }]);
  await assert.rejects(t.api.delete('/tickets/x'), { code: 'conflict', status: 409, message: 'Il biglietto non si può più annullare.' });
  assert.equal(t.sent.length, 1);
  assert.equal(t.sent[0].headers['Accept-Language'], 'it');
});
