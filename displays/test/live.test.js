import assert from 'node:assert/strict';
import { test } from 'node:test';

/** As much of a browser as holding a view needs. */
const sockets = [];
const banner = { shown: '', classList: { add() {} }, setAttribute() {}, set textContent(text) { this.shown = text; }, append(node) { this.shown = node.text; } };
const element = () => ({ text: '', setAttribute() {}, append(part) { this.text += typeof part === 'string' ? part : part.text; } });
const root = { state: '', setAttribute: (_, state) => (root.state = state) };
Object.assign(globalThis, {
  document: {
    documentElement: root,
    body: { dataset: {} },
    hidden: false,
    getElementById: () => banner,
    createElement: element,
    addEventListener() {},
    removeEventListener() {},
  },
  window: { addEventListener() {}, removeEventListener() {} },
  location: new URL('http://office/display/sala'),
  fetch: async () => ({ ok: false }),
  WebSocket: class {
    constructor(url) {
      this.url = url;
      this.readyState = 0;
      sockets.push(this);
    }
    close() {}
    say(message) {
      this.readyState = 1;
      this.onmessage({ data: JSON.stringify(message) });
    }
  },
});
const { LiveView } = await import('../lib/live.js');
const { STALE_MS } = await import('../lib/connection.js');
const { machine } = await import('./machine.js');

const at = '2026-03-02T09:00:00+01:00';
const view = (seq) => ({ type: 'view', seq, at, view: { seq, at, office: { time_zone: 'Europe/Rome' } } });

test('a page has its view, its connection and its time from one place', () => {
  const seen = [];
  const live = new LiveView({ view: 'display', display: 'sala' }, { onView: (v) => seen.push(v.seq), onState: () => seen.push(live.state) });
  assert.equal(sockets[0].url, 'ws://office/api/v1/ws?tick=1&view=display&display=sala');
  assert.equal(root.state, 'connecting');
  assert.match(banner.shown, /Connessione in corso/);
  assert.equal(live.at, null);
  sockets[0].say(view(1));
  sockets[0].say(view(2));
  assert.deepEqual(seen, [1, 'live', 2]);
  assert.equal(root.state, 'live');
  assert.equal(banner.shown, '');
  assert.equal(live.at, Date.parse(at));
  live.stop();
});

test('what the server has written into the page has its time, and no banner while connecting', () => {
  const live = new LiveView({ view: 'public' }, { at, onView() {} });
  assert.equal(banner.shown, '');
  assert.equal(live.at, Date.parse(at));
  assert.equal(live.zone, 'Europe/Rome');
  live.stop();
});

test('a page that says more itself has the banner say less', () => {
  const live = new LiveView({ view: 'totem' }, { onView() {}, says: () => 'live' });
  live.tell();
  assert.equal(root.state, 'live');
  live.stop();
});

/** Lets what waits for a promise run. */
const settle = () => new Promise((done) => setImmediate(done));

test('why the view is lost is asked until it is back: the first question may get no answer', async () => {
  const m = machine();
  let asked = 0;
  const live = new LiveView({ view: 'counter', counter: '1' }, { onView() {}, askWhy: async () => void asked++ }, m);
  m.view(1);
  m.hangUp();
  m.pass(STALE_MS - 1000);
  assert.equal(asked, 0);
  m.pass(2000);
  assert.equal(live.state, 'lost');
  for (const times of [1, 2, 3]) {
    await settle();
    assert.equal(asked, times);
    m.pass(15000);
  }
  m.view(2);
  const before = asked;
  for (let i = 0; i < 3; i++) {
    await settle();
    m.pass(1000);
    m.say({ type: 'tick' });
  }
  assert.ok(asked <= before + 1, `${asked - before} more`);
  live.stop();
});

test('a view that was ended does not begin again after a refusal', () => {
  const m = machine();
  const live = new LiveView({ view: 'counter', counter: '1' }, { onView() {} }, m);
  m.view(1);
  m.hangUp(4500);
  live.stop();
  m.pass(3600000);
  assert.equal(m.sockets.length, 1);
});
