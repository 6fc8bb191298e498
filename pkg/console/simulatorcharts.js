/** The pictures and tables of the simulator's answer. */

/** @import { Answer, Figures, Staffing, Ways } from './simulatorwords.js' */
/** @import { Chart, Series } from './chart.js' */
import { h } from '../../displays/lib/dom.js';
import { pick } from '../../displays/lib/text.js';
import { chart, chartWithTable, table } from './chart.js';
import { nameOf, weekday } from './simulatordays.js';
import { capital, counters, demandError, learnedFrom, minutes, misses, percent, rounded, tenth, WEEKDAYS } from './simulatorwords.js';

/**
 * @typedef {object} Way a way in which the days were played
 * @property {keyof Ways} key
 * @property {string} name
 * @property {Series['look']} look
 */

/** Those that an answer has. @param {Answer} a @returns {Way[]} */
function waysOf(a) {
  /** @type {Way[]} */
  const all = [
    { key: 'real', name: 'Com’è stato', look: 'was' },
    { key: 'model', name: a.real ? 'Il modello, stessi sportelli' : 'Con gli sportelli di sempre', look: a.real ? 'model' : 'was' },
    { key: 'what_if', name: `Con ${counters(a)}`, look: 'other' },
    { key: 'planned', name: 'Con il piano', look: 'plan' },
  ];
  return all.filter(({ key }) => a[key]);
}

/** A part of the page. @param {string} title @param {...(Node | string | null | false)} content */
function part(title, ...content) {
  return h('section', { class: 'card answer-part' }, h('h3', {}, title), ...content);
}

/**
 * All of them, the most telling first.
 * @param {Answer} a @param {string} today
 */
export function pictures(a, today) {
  const ways = waysOf(a);
  return [
    a.demand && demand(a.demand, today),
    a.staffing && plan(a.staffing, a.share),
    waits(a, ways),
    !a.staffing && attended(a, ways),
    whole(a, ways),
    a.by_channel.length > 1 && parts(a, ways),
  ].filter((made) => made instanceof Node);
}

/** The mean wait, hour by hour. @param {Answer} a @param {Way[]} ways */
function waits(a, ways) {
  const value = (/** @type {Figures | null} */ f) => (f && f.visits > 0 ? f.mean_s / 60 : null);
  const series = ways.map(({ key, name, look }) => ({ name, look, kind: /** @type {Series['kind']} */ (look === 'model' ? 'mark' : 'bar'), values: a.by_hour.map((hour) => value(hour[key])) }));
  const longest = a.by_hour.reduce((most, hour) => (hour.model.mean_s > most.model.mean_s ? hour : most));
  return part(
    'Quanto si aspetta, ora per ora',
    chartWithTable(
      {
        title: 'Attesa media per ora d’arrivo', unit: 'minuti', labels: a.by_hour.map(({ key }) => String(Number(key))), series,
        said: `Attesa media per ora d’arrivo. L’ora in cui si aspetta di più, nel modello, è quella delle ${Number(longest.key)}: ${minutes(longest.model.mean_s)} minuti. I numeri sono nella tabella.`,
      },
      {
        caption: 'Attesa media in minuti, per ora d’arrivo',
        head: ['Ora', 'Visite', ...ways.map(({ name }) => name)],
        rows: a.by_hour.map((hour) => [hourName(Number(hour.key)), String(hour.model.visits + hour.model.turned), ...ways.map(({ key }) => cell(hour[key]))]),
      },
    ),
  );
}

/** @param {Figures | null} f */
function cell(f) {
  return f && f.visits > 0 ? minutes(f.mean_s) : '–';
}

/** "8–9" @param {number} hour */
function hourName(hour) {
  return `${hour}–${hour + 1}`;
}

/** How many counters are attended. @param {Answer} a @param {Way[]} ways */
function attended(a, ways) {
  const other = ways.find(({ key }) => key === 'what_if');
  const was = a.real ? 'Com’è stato' : 'Come di solito';
  /** @type {Series[]} */
  const series = [{ name: was, look: 'was', kind: 'step', values: a.attended.map((hour) => hour.was) }];
  if (other) series.unshift({ name: other.name, look: 'other', kind: 'step', values: a.attended.map((hour) => hour.what_if) }); // under what was: they may be the same
  const most = Math.max(...a.attended.map((hour) => hour.was));
  return part(
    'Quanti sportelli lavorano, ora per ora',
    chartWithTable(
      {
        title: 'Sportelli con qualcuno, in media', unit: 'sportelli', labels: a.attended.map(({ hour }) => String(hour)), whole: true, series,
        said: `Sportelli con qualcuno, ora per ora: al massimo ${tenth(most)}. I numeri sono nella tabella.`,
      },
      {
        caption: 'Sportelli con qualcuno, in media',
        head: ['Ora', ...series.map(({ name }) => name)],
        rows: a.attended.map((hour, i) => [hourName(hour.hour), ...series.map(({ values }) => tenth(values[i] || 0))]),
      },
    ),
  );
}

/** How many counters are needed, a picture for each weekday. @param {Staffing[]} staffing @param {number} share */
function plan(staffing, share) {
  const hours = staffing.flatMap((s) => s.hours.map(({ hour }) => hour));
  const [first, last] = [Math.min(...hours), Math.max(...hours)];
  const all = Array.from({ length: last - first + 1 }, (_, i) => first + i);
  const top = Math.max(...staffing.flatMap((s) => s.hours.map((hour) => Math.max(hour.counters, hour.was))));
  const at = (/** @type {Staffing} */ s, /** @type {number} */ hour) => s.hours.find((of) => of.hour === hour);
  const charts = staffing.map((s) => {
    const name = WEEKDAYS[s.weekday - 1];
    const most = s.hours.reduce((fullest, hour) => (hour.counters > fullest.counters ? hour : fullest));
    return chart({
      title: capital(name), unit: 'sportelli', labels: all.map(String), whole: true, top,
      series: [
        { name: 'Il piano', look: 'plan', kind: 'step', values: all.map((hour) => at(s, hour)?.counters ?? null) },
        { name: 'Come di solito', look: 'was', kind: 'step', values: all.map((hour) => at(s, hour)?.was ?? null) },
      ],
      said: `${capital(name)}: al massimo ${most.counters} sportelli, alle ${most.hour}. I numeri sono nella tabella.`,
    });
  });
  const told = (/** @type {Staffing} */ s, /** @type {number} */ hour) => {
    const of = at(s, hour);
    return of ? `${of.counters}${misses(of, share) ? '!' : ''} (${tenth(of.was)})` : '–';
  };
  return part(
    'Il piano, ora per ora',
    h('div', { class: staffing.length > 1 ? 'chart-several' : 'chart-pair' }, ...charts, staffing.length === 1 && planTable(staffing, all, told)),
    staffing.length > 1 && planTable(staffing, all, told),
  );
}

/** @param {Staffing[]} staffing @param {number[]} hours @param {(s: Staffing, hour: number) => string} told */
function planTable(staffing, hours, told) {
  return table({
    caption: 'Quanti sportelli servono, e tra parentesi quanti ce n’erano in media',
    head: ['Ora', ...staffing.map((s) => capital(WEEKDAYS[s.weekday - 1]))],
    rows: [
      ...hours.map((hour) => [hourName(hour), ...staffing.map((s) => told(s, hour))]),
      ['Ore al giorno', ...staffing.map((s) => `${tenth(s.planned_h)} (${tenth(s.was_h)})`)],
    ],
  });
}

/** How many are expected. @param {NonNullable<Answer['demand']>} expected @param {string} today */
function demand(expected, today) {
  const { days } = expected;
  const short = (/** @type {string} */ day) => `${WEEKDAYS[weekday(day) - 1].slice(0, 3)} ${Number(day.slice(8))}`;
  const total = days.reduce((sum, { visits }) => sum + visits, 0);
  /** @type {Chart} */
  const drawn = {
    title: 'Persone al giorno', unit: 'persone', labels: days.map(({ day }) => short(day)), whole: true,
    series: [{ name: 'Attese', look: 'ahead', kind: 'range', values: days.map(({ visits }) => visits), ranges: days.map(({ low, high }) => [low, high]) }],
    said: `Persone attese giorno per giorno, ${rounded(total)} in tutto. I numeri sono nella tabella.`,
  };
  const told = {
    caption: 'Persone attese: quattro volte su cinque il numero sta tra i due estremi',
    head: ['Giorno', 'Attese', 'Da', 'A'],
    rows: days.map(({ day, visits, low, high }) => [capital(nameOf(day, today)), rounded(visits), rounded(low), rounded(high)]),
  };
  return part(
    'Quante persone si attendono',
    days.length > 1 ? chartWithTable(drawn, told) : table(told), // a single bar tells nothing
    h('p', { class: 'answer-note' }, `${learnedFrom(expected.learned_days)} ${demandError(expected.error)}`),
  );
}

/** All visits together. @param {Answer} a @param {Way[]} ways */
function whole(a, ways) {
  const rows = ways.map(({ key, name }) => {
    const f = /** @type {Figures} */ (a[key]);
    const row = [name, String(f.served), String(f.absent), String(f.left), String(f.turned), minutes(f.mean_s), minutes(f.p50_s), minutes(f.p90_s), percent(f.late)];
    return a.target_s ? [...row, percent(f.within)] : row;
  });
  const head = ['', 'Serviti', 'Assenti', 'Andati via', 'Senza biglietto', 'Attesa media (min)', 'Metà entro (min)', '9 su 10 entro (min)', 'Oltre 20 min'];
  return part('In tutto', table({ caption: 'Che ne è stato di chi è venuto', head: a.target_s ? [...head, `Meno di ${Math.round(a.target_s / 60)} min`] : head, rows }));
}

/** Channel by channel. @param {Answer} a @param {Way[]} ways */
function parts(a, ways) {
  return part(
    'Canale per canale',
    table({
      caption: 'Attesa media in minuti, per canale',
      head: ['Canale', 'Visite', ...ways.map(({ name }) => name)],
      rows: a.by_channel.map((row) => [pick(row.names) || row.key, String(row.model.visits + row.model.turned), ...ways.map(({ key }) => cell(row[key]))]),
    }),
  );
}
