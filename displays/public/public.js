/** The public page: takes over what the server has written into it, and keeps it live. */

/** @import { PublicPage } from '../lib/wire.d.ts' */
import { both, byId, h } from '../lib/dom.js';
import { drawnList } from '../lib/keyed.js';
import { LiveView } from '../lib/live.js';
import { openingNews } from '../lib/opening.js';
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
    none: 'Nessuna chiamata ancora.',
    idle: 'Nessuna chiamata in corso.',
    desks: { one: '{n} sportello aperto', other: '{n} sportelli aperti' },
  },
  en: {
    open: 'Open',
    closed: 'Closed',
    closes: 'closes {when}',
    opens: 'opens {when}',
    updated: 'Live',
    stale: 'Updated',
    none: 'No calls yet.',
    idle: 'Nobody is being called right now.',
    desks: { one: '{n} counter open', other: '{n} counters open' },
  },
});

/** The last event of an office that has been set up, and nothing else. */
const SET_UP = 2;

/** @type {LiveView<PublicPage>} */
const live = new LiveView({ view: 'public' }, { at: document.body.dataset.at, onView: render, onState: showTime });

/**
 * What the page lists. Made with the first view: until then the page shows what the server has
 * written into it.
 */
function makeLists() {
  return {
    notices: drawnList(byId('notices'), noticeItem),
    channels: drawnList(byId('channels'), channelCard),
    calls: drawnList(byId('calls'), callRow),
  };
}

/** @type {ReturnType<typeof makeLists> | null} */
let lists = null;

/** @param {PublicPage} view */
function render(view) {
  showOpening();
  lists = lists || makeLists();
  lists.notices.update(view.notices);
  lists.channels.update(view.channels.map((channel) => ({ channel, open: view.open })));
  lists.calls.update(view.calls.map((call) => ({ call, zone: live.zone })));
  const none = byId('no-calls');
  none.hidden = view.calls.length > 0;
  const said = view.channels.some((channel) => channel.last_called) ? 'idle' : 'none';
  none.replaceChildren(both(phrases.say(said), phrases.say(said, {}, 'en')));
  const desks = view.counters.filter((desk) => desk.status === 'open').length;
  byId('desks').replaceChildren(both(phrases.say('desks', { n: desks }), phrases.say('desks', { n: desks }, 'en')));
}

/** Whether the office is open, and until when: "tomorrow" becomes "today" by itself. */
function showOpening() {
  const view = live.view;
  if (!view) return;
  showNews(view);
  byId('trial').hidden = view.open || view.seq > SET_UP;
  const change = view.open ? view.closes_at : view.opens_at;
  const state = view.open ? 'open' : 'closed';
  const verb = view.open ? 'closes' : 'opens';
  /** @param {string} language */
  const when = (language) => (change ? phrases.say(verb, { when: coming(change, live.now(), live.zone, language) }, language) : '');
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

/** That it closes early, or has closed for a reason. @param {PublicPage} view */
function showNews(view) {
  const element = byId('closing');
  const news = openingNews(view, live.now());
  element.hidden = !news;
  if (element.getAttribute('data-text') === news) return;
  element.setAttribute('data-text', news);
  element.replaceChildren(news, ' ', englishLine(openingNews(view, live.now(), 'en')));
}

function showTime() {
  const is = live.state === 'live';
  const at = is ? live.now() : live.at || 0;
  const updated = byId('updated');
  const text = phrases.say(is ? 'updated' : 'stale', { time: clock(at, live.zone) });
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
