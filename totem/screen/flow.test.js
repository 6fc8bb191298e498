import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  about,
  again,
  back,
  choiceOfKey,
  choicesOn,
  choose,
  chooseClass,
  chooseService,
  failed,
  GHOST_MS,
  givenUp,
  invited,
  issued,
  keep,
  lasts,
  mayRepeat,
  onPaper,
  paper,
  PRINTING_MS,
  reprinting,
  screen,
  search,
  start,
} from './flow.js';

const ready = () => start(0);
const later = GHOST_MS;
const ticket = /** @type {any} */ ({ number: 'A042' });
const view = /** @type {any} */ ({
  open: true,
  classes: ['standard', 'priority'],
  services: [],
  channels: [
    { id: 'protocollo', open: true },
    { id: 'anagrafe', open: false },
  ],
});
/** An office that asks nobody for priority. */
const plain = { classes: ['standard'], services: [] };

test('a press becomes one wish, and a second tap none', () => {
  const once = choose(ready(), 'anagrafe', 'k1', later, plain);
  assert.equal(once.step, 'sending');
  assert.deepEqual(once.wish, { channel: 'anagrafe', class: 'standard', key: 'k1' });
  assert.equal(choose(once, 'anagrafe', 'k2', later + 50, plain), once);
  assert.equal(choose(issued(once, ticket, 900), 'anagrafe', 'k3', 5000, plain).step, 'ticket');
});

test('a tap meant for the screen before does nothing', () => {
  const state = start(10_000);
  assert.equal(choose(state, 'anagrafe', 'k', 10_000 + GHOST_MS - 1, plain), state);
  assert.equal(choose(state, 'anagrafe', 'k', 10_000 + GHOST_MS, plain).step, 'sending');
  const asked = choose(ready(), 'anagrafe', 'k', later, view);
  assert.equal(chooseClass(asked, true, 'k', later + GHOST_MS - 1), asked, 'a second tap gives nobody priority');
});

test('priority is asked after the service, where the office has it, and forgotten with the next citizen', () => {
  const asked = choose(ready(), 'anagrafe', 'k', later, view);
  assert.equal(asked.step, 'class');
  assert.equal(asked.wish, null, 'nothing is sent before the answer');
  assert.equal(chooseClass(asked, true, 'k', 2000).wish?.class, 'priority');
  assert.equal(chooseClass(asked, false, 'k', 2000).wish?.class, 'standard');
  assert.equal(choose(start(0), 'anagrafe', 'k', later, view).step, 'class', 'the next one is asked again');
});

test('a channel with services of its own offers them, and something else', () => {
  const services = /** @type {any} */ ([
    { id: 'carta', channel: 'anagrafe', on_totem: true },
    { id: 'altro', channel: 'anagrafe', on_totem: false },
  ]);
  const offers = { ...plain, services };
  const asked = choose(ready(), 'anagrafe', 'k', later, offers);
  assert.equal(asked.step, 'services');
  assert.equal(choose(ready(), 'protocollo', 'k', later, offers).step, 'sending');
  const chosen = chooseService(asked, 'anagrafe', 'carta', 'k', 2000, offers);
  assert.deepEqual([chosen.step, chosen.service, chosen.wish?.channel], ['sending', 'carta', 'anagrafe']);
  assert.equal(chooseService(asked, 'anagrafe', '', 'k', 2000, offers).service, '');
});

test('every place leads back to where one came from', () => {
  const found = chooseService(search(ready(), later), 'anagrafe', 'carta', 'k', 2000, view);
  assert.deepEqual([found.step, found.path], ['class', ['choose', 'search']]);
  const once = back(found, 3000);
  assert.equal(once.step, 'search');
  assert.equal(back(once, 4000).step, 'choose');
  const home = back(back(once, 4000), 5000);
  assert.equal(home.step, 'choose');
  const sending = chooseClass(found, false, 'k', 3000);
  assert.equal(back(sending, 4000), sending, 'what was sent is not taken back');
});

test('without an answer the same wish is sent again, with its key', () => {
  const sending = choose(ready(), 'anagrafe', 'k1', later, plain);
  const silent = failed(sending, { code: 'unreachable', message: '', language: 'it' }, 9000);
  assert.equal(again(silent, 9500).wish?.key, 'k1');
  assert.equal(again(silent, 9500).step, 'sending');
  const refused = failed(sending, { code: 'channel_closed', message: '', language: 'it' }, 9000);
  assert.equal(again(refused, 9500), refused);
  assert.equal(mayRepeat(null), false);
  assert.equal(mayRepeat({ code: 'unavailable', message: '', language: 'it', reason: 'offline_numbers_gone' }), false, 'no second try brings numbers');
});

test('a ticket and a refusal pass, a kiosk without pairing stays', () => {
  assert.ok(lasts(issued(ready(), ticket, 0), 0) > 0);
  assert.ok(lasts(failed(ready(), { code: 'channel_full', message: '', language: 'it' }, 0), 0) > 0);
  assert.equal(lasts(failed(ready(), { code: 'unauthenticated', message: '', language: 'it' }, 0), 0), 0);
  assert.equal(lasts(ready(), 0), 0);
});

test('the screen follows the paper', () => {
  const printing = issued(ready(), { ...ticket, id: 'T', printed: 'pending' }, 0);
  assert.equal(about(printing, 1000), 'printing');
  assert.equal(lasts(printing, 1000), 0, 'no end while it prints');
  assert.equal(about(printing, PRINTING_MS), 'plain', 'a printer that says nothing holds nobody up');
  assert.ok(lasts(printing, PRINTING_MS) > 0);
  assert.equal(paper(printing, { ticket: 'another', printed: 'yes' }, 1000), printing);
  assert.equal(about(paper(printing, { ticket: 'T', printed: 'yes' }, 1000), 1000), 'take');
  for (const printed of ['failed', 'unknown']) {
    const lost = paper(printing, { ticket: 'T', printed, reason: 'paper_out' }, 1000);
    assert.equal(about(lost, 1000), 'ask');
    assert.equal(lost.ticket?.print_reason, 'paper_out');
    assert.equal(about(keep(lost, 2000), 2000), 'kept');
    assert.equal(givenUp(lost, 2000).step, 'gone');
  }
  assert.equal(about(issued(ready(), { ...ticket, printed: 'no' }, 0), 0), 'plain');
});

test('another copy is not taken for the one before', () => {
  const before = { ticket: 'T', printed: 'unknown', reason: 'no_answer' };
  const lost = paper(issued(ready(), { ...ticket, id: 'T', printed: 'pending' }, 0), before, 1000);
  const again2 = reprinting(lost, { ...ticket, id: 'T', printed: 'pending', reprints: 1 }, before, 2000);
  assert.equal(paper(again2, before, 2100), again2, 'old news');
  const begun = paper(again2, { ticket: 'T', printed: 'pending' }, 2200);
  assert.equal(about(paper(begun, before, 9000), 9000), 'ask', 'the copy went wrong in the same way');
});

test('a kiosk that the server does not know never looks ready', () => {
  assert.equal(screen(ready(), view, 'live', true), 'unpaired');
  assert.equal(screen(ready(), null, 'connecting', true), 'unpaired');
  const refused = failed(ready(), { code: 'unauthenticated', message: '', language: 'it' }, 0);
  assert.equal(screen(refused, view, 'live'), 'unpaired');
  assert.equal(screen(issued(ready(), ticket, 0), view, 'lost', true), 'ticket', 'the ticket was given');
});

test('the screen says what is', () => {
  assert.equal(screen(ready(), null, 'connecting'), 'connecting');
  assert.equal(screen(ready(), view, 'live'), 'start');
  assert.equal(screen(ready(), view, 'stale'), 'start');
  assert.equal(screen(choose(ready(), 'anagrafe', 'k', later, view), view, 'live'), 'class');
  assert.equal(screen(ready(), view, 'lost'), 'lost');
  assert.equal(screen(issued(ready(), ticket, 0), view, 'lost'), 'ticket', 'a ticket stays in sight');
  assert.equal(screen(ready(), { ...view, open: false }, 'live'), 'start', 'a channel with hours of its own');
  assert.equal(screen(ready(), { ...view, open: false, channels: [view.channels[1]] }, 'live'), 'closed');
  assert.equal(screen(ready(), { ...view, channels: [] }, 'live'), 'empty');
});

test('digits choose the channels that are open', () => {
  const { channels } = view;
  assert.equal(choiceOfKey(channels, '1'), channels[0]);
  assert.equal(choiceOfKey(channels, '2'), null);
  assert.equal(choiceOfKey(channels, '3'), null);
  assert.equal(choiceOfKey(channels, '0'), null);
  assert.equal(choiceOfKey([], '1'), null);
});

test('digits choose only of the page that is shown', () => {
  const channels = /** @type {any} */ (['a', 'b', 'c', 'd', 'e'].map((id) => ({ id, open: true })));
  assert.equal(choiceOfKey(choicesOn(channels, 0, 2), '3')?.id, 'c');
  assert.equal(choiceOfKey(choicesOn(channels, 0, 2), '4'), null);
  assert.equal(choiceOfKey(choicesOn(channels, 1, 2), '1')?.id, 'd');
  assert.equal(choiceOfKey(choicesOn(channels, 1, 2), '3'), null);
  assert.equal(choiceOfKey(choicesOn(channels, 0, 1), '5')?.id, 'e');
});

test('a code to scan takes no number, and becomes a ticket or paper', () => {
  const code = (/** @type {string} */ id) => ({ url: '', qr: '', ticket: id });
  const sent = chooseClass(choose(ready(), 'protocollo', 'k', later, view), false, 'k', 2 * later);
  const shown = invited(sent, code('a'), 3 * later);
  assert.equal(screen(shown, view, 'live'), 'invited');
  assert.equal(shown.ticket, null);
  assert.ok(lasts(shown, 3 * later) > 0);
  assert.equal(onPaper(shown, 'p', 3 * later), shown, 'a second tap');

  const fresh = invited(invited(shown, code('b'), 4 * later), code('c'), 5 * later);
  assert.deepEqual(fresh.invitations.map((each) => each.ticket), ['b', 'c'], 'the one before may be on a phone already');
  assert.equal(fresh.since, shown.since);
  assert.equal(screen(issued(fresh, ticket, 6 * later), view, 'live'), 'ticket');

  const paperAfterAll = onPaper(fresh, 'p', 6 * later);
  assert.deepEqual([paperAfterAll.step, paperAfterAll.wish && paperAfterAll.wish.key, paperAfterAll.wish && paperAfterAll.wish.channel], ['sending', 'p', 'protocollo']);
  assert.deepEqual(paperAfterAll.invitations, []);
  const gone = start(7 * later);
  assert.equal(invited(gone, code('d'), 7 * later), gone, 'whoever has gone sees no code');
});
