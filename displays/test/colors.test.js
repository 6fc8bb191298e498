import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** Where colours are named, and the only place. */
const TOKENS = 'displays/lib/tokens.css';
/** For browsers that know no properties of one's own. */
const OLD = 'displays/lib/old.js';
/** The folders of the faces. */
const FACES = ['displays', 'totem/screen', 'totem/printer', 'pkg/console', 'pkg/web'];
/** What the browsers of wall screens don't know (docs/decisions/0003). */
const TOO_NEW = /:has\(|\boklch\(|^\s*&/;
const COLOR = /#[0-9a-f]{3,8}\b|\b(?:rgb|hsl)a?\(|^[^*]*:\s*(?:white|black|red|green|blue|gr[ae]y|yellow)\b/i;

/** @param {string} folder @returns {string[]} */
function sheets(folder) {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return sheets(path);
    return /\.(css|js)$/.test(path) && !/\.test\.js$/.test(path) && path !== TOKENS && path !== OLD ? [path] : [];
  });
}

test('no style sheet names a colour: each reads a property of tokens.css', () => {
  const named = FACES.flatMap(sheets).flatMap((path) =>
    readFileSync(join(root, path), 'utf8')
      .split('\n')
      .flatMap((line, i) => (COLOR.test(line) ? [`${path}:${i + 1}: ${line.trim()}`] : [])),
  );
  assert.deepEqual(named, []);
});

test('what wall screens load has no selector that their browsers lack', () => {
  const newer = ['displays', 'pkg/web'].flatMap(sheets).flatMap((path) =>
    readFileSync(join(root, path), 'utf8')
      .split('\n')
      .flatMap((line, i) => (TOO_NEW.test(line) && path.endsWith('.css') ? [`${path}:${i + 1}: ${line.trim()}`] : [])),
  );
  assert.deepEqual(newer, []);
});

test('every property that a style sheet reads is set somewhere', () => {
  const all = [TOKENS, ...FACES.flatMap(sheets)].map((path) => readFileSync(join(root, path), 'utf8')).join('\n');
  // Set by scripts: a channel's colour, and what a monitor measures of itself.
  const set = new Set(['--channel', '--only', '--h', '--rows', '--columns', ...Array.from(all.matchAll(/(--[\w-]+)\s*:/g), (m) => m[1])]);
  const unset = new Set(Array.from(all.matchAll(/var\((--[\w-]+)/g), (m) => m[1]).filter((name) => !set.has(name)));
  assert.deepEqual([...unset], []);
});
