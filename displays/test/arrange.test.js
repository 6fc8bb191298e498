import assert from 'node:assert/strict';
import { test } from 'node:test';
import { announced, arrange, lastCalled } from '../monitor/arrange.js';

/** Calls, newest first: "P001>1" holds, "(P001>1)" is past. */
function view(calls, only = [], channels = []) {
  return {
    display: { layout: 'sala', channels: only },
    absent: [],
    channels,
    calls: calls.map((text, i) => {
      const [, number, counter] = /(\w+)>(\w+)/.exec(text);
      const at = new Date(Date.parse('2026-03-02T09:00:00+01:00') - i * 60000).toISOString();
      return { id: 100 - i, number, counter, channel: number[0], at, times: 1, holds: !text.startsWith('(') };
    }),
  };
}
const said = ({ staged, rows }) => [staged && staged.number, ...rows.map((c) => c.number)].join(' ');

test('the newest call is on the stage, the others that hold come before those past', () => {
  assert.equal(said(arrange(view(['A003>2', '(A002>3)', 'A001>1']), null, 3)), 'A003 A001 A002');
});

test('every call that holds has its row, however many came later', () => {
  const later = Array.from({ length: 11 }, (_, i) => `(A0${20 - i}>2)`);
  assert.equal(said(arrange(view([...later, 'P001>1']), null, 3)), 'A020 P001 A019 A018');
  assert.equal(arrange(view(['A9>1', 'A8>2', 'A7>3', 'A6>4', 'A5>5', 'A4>6']), null, 3).rows.length, 5);
});

test('a monitor of one channel stages its own, and never says that nobody was called while somebody is', () => {
  const later = Array.from({ length: 11 }, (_, i) => `A0${20 - i}>${i + 2}`);
  assert.equal(arrange(view([...later, 'P001>1'], ['P']), null, 3).staged.number, 'P001');
  assert.equal(said(arrange(view(['A003>2', 'P002>1', '(A001>3)', 'P001>4'], ['P']), null, 3)), 'P002 P001 A003 A001');
  assert.equal(arrange(view(['A003>2'], ['P']), null, 3).staged, null);
});

test('a call that is being announced is on the stage, unless it was taken back', () => {
  const both = view(['A002>2', 'A001>1']);
  assert.equal(said(arrange(both, both.calls[1], 3)), 'A001 A002');
  assert.equal(said(arrange(view(['A002>2']), both.calls[1], 3)), 'A002');
});

test('a visit that has ended is announced to nobody', () => {
  const numbers = (calls, only) => announced(view(calls, only)).map((call) => call.number);
  assert.deepEqual(numbers(['A003>3', '(A002>3)', 'P001>1']), ['A003', 'P001']);
  assert.deepEqual(numbers(['A003>3', '(P002>1)', 'P001>1'], ['P']), ['P001']);
});

test('the numbers last called are known when their calls are gone', () => {
  assert.deepEqual(lastCalled(view([], ['P'], [{ last_called: 'P007' }, { last_called: null }])), ['P007']);
});

test('a counter has one row, whatever was called there before; a missed call has a line of its own', () => {
  assert.equal(said(arrange(view(['A004>2', 'A003>1', 'P002>1', 'P001>2']), null, 3)), 'A004 A003');
  const missed = { ...view(['A004>2', '(A003>1)', '(A002>1)']), absent: [{ number: 'A003' }] };
  assert.equal(said(arrange(missed, null, 3)), 'A004 A002');
});
