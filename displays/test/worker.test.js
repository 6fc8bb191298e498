import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { runInNewContext } from 'node:vm';

const source = readFileSync(new URL('../monitor/worker.js', import.meta.url), 'utf8');

/** A worker whose server answers everything. */
function worker() {
  const listeners = {};
  const kept = new Map();
  const cache = {
    delete: async (request) => kept.delete(new URL(request.url).pathname),
    keys: async () => [...kept.keys()].map((path) => ({ url: new URL(path, 'https://coda.example.it').href })),
    put: async (request, answer) => void kept.set(new URL(request.url).pathname, answer),
  };
  const self = { addEventListener: (type, listener) => (listeners[type] = listener) };
  const location = new URL('https://coda.example.it/display-worker.js?v=1');
  const caches = { open: async () => cache, match: async (request) => kept.get(new URL(request.url).pathname) };
  const server = { answer: async () => new Response('sound', { status: 200 }) };
  runInNewContext(source, { self, location, caches, fetch: () => server.answer(), URL, Response, setTimeout: () => 0 });
  return {
    kept,
    server,
    /** What a browser that opens a page gets. */
    async opens(path) {
      let answer = null;
      const request = { method: 'GET', mode: 'navigate', url: new URL(path, location).href, headers: new Headers() };
      listeners.fetch({ request, respondWith: (given) => (answer = given) });
      return answer;
    },
    /** Whether the worker answers a request for a part of a page. */
    async asks(path) {
      let answer = null;
      const request = { method: 'GET', mode: 'no-cors', url: new URL(path, location).href, headers: new Headers() };
      listeners.fetch({ request, respondWith: (given) => (answer = given) });
      return answer !== null && (await answer).status === 200;
    },
  };
}

test('what a page is made of is kept', async () => {
  const w = worker();
  for (const path of ['/assets/displays/lib/fonts/a.woff2', '/voice/it.opus', '/voice/own/it/42.wav', '/media/arms.svg']) {
    assert.ok(await w.asks(path));
    assert.ok(w.kept.has(path), path);
  }
});

test('neither views nor the sentences of calls are kept: they would fill the disk', async () => {
  const w = worker();
  for (const path of ['/api/v1/state', '/voice/said/00112233445566778899aabbccddeeff.wav', '/qr.svg']) assert.equal(await w.asks(path), false, path);
  assert.equal(w.kept.size, 0);
});

test('the address that leads to a monitor’s own page leads there also without the server', async () => {
  const w = worker();
  const typed = (/** @type {any} */ answer, /** @type {string} */ type) => Object.defineProperty(answer, 'type', { value: type });
  w.server.answer = async () => typed(new Response('pair me'), 'basic');
  await w.opens('/display');
  assert.ok(w.kept.has('/display'), 'while it isn’t paired');
  w.server.answer = async () => typed({ status: 0, ok: false }, 'opaqueredirect');
  await w.opens('/display');
  w.server.answer = async () => typed(new Response('sala'), 'basic');
  await w.opens('/display/sala');
  w.server.answer = async () => {
    throw new Error('away');
  };
  const answer = await w.opens('/display');
  assert.equal(answer.headers.get('Location'), 'https://coda.example.it/display/sala');
});
