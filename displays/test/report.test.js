import assert from 'node:assert/strict';
import { test } from 'node:test';
import { IDENTIFY_MS, RELOAD_MS, Report, STATUS_MS } from '../monitor/report.js';
import { machine } from './machine.js';

/** A monitor that says how it is, on a machine whose time the test moves. */
function monitor(options = {}) {
  const m = machine();
  const is = { m, connected: true, busy: false, facts: { sound: 'on', screen: '1920x1080', version: 'abc', shown: '', spoken: '', legible: 'ok' }, sent: [], cards: [], reloads: 0 };
  is.report = new Report({
    facts: () => is.facts,
    send: (text) => is.connected && is.sent.push(JSON.parse(text)) > 0,
    identify: (who) => is.cards.push(who),
    mayGo: () => !is.busy,
    reload: () => is.reloads++,
    machine: m,
    ...options,
  });
  return is;
}

test('a monitor says how it is every three seconds, and soon when it is otherwise', () => {
  const is = monitor();
  assert.deepEqual(is.sent, [{ type: 'status', sound: 'on', screen: '1920x1080', version: 'abc', shown: '', spoken: '', legible: 'ok' }]);
  is.m.pass(4 * STATUS_MS);
  assert.equal(is.sent.length, 5);
  is.facts = { ...is.facts, shown: 'A042' };
  is.m.pass(1000);
  assert.equal(is.sent.length, 6);
  assert.equal(is.sent[5].shown, 'A042');
});

test('what changes all the time is told once a second at most', () => {
  const is = monitor();
  for (let i = 0; i < 150; i++) {
    is.facts = { ...is.facts, shown: `A${100 + i}` };
    is.m.pass(100);
  }
  assert.ok(is.sent.length <= 16, `${is.sent.length}`);
});

test('a monitor that shows nothing yet, or has no connection, says it once it can', () => {
  const is = monitor();
  is.m.pass(500);
  const { facts } = is;
  is.facts = null;
  is.m.pass(5000);
  assert.equal(is.sent.length, 1);
  is.facts = facts;
  is.connected = false;
  is.m.pass(5000);
  is.connected = true;
  is.m.pass(1000);
  assert.equal(is.sent.length, 2);
});

test('which monitor it is stays for twenty seconds from the last question', () => {
  const is = monitor();
  is.report.hear({ type: 'identify', name: 'Sala', number: 1 });
  is.m.pass(IDENTIFY_MS - 1000);
  is.report.hear({ type: 'identify', name: 'Sala', number: 1 });
  is.m.pass(IDENTIFY_MS - 1000);
  assert.deepEqual(is.cards, [{ name: 'Sala', number: 1 }, { name: 'Sala', number: 1 }]);
  is.m.pass(1000);
  assert.equal(is.cards[2], null);
});

test('it is loaded anew at once, but not while it announces, and once a minute at most', () => {
  const is = monitor();
  is.report.hear({ type: 'reload' });
  assert.equal(is.reloads, 1);
  is.m.pass(RELOAD_MS);
  assert.equal(is.reloads, 1);
  is.busy = true;
  is.report.hear({ type: 'reload' });
  is.m.pass(5000);
  assert.equal(is.reloads, 1);
  is.busy = false;
  is.m.pass(1000);
  assert.equal(is.reloads, 2);

  const again = monitor({ reloaded: 1_000000 - 20000 });
  again.report.hear({ type: 'reload' });
  again.m.pass(RELOAD_MS - 21000);
  assert.equal(again.reloads, 0);
  again.m.pass(2000);
  assert.equal(again.reloads, 1);
});

test('a new connection is told at once', () => {
  const is = monitor();
  is.m.pass(STATUS_MS);
  const said = is.sent.length;
  is.report.returned();
  assert.equal(is.sent.length, said + 1);
});
