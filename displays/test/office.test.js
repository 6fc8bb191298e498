import assert from 'node:assert/strict';
import { test } from 'node:test';
import { apiBase, officePath } from '../lib/office.js';

test('a page asks for its own office', () => {
  for (const path of ['/', '/affluenza', '/t/ABC', '/display/sala', '/display/offices', '/totem', '/console', '/admin', '/login', '/offices', '/offices/', '/t/offices/x']) {
    assert.equal(officePath(path), '', path);
    assert.equal(apiBase(path), '/api/v1', path);
  }
  for (const path of ['/offices/cascine', '/offices/cascine/', '/offices/cascine/t/ABC', '/offices/cascine/display/sala', '/offices/cascine/console']) {
    assert.equal(officePath(path), '/offices/cascine', path);
    assert.equal(apiBase(path), '/api/v1/offices/cascine', path);
  }
});
