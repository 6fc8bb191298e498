import assert from 'node:assert/strict';
import { test } from 'node:test';

import { duration } from '../../displays/lib/text.js';
import { minutes, originOf, paperOf, printerOf, ticketNumber } from './words.js';

test('durations', () => {
  assert.equal(duration(-5), '0:00');
  assert.equal(duration(42_900), '0:42');
  assert.equal(duration(725_000), '12:05');
  assert.equal(duration(3_725_000), '1:02:05');
  assert.equal(minutes(59_999), '0 min');
  assert.equal(minutes(3_600_000), '1 h 00');
});

test('numbers as people type them', () => {
  assert.equal(ticketNumber('a42'), 'A042');
  assert.equal(ticketNumber(' A 042 '), 'A042');
  assert.equal(ticketNumber('a-042'), 'A042');
  assert.equal(ticketNumber('A1000'), 'A1000');
  assert.equal(ticketNumber('A0001000'), 'A1000');
  for (const typed of ['', '42', 'AB42', 'A', 'A000', '<b>']) assert.equal(ticketNumber(typed), null, typed);
});

test('what is wrong with a paper', () => {
  for (const printed of /** @type {const} */ (['no', 'pending', 'yes'])) assert.equal(paperOf({ printed }), null);
  assert.deepEqual(paperOf({ printed: 'failed', print_reason: 'paper_out' }), ['non stampato: carta finita', 'not printed: out of paper']);
  assert.deepEqual(paperOf({ printed: 'unknown', print_reason: 'link_lost' }), ['forse non stampato: collegamento caduto', 'maybe not printed: link lost']);
  assert.deepEqual(paperOf({ printed: 'failed', print_reason: 'of_a_newer_totem' }), ['non stampato', 'not printed']);
  assert.deepEqual(paperOf({ printed: 'unknown' }), ['forse non stampato', 'maybe not printed']);
  assert.deepEqual(paperOf({ printed: 'unknown', reprints: 2 }), ['forse non stampato (ristampa 2)', 'maybe not printed (reprint 2)'], 'a copy that came to nothing is told from the one before');
  assert.equal(paperOf({ printed: 'pending', reprints: 2 }), null);
  assert.deepEqual(printerOf('presenter_jam'), ['presenter jam', '']);
});

test('where a number is from', () => {
  assert.equal(originOf({ number: 'A042' }, '09:30'), 'Biglietto delle 09:30');
  assert.equal(originOf({ number: 'A900', offline: true }, '09:30'), 'Biglietto delle 09:30, dato senza rete');
  assert.equal(originOf({ number: '' }, '09:30'), 'Dalle 09:30');
});
