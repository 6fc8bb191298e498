import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contrastOn, faultsOf, idFor, isOf, put, reading, rebase, same } from './displaysdraft.js';
import { accentWords, backgroundWords } from './displayswords.js';

/** @param {Partial<import('./displaysdraft.js').Draft>} [more] @returns {import('./displaysdraft.js').Draft} */
function draft(more) {
  return {
    version: 3,
    channels: [{ id: 'a', letter: 'A', color: '', name: { it: 'Anagrafe' } }],
    counters: [],
    displays: [{ id: 'sala', name: { it: 'Sala' }, sound: true }, { id: 'atrio', name: { it: 'Atrio' }, sound: false }],
    notices: [{ id: 'n', text: { it: 'Chiuso' } }],
    ...more,
  };
}

test('a property that says nothing is taken away, and the document is as it was', () => {
  const document = draft();
  const { displays = [] } = document;
  put(displays[0], 'room', 'atrio');
  put(displays[0], 'layout', 'counter');
  assert.ok(!same(document, draft()));
  for (const [key, value] of /** @type {[string, unknown][]} */ ([['room', ''], ['layout', undefined], ['quiet', []], ['look', {}], ['volume', 0]])) put(displays[0], key, value);
  assert.ok(same(document, draft()));
  assert.ok(same({ a: 1, b: { c: 2, d: 3 } }, { b: { d: 3, c: 2 }, a: 1 }));
  assert.ok(!same([1, 2], [2, 1]));
});

test('an id is of its name, and nobody else’s', () => {
  assert.equal(idFor('Sala d’attesa, 1° piano', []), 'sala-d-attesa-1-piano');
  assert.equal(idFor('Città', ['citta', 'citta-2']), 'citta-3');
  assert.equal(idFor('مرحبا', []), 'monitor');
});

test('a draft goes over to a document that others changed', () => {
  const mine = draft();
  const [sala] = mine.displays || [];
  sala.layout = 'entrance';
  mine.displays = [sala, { id: 'nuovo', name: { it: 'Nuovo' }, sound: false }]; // atrio is gone
  mine.channels[0].on_deck = 2;
  mine.voice = { ticket_language: true };
  const theirs = draft({ version: 4 });
  (theirs.displays || []).push({ id: 'altro', name: { it: 'Altro' }, sound: false });
  (theirs.displays || [])[0].room = 'loro';
  theirs.channels[0].name = { it: 'Stato civile' };
  (theirs.notices || [])[0].spoken = true;
  const made = rebase(draft(), mine, theirs);
  assert.deepEqual((made.displays || []).map((d) => d.id), ['sala', 'altro', 'nuovo']);
  assert.equal((made.displays || [])[0].layout, 'entrance');
  assert.equal(made.version, 4);
  assert.deepEqual(made.channels[0].name, { it: 'Stato civile' });
  assert.equal(made.channels[0].on_deck, 2);
  assert.equal((made.notices || [])[0].spoken, true);
  assert.deepEqual(made.voice, { ticket_language: true });
});

test('faults belong to their fields', () => {
  const faults = ['displays[1].look.accent', 'displays[10].name.it', 'channels[0].name.it'].map((path) => ({ path, message: '' }));
  const { own, others } = faultsOf(faults, 1);
  assert.deepEqual(own.map((f) => f.path), ['look.accent']);
  assert.equal(others.length, 2);
  assert.ok(isOf('quiet[0].to', 'quiet'));
  assert.ok(isOf('look.accent', 'look.accent'));
  assert.ok(!isOf('channels[0]', 'channel'));
});

test('a contrast is told as it is typed', () => {
  assert.equal(contrastOn('#12'), null);
  assert.equal(accentWords(null).words, '');
  assert.deepEqual([17, 170, 100].map((grey) => accentWords(contrastOn(`#${grey.toString(16).padStart(2, '0').repeat(3)}`)).bad), [false, true, false]);
  assert.deepEqual([17, 128, 240].map((grey) => backgroundWords(contrastOn(`#${grey.toString(16).padStart(2, '0').repeat(3)}`)).bad), [false, true, false]);
});

test('inches and metres are told as what they come to', () => {
  assert.equal(reading({}, null).kind, 'none');
  assert.match(reading({ inches: 55, metres: 5 }, null).words, /61 mm/);
  assert.equal(reading({ inches: 55, metres: 5 }, { legible: 'ok', number: 61.2 }).words, 'Numeri alti 61 mm: bastano per 5 m.');
  assert.equal(reading({ inches: 32, metres: 8 }, { legible: 'number', number: 40 }).kind, 'warn');
});
