/** What is around the newest call: the calls before it, and who waits. */

/** @import { Call, Channel, Display } from '../lib/wire.d.ts' */
import { both, h, renderList } from '../lib/dom.js';
import { beside, expected, pick } from '../lib/text.js';
import { keyOf } from './announcer.js';
import { commonWord, placeOf } from './places.js';
import { fit } from './screen.js';
import { arrow } from './stage.js';
import { words } from './words.js';

/** How many earlier calls an upright screen has room for; a wide one shows three, to be read from five metres. */
export const ROWS = 5;
/** More channels than this have no room for their names in full. */
const MANY = 4;

/**
 * @param {HTMLElement} list
 * @param {HTMLElement} heading over the counters
 * @param {Call[]} calls
 * @param {Display} view
 */
export function showPrevious(list, heading, calls, view) {
  const word = commonWord(view.counters, 'it');
  const english = commonWord(view.counters, 'en');
  list.classList.toggle('named', !word);
  heading.replaceChildren(both(word || 'Sportello', word ? english : 'Counter'));
  const rows = calls.slice(0, ROWS).map((call) => ({ key: keyOf(call), call, place: placeOf(call, view.counters, 'it') }));
  renderList(list, rows, ({ call, place }) => {
    const row = h(
      'li',
      { class: 'row', 'data-call': keyOf(call) },
      h('span', { class: 'row-number fit' }, call.number),
      h(
        'span',
        { class: 'row-where' },
        arrow('row-arrow'),
        h('span', { class: place.word ? 'row-desk fit' : 'row-desk row-desk-long' }, place.name),
      ),
    );
    row.style.setProperty('--channel', call.color);
    return row;
  });
  fit(list);
}

/** @param {HTMLElement} list @param {HTMLElement} heading @param {Display} view */
export function showWaiting(list, heading, view) {
  const single = view.channels.length === 1;
  list.classList.toggle('many', view.channels.length > MANY);
  heading.hidden = single;
  renderList(list, view.channels, (channel) => {
    const cell = single ? wideCell(channel) : narrowCell(channel);
    cell.style.setProperty('--channel', channel.color);
    return cell;
  });
  fit(list);
}

/** @param {Channel} channel */
function narrowCell(channel) {
  return h(
    'li',
    { class: channel.open ? 'line' : 'line line-closed' },
    h('span', { class: 'line-letter' }, channel.letter),
    h(
      'span',
      { class: 'line-names' },
      h('span', { class: 'line-name' }, pick(channel.names)),
      h('span', { class: 'line-en', lang: 'en' }, beside(channel.names)),
    ),
    h(
      'span',
      { class: 'line-count' },
      channel.open || channel.waiting
        ? h('strong', {}, String(channel.waiting))
        : h('span', { class: 'line-shut' }, words.say('channelClosed'), h('span', { class: 'line-en', lang: 'en' }, words.say('channelClosed', {}, 'en'))),
    ),
  );
}

/** @param {Channel} channel */
function wideCell(channel) {
  const wait = expected(channel.wait);
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
