import assert from 'node:assert/strict';
import { webcrypto } from 'node:crypto';
import { test } from 'node:test';

import { Api } from '../../displays/lib/api.js';
import { Commands, REPEAT_MS } from './commands.js';

if (!globalThis.crypto) globalThis.crypto = webcrypto;
globalThis.document = { querySelector: () => null }; // no dialog is open

/**
 * A counter of maria's whose server the test plays: an answer for each request, the last one again;
 * null is none.
 * @param {({ status: number, body?: unknown } | null)[]} answers
 * @param {object} [more] of the view
 */
function desk(answers, more = {}) {
  const ticket = { id: 'T1', number: 'A042', channel: 'anagrafe', state: 'serving' };
  const t = {
    view: { counter: { id: '2', status: 'open', operator: 'maria', names: { it: 'Sportello 2' } }, ticket, call: null, next: {}, undo: null, lines: [], channels: [], counters: [], ...more },
    outcomes: [],
    can: ['next', 'done', 'recall', 'close', 'open', 'call'],
    /** What was sent: verb, body, key. */
    sent: [],
    /** What the clerk was told, newest last; null: taken away. */
    told: [],
    failures: [],
    left: 0,
    clock: 0,
  };
  const tell = (/** @type {string} */ words) => void t.told.push(words);
  const toasts = { tell, hold: tell, error: tell, clear: () => void t.told.push(null) };
  const api = new Api({
    base: '/api/v1',
    language: 'it',
    fetch: async (url, init) => {
      t.sent.push({ verb: url.split('/counters/')[1] || url.split('/api/v1')[1], body: init.body && JSON.parse(init.body), key: init.headers['Idempotency-Key'] });
      const answer = answers[Math.min(t.sent.length, answers.length) - 1];
      if (!answer) throw new TypeError('Failed to fetch');
      return new Response(answer.body === undefined ? null : JSON.stringify(answer.body), { status: answer.status });
    },
    patience: REPEAT_MS,
    steady: () => t.clock,
    sleep: async (ms) => void (t.clock += ms),
    onRepeat: () => t.commands.repeating(),
  });
  t.commands = new Commands(api, '2', toasts, {
    view: () => t.view,
    can: () => new Set(t.can),
    outcomes: () => t.outcomes,
    now: () => 0,
    changed: () => {},
    left: () => t.left++,
    failed: (error) => t.failures.push(error),
  });
  return t;
}

const refusal = (status, code, message = '') => ({ status, body: { error: { code, message } } });

test('a command whose reply was lost is repeated with the same key, and the clerk is told so', async () => {
  const t = desk([null, null, { status: 200, body: {} }]);
  await t.commands.act('recall');
  assert.deepEqual(t.sent.map((s) => s.verb), ['2/recall', '2/recall', '2/recall']);
  assert.equal(new Set(t.sent.map((s) => s.key)).size, 1);
  assert.match(t.told[0], /«Richiama» non ha ancora risposta/);
  assert.match(t.told.at(-1), /Fatto: «Richiama»/);
  assert.equal(t.commands.busy, '');
});

test('without any reply the outcome is unknown, and nobody says otherwise', async () => {
  const t = desk([null]);
  await t.commands.act('next');
  assert.ok(t.clock > 5_000 && t.clock <= REPEAT_MS, String(t.clock));
  assert.match(t.told.at(-1), /non si sa se «Chiama prossimo» sia riuscito/);
  assert.deepEqual(t.failures, []);
  await t.commands.act('next');
  assert.notEqual(t.sent.at(-1).key, t.sent[0].key, 'a new press is a new command');
});

test('while a command is repeated nothing else is sent', async () => {
  const t = desk([null, { status: 200, body: {} }]);
  await Promise.all([t.commands.act('recall'), t.commands.act('done')]);
  assert.deepEqual(t.sent.map((s) => s.verb), ['2/recall', '2/recall']);
});

test('an alarm pressed meanwhile is sent as soon as that command has ended', async () => {
  const t = desk([null, { status: 200, body: {} }]);
  await Promise.all([t.commands.act('recall'), t.commands.send('alarm', {}, null)]);
  assert.deepEqual(t.sent.map((s) => s.verb), ['2/recall', '2/recall', '2/alarm']);
});

test('an alarm that can’t be sent says so', async () => {
  const t = desk([{ status: 200, body: {} }]);
  t.can = [];
  await t.commands.act('alarm');
  assert.deepEqual(t.sent, []);
  assert.match(t.told.at(-1), /Allarme non inviato/);
});

test('a session that has ended is the page’s to handle: nothing is repeated', async () => {
  const t = desk([refusal(401, 'unauthenticated')]);
  await t.commands.act('recall');
  assert.equal(t.sent.length, 1);
  assert.equal(t.failures[0].status, 401);
});

test('the journal that can’t be written says so by itself', async () => {
  const t = desk([refusal(503, 'unavailable', 'Riprovare tra poco.')]);
  await t.commands.act('recall');
  assert.equal(t.failures[0].message, 'Riprovare tra poco.');
});

test('nobody waiting is told', async () => {
  const t = desk([{ status: 204 }]);
  await t.commands.act('next');
  assert.match(t.told.at(-1), /Nessuno è in attesa/);
});

test('closing the counter leaves it', async () => {
  const t = desk([{ status: 200, body: {} }], { ticket: null });
  await t.commands.act('close');
  assert.equal(t.left, 1);
});

test('every command names the ticket that the clerk sees, and the next one carries what was done', async () => {
  const t = desk([{ status: 200, body: {} }]);
  t.outcomes = [{ service: 'carta-identita', quantity: 1 }];
  await t.commands.act('next');
  await t.commands.act('recall');
  assert.deepEqual(t.sent.map((s) => [s.verb, s.body]), [
    ['2/next', { outcomes: [{ service: 'carta-identita', quantity: 1 }], current: 'T1' }],
    ['2/recall', { current: 'T1' }],
  ]);
});

test('a free counter is named as free', async () => {
  const t = desk([{ status: 200, body: {} }], { ticket: null });
  await t.commands.act('next');
  assert.deepEqual(t.sent[0].body, { outcomes: [], current: '' });
});

test('help is called for whoever is at the counter', async () => {
  const t = desk([{ status: 200, body: {} }]);
  await t.commands.calm('3');
  assert.deepEqual(t.sent.map((s) => [s.verb, s.body]), [['3/calm', {}]]);
});

test('another ticket at the counter: what is there is told, and nothing else is done', async () => {
  const conflict = { status: 409, body: { error: { code: 'conflict', message: '', reason: 'not_what_was_seen' } } };
  const t = desk([conflict]);
  t.outcomes = [{ service: 'certificato', quantity: 2 }];
  const pressed = t.commands.callAgain({ id: 'T9', number: '', state: 'absent' });
  t.view = { ...t.view, ticket: { id: 'T2', number: 'A043', state: 'called' } };
  await pressed;
  assert.deepEqual(t.sent.map((s) => s.verb), ['2/done'], 'the call that was to follow isn’t sent');
  assert.match(t.told.at(-1), /Non è stato fatto nulla: ora c’è A043/);
  assert.deepEqual(t.failures, []);
});

test('a reprint is wanted of the totem, once however often it is sent', async () => {
  const t = desk([null, { status: 200, body: {} }]);
  await t.commands.reprint({ id: 'T7', number: 'A050', printed: 'failed' });
  assert.deepEqual(t.sent.map((s) => [s.verb, s.body]), [['/tickets/T7/reprint', {}], ['/tickets/T7/reprint', {}]]);
  assert.equal(new Set(t.sent.map((s) => s.key)).size, 1);
  assert.match(t.told.at(-1), /Ristampa di A050/);
});

test('any other conflict is told in the server’s words', async () => {
  const t = desk([refusal(409, 'conflict', 'Allo sportello 1 c’è ancora il biglietto A001.')]);
  await t.commands.act('recall');
  assert.match(t.failures[0].message, /A001/);
});
