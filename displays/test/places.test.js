import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commonWord, placeOf } from '../monitor/places.js';

const counter = (id, it, en = it) => ({ id, names: { it, en } });
const call = (id, where) => ({ counter: id, where: { it: where } });

test('a long name leaves the others short', () => {
  const counters = [counter('1', 'Sportello 1'), counter('2', 'Sportello 2B'), counter('scuola', 'Ufficio Scuola, primo piano')];
  assert.equal(commonWord(counters, 'it'), 'Sportello');
  assert.deepEqual(placeOf(call('2', 'Sportello 2B, piano terra'), counters, 'it'), { word: 'Sportello', name: '2B', place: 'piano terra' });
  assert.deepEqual(placeOf(call('scuola', 'Ufficio Scuola, primo piano'), counters, 'it'), { word: '', name: 'Ufficio Scuola, primo piano', place: '' });
});

test('names that differ in their word keep it', () => {
  const counters = [counter('1', 'Sportello 1'), counter('2', 'Stanza 1')];
  assert.equal(commonWord(counters, 'it'), '');
  assert.equal(placeOf(call('2', 'Stanza 1'), counters, 'it').name, 'Stanza 1');
});
