import assert from 'node:assert/strict';
import { test } from 'node:test';

import { again, ASK_MS, channelOfKey, channelsOn, choose, failed, GHOST_MS, issued, lasts, mayRepeat, patience, screen, start, togglePriority } from './flow.js';

const ready = () => start(0);
const later = GHOST_MS;
const ticket = /** @type {any} */ ({ number: 'A042' });
const view = /** @type {any} */ ({
  open: true,
  channels: [
    { id: 'protocollo', open: true },
    { id: 'anagrafe', open: false },
  ],
});

test('a press becomes one wish, and a second tap none', () => {
  const once = choose(ready(), 'anagrafe', 'k1', later);
  assert.equal(once.step, 'sending');
  assert.deepEqual(once.wish, { channel: 'anagrafe', class: 'standard', key: 'k1' });
  assert.equal(choose(once, 'anagrafe', 'k2', later + 50), once);
  assert.equal(choose(issued(once, ticket, 900), 'anagrafe', 'k3', 5000).step, 'ticket');
});

test('a tap meant for the screen before does nothing', () => {
  const state = start(10_000);
  assert.equal(choose(state, 'anagrafe', 'k', 10_000 + GHOST_MS - 1), state);
  assert.equal(choose(state, 'anagrafe', 'k', 10_000 + GHOST_MS).step, 'sending');
});

test('priority is asked for before the channel, and forgotten with the next citizen', () => {
  const wanted = togglePriority(ready());
  assert.equal(choose(wanted, 'anagrafe', 'k', later).wish?.class, 'priority');
  assert.equal(togglePriority(wanted).priority, false);
  const sending = choose(ready(), 'anagrafe', 'k', later);
  assert.equal(togglePriority(sending), sending);
  assert.equal(start(1).priority, false);
});

test('without an answer the same wish is sent again, with its key', () => {
  const sending = choose(ready(), 'anagrafe', 'k1', later);
  const silent = failed(sending, { code: 'unreachable', message: '' }, 9000);
  assert.equal(again(silent, 9500).wish?.key, 'k1');
  assert.equal(again(silent, 9500).step, 'sending');
  const refused = failed(sending, { code: 'channel_closed', message: '' }, 9000);
  assert.equal(again(refused, 9500), refused);
  assert.equal(mayRepeat(null), false);
});

test('a ticket and a refusal pass, a kiosk without pairing stays', () => {
  assert.ok(lasts(issued(ready(), ticket, 0)) > 0);
  assert.ok(lasts(failed(ready(), { code: 'channel_full', message: '' }, 0)) > 0);
  assert.equal(lasts(failed(ready(), { code: 'unauthenticated', message: '' }, 0)), 0);
  assert.equal(lasts(ready()), 0);
});

test('priority that somebody left on is asked about soon', () => {
  assert.ok(patience(togglePriority(ready())) + ASK_MS < patience(ready()));
});

test('a kiosk that the server does not know never looks ready', () => {
  assert.equal(screen(ready(), view, 'live', true), 'unpaired');
  assert.equal(screen(ready(), null, 'connecting', true), 'unpaired');
  const refused = failed(ready(), { code: 'unauthenticated', message: '' }, 0);
  assert.equal(screen(refused, view, 'live'), 'unpaired');
  assert.equal(screen(issued(ready(), ticket, 0), view, 'lost', true), 'ticket', 'the ticket was given');
});

test('the screen says what is', () => {
  assert.equal(screen(ready(), null, 'connecting'), 'connecting');
  assert.equal(screen(ready(), view, 'live'), 'start');
  assert.equal(screen(ready(), view, 'stale'), 'start');
  assert.equal(screen(ready(), view, 'lost'), 'lost');
  assert.equal(screen(issued(ready(), ticket, 0), view, 'lost'), 'ticket', 'a ticket stays in sight');
  assert.equal(screen(ready(), { ...view, open: false }, 'live'), 'start', 'a channel with hours of its own');
  assert.equal(screen(ready(), { ...view, open: false, channels: [view.channels[1]] }, 'live'), 'closed');
  assert.equal(screen(ready(), { ...view, channels: [] }, 'live'), 'empty');
});

test('digits choose the channels that are open', () => {
  const { channels } = view;
  assert.equal(channelOfKey(channels, '1'), 'protocollo');
  assert.equal(channelOfKey(channels, '2'), null);
  assert.equal(channelOfKey(channels, '3'), null);
  assert.equal(channelOfKey(channels, '0'), null);
  assert.equal(channelOfKey([], '1'), null);
});

test('digits choose only of the page that is shown', () => {
  const channels = /** @type {any} */ (['a', 'b', 'c', 'd', 'e'].map((id) => ({ id, open: true })));
  assert.equal(channelOfKey(channelsOn(channels, 0, 2), '3'), 'c');
  assert.equal(channelOfKey(channelsOn(channels, 0, 2), '4'), null);
  assert.equal(channelOfKey(channelsOn(channels, 1, 2), '1'), 'd');
  assert.equal(channelOfKey(channelsOn(channels, 1, 2), '3'), null);
  assert.equal(channelOfKey(channelsOn(channels, 0, 1), '5'), 'e');
});
