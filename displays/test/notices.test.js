import assert from 'node:assert/strict';
import { test } from 'node:test';
import { turnsOf } from '../monitor/notices.js';

test('every language of a notice is beside its Italian in its turn, English first', () => {
  assert.deepEqual(turnsOf({ ar: 'مغلق', it: 'Chiuso', en: 'Closed', fr: '' }), [['it', 'en'], ['it', 'ar']]);
  assert.deepEqual(turnsOf({ it: 'Chiuso' }), [['it']]);
  assert.deepEqual(turnsOf({ ar: 'مغلق' }), [['ar']]);
  assert.deepEqual(turnsOf({ it: 'Bar', en: 'Bar' }), [['it']]);
  assert.deepEqual(turnsOf({}), []);
});
