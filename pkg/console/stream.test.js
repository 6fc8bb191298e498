import assert from 'node:assert/strict';
import { test } from 'node:test';

import { askAtLength, linesOf } from './stream.js';

/** A body that comes in pieces. @param {(string | Uint8Array)[]} pieces */
function body(pieces) {
  const encoder = new TextEncoder();
  return new ReadableStream({
    start(to) {
      for (const piece of pieces) to.enqueue(typeof piece === 'string' ? encoder.encode(piece) : piece);
      to.close();
    },
  });
}

/** @param {Response} response @returns {any} */
const api = (response) => ({ base: '/api/v1', language: 'it', headers: {}, fetch: async () => response });

test('lines come whole, however the network cuts them', async () => {
  const bytes = new TextEncoder().encode('{"a":"è"}\n');
  const values = [];
  for await (const value of linesOf(body(['{"n"', ':1}\n{"n":2}\n', bytes.slice(0, 7), bytes.slice(7), '{"cut']))) values.push(value);
  assert.deepEqual(values, [{ n: 1 }, { n: 2 }, { a: 'è' }]);
});

test('progress is told before the answer', async () => {
  const told = [];
  const lines = body(['{"progress":{"done":1,"of":3}}\n{"progress":{"done":2,"of":3}}\n', '{"answer":{"days":3}}\n']);
  const answer = await askAtLength(api(new Response(lines)), '/simulation', {}, new AbortController().signal, (p) => told.push(p.done));
  assert.deepEqual([told, answer], [[1, 2], { days: 3 }]);
});

test('a refusal is told as it is, and an answer that was cut off as such', async () => {
  const { signal } = new AbortController();
  const refused = new Response('{"error":{"code":"busy","message":"Un altro calcolo"}}', { status: 409 });
  await assert.rejects(askAtLength(api(refused), '/simulation', {}, signal, () => {}), { code: 'busy', message: 'Un altro calcolo', status: 409 });
  const proxy = new Response('<html>', { status: 502 });
  await assert.rejects(askAtLength(api(proxy), '/simulation', {}, signal, () => {}), { message: 'HTTP 502' });
  const cut = new Response(body(['{"progress":{"done":1,"of":3}}\n']));
  await assert.rejects(askAtLength(api(cut), '/simulation', {}, signal, () => {}), { code: 'unreachable' });
});

test('what is given up is no failure of the server', async () => {
  const gone = new AbortController();
  gone.abort();
  const failing = { ...api(new Response()), fetch: async () => { throw new DOMException('', 'AbortError'); } };
  await assert.rejects(askAtLength(failing, '/simulation', {}, gone.signal, () => {}), { name: 'AbortError' });
});
