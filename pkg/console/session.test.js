import assert from 'node:assert/strict';
import { test } from 'node:test';

import { safeNext } from './session.js';

test('the login leads nowhere but to this site', () => {
  assert.equal(safeNext('/console?counter=2'), '/console?counter=2');
  assert.equal(safeNext('/admin'), '/admin');
  for (const next of [null, '', 'https://example.org/', '//example.org/', '/\\example.org/', '/\t/example.org', 'javascript:alert(1)', 'console']) {
    assert.equal(safeNext(next), '/console', String(next));
  }
});
