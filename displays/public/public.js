/** The public page: takes over what the server has written into it, and keeps it live. */

/** @import { Call, Channel, Notice, Public } from '../lib/wire.d.ts' */
import { both, byId, h, renderList, setText, svg } from '../lib/dom.js';
import { attach, Live, socketURL } from '../lib/live.js';
import { ConnectionBanner } from '../lib/status.js';
import { beside, clock, coming, expected, Phrases, pick } from '../lib/text.js';

const phrases = new Phrases({
  it: {
    people: { one: 'persona in attesa', other: 'persone in attesa' },
    open: 'Aperto',
    closed: 'Chiuso',
    closes: 'chiude {when}',
    opens: 'riapre {when}',
    updated: 'In diretta, {time}',
    stale: 'Aggiornato alle {time}',
    desks: { one: '{n} sportello aperto', other: '{n} sportelli aperti' },
  },
  en: {
    people: { one: 'person waiting', other: 'people waiting' },
    open: 'Open',
    closed: 'Closed',
    closes: 'closes {when}',
    opens: 'opens {when}',
    updated: 'Live',
    stale: 'Updated',
    desks: { one: '{n} counter open', other: '{n} counters open' },
  },
});

const page = document.body.dataset;
const zone = page.zone || 'Europe/Rome';
const banner = new ConnectionBanner(byId('connection'));

/** @type {Live<Public>} */
const live = new Live(socketURL({ view: 'public' }), {
  onView: render,
  onState(state) {
    banner.show(state, live.serverAt || Date.parse(page.at || ''), zone);
    showTime();
  },
});

/** @param {Public} view */
function render(view) {
  byId('opening').replaceChildren(...opening(view));
  renderList(byId('notices'), view.notices, notice);
  const cards = view.channels.map((channel) => ({ channel, open: view.open }));
  renderList(byId('channels'), cards, channelCard);
  renderList(byId('calls'), view.calls, callRow);
  byId('no-calls').hidden = view.calls.length > 0;
  const desks = view.counters.filter((desk) => desk.status === 'open').length;
  byId('desks').replaceChildren(both(phrases.say('desks', { n: desks }), phrases.say('desks', { n: desks }, 'en')));
}

/** @param {Public} view */
function opening(view) {
  const change = view.open ? view.closes_at : view.opens_at;
  const state = view.open ? 'open' : 'closed';
  const verb = view.open ? 'closes' : 'opens';
  /** @param {string} language */
  const when = (language) => (change ? phrases.say(verb, { when: coming(change, view.at, zone, language) }, language) : '');
  const english = [phrases.say(state, {}, 'en'), when('en')].filter(Boolean).join(', ');
  return [
    h('strong', { class: view.open ? 'chip chip-good' : 'chip chip-bad' }, phrases.say(state)),
    ` ${when('it')} `,
    englishLine(english),
  ];
}

/** @param {Notice} notice */
function notice(notice) {
  const english = beside(notice.texts);
  return h('li', { class: 'message' }, notice.text, ' ', english && h('span', { class: 'en en-line', lang: 'en' }, english));
}

/** @param {{ channel: Channel, open: boolean }} card open: the office is, so that a closed channel says why */
function channelCard({ channel, open }) {
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
      ? wait && h('p', { class: 'detail' }, 'Attesa prevista ', h('strong', {}, wait), both('', 'Expected wait'))
      : open && h('p', { class: 'detail' }, h('strong', {}, pick(channel.closed)), both('', beside(channel.closed))),
    channel.last_called &&
      h('p', { class: 'detail' }, 'Ultimo chiamato ', h('strong', {}, channel.last_called), both('', 'Last called')),
  );
}

/** @param {Channel} channel */
function badge(channel) {
  return svg(
    'svg',
    { class: 'badge', viewBox: '0 0 24 24', 'aria-hidden': 'true', focusable: 'false' },
    svg('rect', { width: 24, height: 24, rx: 5, fill: channel.color }),
    svg('text', { x: 12, y: 17.6, 'text-anchor': 'middle', fill: '#ffffff' }, channel.letter),
  );
}

/** @param {Call} call */
function callRow(call) {
  return h(
    'li',
    { class: 'call' },
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

/** @param {string} text */
function englishLine(text) {
  return text ? h('span', { class: 'en en-line', lang: 'en' }, text) : '';
}

function showTime() {
  const is = live.state === 'live';
  const at = is ? live.now() : live.serverAt || Date.parse(page.at || '');
  const updated = byId('updated');
  const text = phrases.say(is ? 'updated' : 'stale', { time: clock(at, zone) });
  if (updated.getAttribute('data-text') === text) return;
  updated.setAttribute('data-text', text);
  updated.replaceChildren(
    ...(is ? [h('span', { class: 'pulse', 'aria-hidden': 'true' })] : []),
    both(text, phrases.say(is ? 'updated' : 'stale', {}, 'en')),
  );
}

setInterval(showTime, 1000);
attach(live);
