import assert from 'node:assert/strict';
import { test } from 'node:test';

import { agreed } from './pairing.js';

const asks = (kind, target = '', office = 'urp', invited = false) => /** @type {any} */ ({ id: `${kind}${target}`, kind, office, target, invited });

test('what the devices that ask agree on is chosen for the administrator', () => {
  assert.equal(agreed([]), null);
  assert.deepEqual(agreed([asks('display', 'sala'), asks('display', 'sala')]), { kind: 'display', office: 'urp', target: 'sala' });
  assert.deepEqual(agreed([asks('display', 'sala'), asks('display', 'ingresso')]), { kind: 'display', office: 'urp', target: '' });
  assert.equal(agreed([asks('display'), asks('totem', 'totem')]), null);
  assert.equal(agreed([asks('totem', 'totem'), asks('totem', 'totem', 'branch')]), null);
});

test('an invitation, or who does not say what it is, chooses nothing', () => {
  assert.equal(agreed([asks('totem', 'totem', 'urp', true), asks('')]), null);
  assert.deepEqual(agreed([asks(''), asks('totem', 'totem')]), { kind: 'totem', office: 'urp', target: 'totem' });
});
