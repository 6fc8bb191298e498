/** The public page: takes over what the server has written into it, and keeps it live. */

/** @import { Public } from '../lib/wire.d.ts' */
import { both, byId, h, renderList } from '../lib/dom.js';
import { attach, Live, socketURL } from '../lib/live.js';
import { Renewal } from '../lib/renewal.js';
import { ConnectionBanner } from '../lib/status.js';
import { clock, coming, Phrases } from '../lib/text.js';
import { callRow, channelCard, englishLine, noticeItem } from './cards.js';

const phrases = new Phrases({
  it: {
    open: 'Aperto',
    closed: 'Chiuso',
    closes: 'chiude {when}',
    opens: 'riapre {when}',
    updated: 'In diretta, {time}',
    stale: 'Aggiornato alle {time}',
    desks: { one: '{n} sportello aperto', other: '{n} sportelli aperti' },
  },
  en: {
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
const renewal = new Renewal();

/** @type {Live<Public>} */
const live = new Live(socketURL({ view: 'public' }), {
  onView: render,
  onReturn: () => renewal.returned(),
  onState(state) {
    banner.show(state, live.serverAt || Date.parse(page.at || ''), zone);
    showTime();
  },
});

/** @param {Public} view */
function render(view) {
  showOpening();
  renderList(byId('notices'), view.notices, noticeItem);
  const cards = view.channels.map((channel) => ({ channel, open: view.open }));
  renderList(byId('channels'), cards, channelCard);
  renderList(byId('calls'), view.calls.map((call) => ({ call, zone })), callRow);
  byId('no-calls').hidden = view.calls.length > 0;
  const desks = view.counters.filter((desk) => desk.status === 'open').length;
  byId('desks').replaceChildren(both(phrases.say('desks', { n: desks }), phrases.say('desks', { n: desks }, 'en')));
}

/** Whether the office is open, and until when: "tomorrow" becomes "today" by itself. */
function showOpening() {
  const view = live.view;
  if (!view) return;
  const change = view.open ? view.closes_at : view.opens_at;
  const state = view.open ? 'open' : 'closed';
  const verb = view.open ? 'closes' : 'opens';
  /** @param {string} language */
  const when = (language) => (change ? phrases.say(verb, { when: coming(change, live.now(), zone, language) }, language) : '');
  const english = [phrases.say(state, {}, 'en'), when('en')].filter(Boolean).join(', ');
  const opening = byId('opening');
  const text = `${state} ${when('it')} ${english}`;
  if (opening.getAttribute('data-text') === text) return;
  opening.setAttribute('data-text', text);
  opening.replaceChildren(
    h('strong', { class: view.open ? 'chip chip-good' : 'chip chip-bad' }, phrases.say(state)),
    ` ${when('it')} `,
    englishLine(english),
  );
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

setInterval(() => {
  showTime();
  showOpening();
}, 1000);
attach(live);
