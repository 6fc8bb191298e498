import assert from 'node:assert/strict';
import { test } from 'node:test';

import { about, counters, demandError, headline, learnedFrom, minutes, misses, modelError, more, wait } from './simulatorwords.js';

const today = '2026-03-02';

/** @param {object} [change] */
const figures = (change) => ({ visits: 80, served: 76, absent: 2, left: 2, turned: 0, mean_s: 840, p50_s: 700, p90_s: 1900, late: 0.31, within: 0.62, ...change });

/** @param {object} [change] @returns {any} */
const answer = (change) => ({
  from: '2026-02-27', to: '2026-02-27', days: 1, drawn: 0, least_counters: 3, most_counters: 3, counters: 0, more: 1, target_s: 0, share: 0,
  real: figures({ mean_s: 790 }), model: figures(), what_if: figures({ mean_s: 370, p90_s: 880, late: 0.08, left: 1 }), planned: null,
  error: { days: 1, mean_s: 50, hours_s: 100 }, by_hour: [], by_channel: [], attended: [], staffing: null, demand: null, assumed: '', ...change,
});

/** @param {number} weekday @param {number[]} counters @param {object} [change] */
const staffing = (weekday, counters, change) => ({
  weekday, days: 1, was_h: 31.2, planned_h: 24, hours: counters.map((n, i) => ({ hour: 8 + i, arrivals: 12, was: 3, counters: n, within: 0.95 })), ...change,
});

test('a wait is said as people say it', () => {
  assert.deepEqual([0, 29, 30, 89, 90, 840, 3570, 3600, 3900, 7260].map(wait), [
    'meno di un minuto', 'meno di un minuto', '1 minuto', '1 minuto', '2 minuti', '14 minuti', '1 ora', '1 ora', '1 ora e 5 minuti', '2 ore e 1 minuto',
  ]);
  assert.equal(minutes(-1), '0,0');
});

test('a past day with another counter', () => {
  assert.equal(headline(answer(), today), 'Con uno sportello in più l’attesa media sarebbe stata di 6 minuti invece di 14; nove persone su dieci avrebbero atteso al massimo 15 minuti.');
  assert.deepEqual(more(answer(), today), [
    'Oltre 20 minuti avrebbe atteso l’8 % invece del 31 %.',
    'Se ne sarebbe andata senza essere chiamata 1 persona invece di 2.',
  ]);
  assert.equal(about(answer(), today), 'Venerdì 27 febbraio: 1 giorno, 80 visite, 3 sportelli usati');
  const calm = answer({ what_if: figures({ mean_s: 10, p90_s: 50, late: 0 }) });
  assert.deepEqual(more(calm, today), ['Nessuno avrebbe atteso oltre 20 minuti, invece del 31 %.']);
  const none = answer({ more: -1, what_if: figures({ mean_s: 820, p90_s: 20 }), least_counters: 1 });
  assert.equal(headline(none, today), 'Con uno sportello in meno l’attesa media sarebbe rimasta di 14 minuti; nove persone su dieci avrebbero atteso al massimo un minuto.');
  assert.deepEqual(more(none, today), ['Dove gli sportelli erano pochi, uno resta comunque.']);
});

test('counters are few in words', () => {
  assert.deepEqual([1, 2, -1, 12].map((n) => counters(answer({ more: n }))), ['uno sportello in più', 'due sportelli in più', 'uno sportello in meno', '12 sportelli in più']);
  assert.equal(counters(answer({ more: 0, counters: 4 })), 'quattro sportelli');
});

test('a wait that changes its unit is said whole', () => {
  const a = answer({ more: 0, counters: 2, model: figures({ mean_s: 4000 }), what_if: figures({ mean_s: 20, p90_s: 4000 }) });
  assert.match(headline(a, today), /^Con due sportelli l’attesa media sarebbe stata di meno di un minuto invece di 1 ora e 7 minuti; .* al massimo 1 ora e 7 minuti\.$/);
});

test('days to come are expected, and nothing is said to have been', () => {
  const demand = { days: [{ day: '2026-03-03', visits: 143.2, low: 121, high: 166.4 }, { day: '2026-03-04', visits: 98, low: 80, high: 115 }], learned_days: 640, error: { days: 30, mae: 11.3, share: 0.08 } };
  const a = answer({ from: '2026-03-03', to: '2026-03-04', days: 2, drawn: 2, real: null, demand });
  assert.equal(headline(a, today), 'Con uno sportello in più l’attesa media sarebbe di 6 minuti invece di 14; nove persone su dieci attenderebbero al massimo 15 minuti.');
  assert.deepEqual(more(a, today), [
    'Oltre 20 minuti attenderebbe l’8 % invece del 31 %.',
    'Se ne andrebbe senza essere chiamata 1 persona invece di 2.',
    'Si attendono da 98 persone mercoledì 4 marzo a 143 (quattro volte su cinque tra 121 e 166) martedì 3 marzo.',
  ]);
  const even = { ...demand, days: demand.days.map((day) => ({ ...day, visits: 100, low: 80, high: 120 })) };
  assert.equal(more(answer({ ...a, demand: even }), today)[2], 'Ogni giorno si attendono 100 persone (quattro volte su cinque tra 80 e 120).');
  const [tuesday] = demand.days;
  assert.match(more(answer({ ...a, days: 1, drawn: 1, demand: { ...demand, days: [tuesday] } }), today)[2], /^Martedì 3 marzo si attendono 143 persone \(/);
  assert.equal(demandError(demand.error), 'Quanto sbaglia: negli ultimi 30 giorni, prevedendoli una settimana prima, in media di 11 persone al giorno (l’8 %).');
  assert.equal(learnedFrom(640), 'L’attesa è imparata da 640 giorni di sportello.');
  assert.equal(learnedFrom(1), 'L’attesa è imparata da 1 giorno di sportello.');
  assert.match(demandError({ days: 0, mae: 0, share: 0 }), /non si sa ancora/);
  assert.equal(about(a, today), 'Dal 3 al 4 marzo: 2 giorni, tirati a sorte, 80 visite, 3 sportelli usati al giorno');
});

test('a plan says how many, how long, and where no number is enough', () => {
  const a = answer({ more: 0, what_if: null, target_s: 900, share: 0.9, planned: figures(), staffing: [staffing(5, [2, 3, 1])] });
  assert.equal(headline(a, today), 'Perché il 90 % aspetti meno di 15 minuti servono da uno a tre sportelli, secondo l’ora.');
  assert.deepEqual(more(a, today), ['In tutto sono 24 ore di sportello, invece di 31.', 'Con gli sportelli che c’erano aspetta meno di 15 minuti, nel modello, il 62 %.']);
  const week = answer({ ...a, days: 3, staffing: [staffing(1, [2, 2], { days: 2 }), staffing(2, [5, 2], { planned_h: 31.2 })] });
  assert.match(headline(week, today), /servono da due a cinque sportelli, secondo il giorno e l’ora\.$/);
  assert.equal(more(week, today)[0], 'In tutto sono 26 ore di sportello al giorno, in media, invece di 31.');
  const one = answer({ ...a, share: 0.8, staffing: [staffing(5, [1, 1])] });
  assert.equal(headline(one, today), 'Perché l’80 % aspetti meno di 15 minuti basta uno sportello, a ogni ora.');
  const short = staffing(5, [2]);
  short.hours[0].within = 0.5;
  assert.ok(misses(short.hours[0], 0.9) && !misses({ ...short.hours[0], arrivals: 0 }, 0.9));
  assert.match(more(answer({ ...a, staffing: [short] }), today)[1], /non basta nessun numero di sportelli\.$/);
});

test('how wrong the model is, is said plainly', () => {
  assert.equal(modelError(answer()), 'Rigiocando 1 giorno con gli stessi sportelli il modello trova un’attesa media di 1 minuto più lunga di quella vera (13 minuti); ora per ora sbaglia, in media, di 2 minuti. ' +
    'Differenze più piccole di questa non vanno prese alla lettera.');
  assert.match(modelError(answer({ error: { days: 20, mean_s: -10, hours_s: 12 }, real: null })), /20 giorni .* come quella vera; ora per ora sbaglia, in media, di meno di mezzo minuto\./);
});
