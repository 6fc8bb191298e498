import assert from 'node:assert/strict';
import { test } from 'node:test';
import { channelChoices, foundChoices, isOffline, mayPrint, paperFault, printOf, searchable, serviceChoices } from './choices.js';

const channel = { id: 'a', letter: 'A', color: '', names: { it: 'Anagrafe' }, hints: { it: 'Carte' }, open: true, closed: {}, ending: false, waiting: 3, wait: { low_s: 60, likely_s: 90, high_s: 120 } };
const services = [
  { id: 'carta', channel: 'a', names: { it: 'Carta' }, words: {}, bring: {}, on_totem: true },
  { id: 'altra', channel: 'z', names: { it: 'Altra' }, words: {}, bring: {}, on_totem: true },
  { id: 'nota', channel: 'a', names: { it: 'Nota' }, words: {}, bring: {}, on_totem: false },
];
const agent = { server: { online: true, since: '' }, printer: { state: 'ready' }, disk: 'ok', left: { A: 5 }, prints: [] };
/** @param {object} [change] @param {object} [more] @returns {any} */
const view = (change, more) => ({ channels: [channel], services, agent: change && { ...agent, ...change }, ...more });

test('without the network nobody is told who waits, and what has no numbers left is closed', () => {
  assert.equal(isOffline(view()), false, 'served by the server itself');
  const offline = { server: { online: false, since: '' } };
  const [choice] = channelChoices(view(offline));
  assert.deepEqual([choice.open, choice.waiting, choice.wait], [true, null, null]);
  for (const change of [{ ...offline, left: { A: 0 } }, { ...offline, disk: 'full' }]) {
    const [gone] = channelChoices(view(change));
    assert.equal(gone.open, false);
    assert.match(gone.closed.ro, /ghișee/);
  }
  assert.equal(channelChoices(view({ left: { A: 0 } }))[0].open, true, 'the server has numbers');
});

test('who presses is told before that there will be no paper', () => {
  assert.equal(paperFault(view()), '');
  assert.equal(paperFault(view({ printer: { state: 'none' } })), '', 'there never is');
  assert.equal(paperFault(view({ printer: { state: 'paper_low' } })), '', 'the next ones still have it');
  assert.equal(paperFault(view({ printer: { state: 'paper_out' } })), 'noPaper');
  for (const state of ['cover_open', 'cutter_error', 'error', 'offline']) assert.equal(paperFault(view({ printer: { state } })), 'noPrinter');
  assert.equal(mayPrint(view({ printer: { state: 'paper_low' } })), true);
  assert.equal(mayPrint(view()), false);
  assert.equal(printOf(view({ prints: [{ ticket: 'T', printed: 'yes' }] }), 'T')?.printed, 'yes');
  assert.equal(printOf(null, 'T'), undefined);
});

test('a closed channel says so in every language', () => {
  const [choice] = channelChoices(view({}, { channels: [{ ...channel, open: false, closed: { it: 'Chiuso: apre alle 15.' } }] }));
  assert.equal(choice.closed.it, 'Chiuso: apre alle 15.');
  assert.equal(choice.closed.zh, '现在不取号');
});

test('services of the totem stand under their channel, and all can be searched', () => {
  assert.deepEqual(serviceChoices(view(), 'a').map((c) => c.names.it), ['Carta', 'Altro']);
  assert.deepEqual(searchable(view()).map((s) => s.id), ['carta', 'nota'], 'not one of a channel that there is not');
  const [found] = foundChoices(view(), 'nota', 'it');
  assert.deepEqual([found.channel, found.service, found.hint.it, found.waiting], ['a', 'nota', 'Anagrafe', 3]);
});

test('half an hour before the tickets end the button says so instead of what they are for', () => {
  const hint = (/** @type {boolean} */ ending) => channelChoices(view(undefined, { channels: [{ ...channel, ending }] }))[0].hint.it;
  assert.equal(hint(false), 'Carte');
  assert.match(hint(true), /finiscono entro circa mezz’ora/);
});
