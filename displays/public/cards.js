/**
 * What the public page lists: notices, channels, calls. As index.html writes them without
 * JavaScript.
 */

/** @import { Call, Channel, Notice } from '../lib/wire.d.ts' */
import { both, h, svg } from '../lib/dom.js';
import { beside, clock, expected, Phrases, pick } from '../lib/text.js';

const phrases = new Phrases({
  it: { people: { one: 'persona in attesa', other: 'persone in attesa' }, expected: 'Attesa prevista', last: 'Ultimo chiamato' },
  en: { people: { one: 'person waiting', other: 'people waiting' }, expected: 'Expected wait', last: 'Last called' },
});

/** @param {Notice} notice */
export function noticeItem(notice) {
  const english = beside(notice.texts);
  return h('li', { class: 'message' }, notice.text, ' ', english && h('span', { class: 'en en-line', lang: 'en' }, english));
}

/**
 * @param {{ channel: Channel, open: boolean }} card open: the office is, so that a closed channel
 *   says why
 */
export function channelCard({ channel, open }) {
  const wait = expected(channel.wait);
  return h(
    'li',
    { class: 'card channel' },
    h('div', { class: 'channel-head' }, badge(channel), h('div', {}, h('h3', {}, pick(channel.names), ' ', englishLine(beside(channel.names))))),
    h(
      'p',
      { class: 'count' },
      h('strong', {}, String(channel.waiting)),
      ' ',
      h(
        'span',
        {},
        phrases.say('people', { n: channel.waiting }),
        ' ',
        englishLine(phrases.say('people', { n: channel.waiting }, 'en')),
      ),
    ),
    svg(
      'svg',
      { class: 'bar', viewBox: '0 0 20 1', preserveAspectRatio: 'none', 'aria-hidden': 'true', focusable: 'false' },
      svg('rect', { width: channel.waiting, height: 1, fill: channel.color }),
    ),
    channel.open
      ? wait && detail(phrases.say('expected'), wait, phrases.say('expected', {}, 'en'))
      : open && detail('', pick(channel.closed), beside(channel.closed)),
    channel.last_called && detail(phrases.say('last'), channel.last_called, phrases.say('last', {}, 'en')),
  );
}

/** @param {string} what @param {string} fact @param {string} english */
function detail(what, fact, english) {
  return h('p', { class: 'detail' }, what && `${what} `, h('strong', {}, fact), both('', english));
}

/** @param {Channel} channel */
function badge(channel) {
  return svg(
    'svg',
    { class: 'badge', viewBox: '0 0 24 24', 'aria-hidden': 'true', focusable: 'false' },
    svg('rect', { width: 24, height: 24, rx: 5, fill: channel.color }),
    svg('text', { x: 12, y: 17.6, 'text-anchor': 'middle' }, channel.letter),
  );
}

/** @param {{ call: Call, zone: string }} row */
export function callRow({ call, zone }) {
  return h(
    'li',
    { class: call.holds ? 'call' : 'call call-past' },
    svg(
      'svg',
      { class: 'call-mark', viewBox: '0 0 4 10', preserveAspectRatio: 'none', 'aria-hidden': 'true', focusable: 'false' },
      svg('rect', { width: 4, height: 10, fill: call.color }),
    ),
    h('span', { class: 'call-number' }, call.number),
    h('span', { class: 'call-where' }, pick(call.where), ' ', englishLine(beside(call.where))),
    h('span', { class: 'call-time' }, clock(call.at, zone)),
  );
}

/** English on a line of its own; nothing without a text. @param {string} text */
export function englishLine(text) {
  return text ? h('span', { class: 'en en-line', lang: 'en' }, text) : '';
}
