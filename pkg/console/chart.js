/**
 * Charts of the staff's pages, each with the table of what it shows: bars, marks across them, lines
 * in steps, and ranges, over hours or days. What a series looks like is in styles/chart.css, by its
 * look.
 */

import { h, svg } from '../../displays/lib/dom.js';
import { percent, scale, steps } from './chartscale.js';

/**
 * @typedef {object} Series
 * @property {string} name
 * @property {'bar' | 'mark' | 'step' | 'range'} kind a mark stands across the bars; a range is a bar
 *   with the values that it may as well have
 * @property {'was' | 'model' | 'other' | 'plan' | 'ahead'} look
 * @property {(number | null)[]} values one for each label; null: none
 * @property {[low: number, high: number][]} [ranges]
 */
/**
 * @typedef {object} Chart
 * @property {string} title
 * @property {string} unit of the values: "minuti"
 * @property {string[]} labels of the places along the chart, from the left to the right
 * @property {Series[]} series
 * @property {string} said the chart in a sentence, for who doesn't see it
 * @property {boolean} [whole] the values are of things that are counted
 * @property {number} [top] the greatest value that has to fit, where charts are to be compared
 */
/**
 * @typedef {object} Table
 * @property {string} caption
 * @property {string[]} head the first is of the column that names the rows
 * @property {string[][]} rows
 */

/** What part of its place a group of bars takes. */
const BROAD = 0.76;
/** With more labels than so many, every other one is left out on a narrow page. */
const MANY = 8;

/** A chart beside its table. @param {Chart} drawn @param {Table} told */
export function chartWithTable(drawn, told) {
  return h('div', { class: 'chart-pair' }, chart(drawn), table(told));
}

/** @param {Chart} drawn */
export function chart({ title, unit, labels, series, said, whole, top: least = 0 }) {
  const all = series.flatMap((s) => [...s.values, ...(s.ranges || []).flat()]).filter((value) => value !== null);
  const marks = scale(Math.max(least, ...all), whole);
  const top = marks[marks.length - 1];
  const drawing = svg('svg', { class: 'chart-drawing', role: 'img', 'aria-label': said });
  for (const mark of marks) {
    const y = percent(top - mark, top);
    drawing.append(
      svg('line', { class: 'chart-line', x1: '0', x2: '100%', y1: y, y2: y }),
      svg('text', { class: 'chart-mark', x: '0', y, dx: '-8', dy: '0.35em' }, mark.toLocaleString('it')),
    );
  }
  labels.forEach((label, i) => {
    const minor = labels.length > MANY && i % 2 ? ' chart-minor' : '';
    drawing.append(svg('text', { class: `chart-label${minor}`, x: percent(i + 0.5, labels.length), y: '100%', dy: '1.4em' }, label));
  });
  const bars = series.filter(isBar);
  for (const s of series) {
    if (s.kind === 'step') drawing.append(line(s, labels.length, top));
    else drawing.append(...columns(s, isBar(s) ? bars.indexOf(s) : -1, bars.length, labels.length, top));
  }
  return h(
    'figure',
    { class: 'chart' },
    h('figcaption', { class: 'chart-title' }, title, h('span', { class: 'chart-unit' }, ` (${unit})`)),
    series.length > 1 && h('ul', { class: 'chart-key' }, ...series.map(keyOf)),
    drawing,
  );
}

/** @param {Series} s */
function isBar(s) {
  return s.kind === 'bar' || s.kind === 'range';
}

/**
 * The bars of a series, or its marks across those of the others.
 * @param {Series} s @param {number} place among the bars @param {number} of how many there are
 * @param {number} labels how many @param {number} top
 */
function columns(s, place, of, labels, top) {
  const width = isBar(s) ? BROAD / of : BROAD;
  return s.values.flatMap((value, i) => {
    if (value === null) return [];
    const left = i + (1 - BROAD) / 2 + (isBar(s) ? width * place : 0);
    if (s.kind === 'mark') {
      const y = percent(top - value, top);
      return [svg('line', { class: `chart-mark-line look-${s.look}`, x1: percent(left, labels), x2: percent(left + width, labels), y1: y, y2: y })];
    }
    const bar = svg('rect', {
      class: `chart-bar look-${s.look}`, x: percent(left, labels), width: percent(width * 0.94, labels), y: percent(top - value, top), height: percent(value, top),
    });
    const range = s.ranges && s.ranges[i];
    if (!range) return [bar];
    const x = percent(left + width / 2, labels);
    return [bar, svg('line', { class: 'chart-range', x1: x, x2: x, y1: percent(top - range[1], top), y2: percent(top - range[0], top) })];
  });
}

/** @param {Series} s @param {number} labels how many @param {number} top */
function line(s, labels, top) {
  const path = svg('path', { class: `chart-step look-${s.look}`, d: steps(s.values, top) });
  return svg('svg', { width: '100%', height: '100%', viewBox: `0 0 ${labels} ${top}`, preserveAspectRatio: 'none', overflow: 'visible' }, path);
}

/** A series in the key. @param {Series} s */
function keyOf(s) {
  const bar = () => svg('rect', { class: `chart-bar look-${s.look}`, x: '1', y: '1', width: '16', height: '12' });
  const sample = {
    bar,
    range: bar,
    mark: () => svg('line', { class: `chart-mark-line look-${s.look}`, x1: '0', x2: '18', y1: '7', y2: '7' }),
    step: () => svg('path', { class: `chart-step look-${s.look}`, d: 'M0 7H18' }),
  }[s.kind]();
  return h('li', {}, /** @type {any} */ (svg('svg', { class: 'chart-sample', viewBox: '0 0 18 14', 'aria-hidden': 'true' }, sample)), s.name);
}

/** @param {Table} told */
export function table({ caption, head, rows }) {
  const [name, ...columns] = head;
  return h(
    'div',
    { class: 'figures', tabindex: 0, role: 'group', 'aria-label': caption },
    h(
      'table',
      {},
      h('caption', {}, caption),
      h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, name || h('span', { class: 'unseen' }, 'Voce')), ...columns.map((column) => h('th', { scope: 'col' }, column)))),
      h('tbody', {}, ...rows.map(([row, ...cells]) => h('tr', {}, h('th', { scope: 'row' }, row), ...cells.map((cell) => h('td', {}, cell))))),
    ),
  );
}
