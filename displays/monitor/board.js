/** What is around the newest call: the other calls, and who waits. */

/** @import { Call, Channel, DisplayPage } from '../lib/wire.d.ts' */
/** @import { Place } from './places.js' */
import { both, h } from '../lib/dom.js';
import { drawnList } from '../lib/keyed.js';
import { beside, clock, pick } from '../lib/text.js';
import { short } from '../lib/wait.js';
import { holds } from './arrange.js';
import { commonWord, placeOf } from './places.js';
import { fit } from './screen.js';
import { arrow } from './stage.js';
import { words } from './words.js';

/** More rows than this stand in two columns: narrower, but not so low. */
const ONE_COLUMN = 5;
/** More channels than this have no room for their names in full, */
const MANY = 4;
/** more than this stand in two rows, */
const ONE_ROW = 6;
/** and more than two rows of them by their letters alone, this many in a row. */
const COMPACT_ROW = 9;

/** The calls beside the stage. */
export class Calls {
  /** @param {HTMLElement} list @param {HTMLElement} heading over the counters */
  constructor(list, heading) {
    this.list = list;
    this.heading = heading;
    this.rows = drawnList(list, callRow);
  }

  /**
   * @param {Call[]} calls @param {DisplayPage} view @param {number} room rows that there are anyway
   */
  show(calls, view, room) {
    const word = commonWord(view.counters, 'it');
    this.heading.replaceChildren(both(word || 'Sportello', word ? commonWord(view.counters, 'en') : 'Counter'));
    const columns = calls.length > ONE_COLUMN ? 2 : 1;
    this.list.style.setProperty('--columns', String(columns));
    this.list.style.setProperty('--rows', String(Math.max(room, Math.ceil(calls.length / columns))));
    const zone = view.office.time_zone;
    this.rows.update(calls.map((call) => ({ call, place: placeOf(call, view.counters, 'it'), time: clock(call.at, zone) })));
    fit(this.list);
  }
}

/**
 * Somebody is expected at the counter, or else was called at that time: nobody is sent anywhere.
 * @param {{ call: Call, place: Place, time: string }} row
 */
function callRow({ call, place, time }) {
  const short = place.word || place.name.length < 3;
  const row = h(
    'li',
    { class: holds(call) ? 'row' : 'row row-past', 'data-number': call.number },
    h('span', { class: 'row-number fit' }, call.number),
    holds(call)
      ? h(
          'span',
          { class: short ? 'row-where' : 'row-where row-where-long' },
          arrow('row-arrow'),
          h('span', { class: short ? 'row-desk fit' : 'row-desk row-desk-long fit-box' }, place.name),
        )
      : h('span', { class: 'row-where' }, h('span', { class: 'row-time fit' }, time)),
  );
  row.style.setProperty('--channel', call.color);
  return row;
}

/** Who waits, by channel. */
export class Waiting {
  /** @param {HTMLElement} list @param {HTMLElement} heading */
  constructor(list, heading) {
    this.list = list;
    this.heading = heading;
    this.cells = drawnList(list, waitingCell);
  }

  /** @param {DisplayPage} view */
  show(view) {
    const n = view.channels.length;
    const single = n === 1;
    this.list.classList.toggle('many', n > MANY);
    const compact = n > 2 * ONE_ROW;
    this.list.classList.toggle('compact', compact);
    this.list.style.setProperty('--columns', String(compact ? COMPACT_ROW : n > ONE_ROW ? Math.ceil(n / 2) : Math.max(1, n)));
    this.heading.hidden = single;
    this.cells.update(view.channels.map((channel) => ({ channel, single })));
  }

  /** Drops what has no room: the heading, how long it takes, or both. No text is cut. */
  resize() {
    const { heading, list } = this;
    for (const [headed, timed] of [[true, true], [false, true], [true, false], [false, false]]) {
      heading.classList.toggle('dropped', !headed);
      list.classList.toggle('untimed', !timed);
      fit(list);
      if (Array.from(list.children).every(hasRoom)) return;
    }
  }
}

/** Whether nothing of a cell stands out into its edge. @param {Element} cell */
function hasRoom(cell) {
  const edge = cell.getBoundingClientRect().right - parseFloat(getComputedStyle(cell).paddingRight) + 1;
  return Array.from(cell.querySelectorAll('*')).every((part) => part.getBoundingClientRect().right <= edge);
}

/** @param {{ channel: Channel, single: boolean }} cell */
function waitingCell({ channel, single }) {
  const cell = single ? wideCell(channel) : narrowCell(channel);
  cell.style.setProperty('--channel', channel.color);
  return cell;
}

/** @param {Channel} channel */
function narrowCell(channel) {
  const shut = !channel.open && !channel.waiting;
  return h(
    'li',
    { class: 'line' },
    h('span', { class: 'line-letter' }, channel.letter),
    h(
      'span',
      { class: 'line-names' },
      h('span', { class: 'line-name fit-box' }, pick(channel.names)),
      h('span', { class: 'line-en', lang: 'en' }, beside(channel.names)),
    ),
    shut
      ? h('span', { class: 'line-shut' }, words.say('channelClosed'), h('span', { class: 'line-en', lang: 'en' }, words.say('channelClosed', {}, 'en')))
      : h(
          'span',
          { class: 'line-figures' },
          h('strong', { class: 'line-count' }, String(channel.waiting)),
          channel.wait && h('span', { class: 'line-wait' }, short(channel.wait)),
        ),
  );
}

/** @param {Channel} channel */
function wideCell(channel) {
  const wait = short(channel.wait);
  return h(
    'li',
    { class: 'line line-wide' },
    h('strong', { class: 'line-big' }, String(channel.waiting)),
    h(
      'span',
      { class: 'line-names' },
      h('span', { class: 'line-name' }, words.say('people', { n: channel.waiting })),
      h('span', { class: 'line-en', lang: 'en' }, words.say('people', { n: channel.waiting }, 'en')),
    ),
    h(
      'span',
      { class: 'line-names line-side' },
      h('span', { class: 'line-name' }, channel.open ? (wait ? words.say('expected', { time: wait }) : '') : pick(channel.closed)),
      h('span', { class: 'line-en', lang: 'en' }, channel.open ? (wait ? words.say('expected', { time: wait }, 'en') : '') : beside(channel.closed)),
    ),
  );
}
