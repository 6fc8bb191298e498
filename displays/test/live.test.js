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

const at = '2026-03-02T09:00:00+01:00';
const view = (seq) => ({ type: 'view', seq, at, view: { seq, at, office: { time_zone: 'Europe/Rome' } } });

test('a page has its view, its connection and its time from one place', () => {
  const seen = [];
  const live = new LiveView({ view: 'display', display: 'sala' }, { onView: (v) => seen.push(v.seq), onState: () => seen.push(live.state), onConnect: () => seen.push('connected') });
  assert.equal(sockets[0].url, 'ws://office/api/v1/ws?tick=1&view=display&display=sala');
  assert.equal(root.state, 'connecting');
  assert.match(banner.shown, /Connessione in corso/);
  assert.equal(live.at, null);
  sockets[0].say(view(1));
  sockets[0].say(view(2));
  assert.deepEqual(seen, [1, 'live', 'connected', 2]);
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
