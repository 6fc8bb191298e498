/** The public page: takes over what the server has written into it, and keeps it live. */

/** @import { PublicPage } from '../lib/wire.d.ts' */
import { byId, h, marked } from '../lib/dom.js';
import { drawnList } from '../lib/keyed.js';
import { LiveView } from '../lib/live.js';
import { openingNews } from '../lib/opening.js';
import { clock, coming } from '../lib/text.js';
import { Renewed } from './renewed.js';
import { callRow, channelCard, noticeItem } from './rows.js';
import { language, say } from './words.js';

/** How often what changes slowly is fetched. Milliseconds. */
const RENEW_MS = 300000;

/** The last event of an office that has been set up, and nothing else. */
const SET_UP = 2;

/** Where the reader's choice of a language is kept. */
const KEPT = 'eliminacode-language';
keepLanguage();

/** @type {LiveView<PublicPage>} */
const live = new LiveView({ view: 'public' }, { at: document.body.dataset.at, alone: true, onView: render, onState: showTime });

/** What changes more slowly: the day's course, the typical week, hours, services. */
const renewed = new Renewed(RENEW_MS);

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
  byId('unattended').hidden = !view.open || view.attended || view.channels.every((channel) => !channel.open || channel.wait);
  lists.calls.update(view.calls.map((call) => ({ call, zone: live.zone })));
  byId('no-calls').hidden = view.calls.length > 0;
  put('no-calls', say(view.channels.some((channel) => channel.last_called) ? 'no_calls_now' : 'no_calls'));
  put('desks', say('desks', { n: view.counters.filter((desk) => desk.status === 'open').length }));
  put('level', view.level ? `${say('level')} ` : '', view.level ? h('strong', {}, say(view.level)) : '');
}

/**
 * A reader who has chosen a language finds it again at the page's own address, which doesn't say
 * it.
 */
function keepLanguage() {
  const chosen = new URLSearchParams(location.search).has('lang');
  try {
    if (chosen) localStorage.setItem(KEPT, language);
    const kept = localStorage.getItem(KEPT);
    const offered = kept && document.querySelector(`.languages [hreflang="${CSS.escape(kept)}"]`);
    if (!chosen && offered && kept !== language) location.replace(`?lang=${kept}`);
  } catch {
    // Nothing is kept where the browser keeps nothing.
  }
}

/** Whether the office is open, and until when: "tomorrow" becomes "today" by itself. */
function showOpening() {
  const view = live.view;
  if (!view) return;
  const news = openingNews(view, live.now(), language);
  byId('closing').hidden = !news;
  put('closing', marked(news));
  byId('trial').hidden = view.open || view.seq > SET_UP;
  const change = view.open ? view.closes_at : view.opens_at;
  const when = change ? ` ${say(view.open ? 'closes' : 'opens', { when: coming(change, live.now(), live.zone, language) })}` : '';
  put('opening', h('strong', { class: view.open ? 'chip chip-good' : 'chip chip-bad' }, say(view.open ? 'open' : view.situation === 'full' ? 'full' : 'closed')), when);
}

function showTime() {
  const is = live.state === 'live';
  const text = say(is ? 'live' : 'updated', { time: clock(is ? live.now() : live.at || 0, live.zone) });
  put('updated', is ? h('span', { class: 'pulse', 'aria-hidden': 'true' }) : '', text);
}

/**
 * Writes into an element, and leaves it alone when it says so already: screen readers hear only
 * what is new.
 * @param {string} where @param {...(Node | string)} said
 */
function put(where, ...said) {
  const element = byId(where);
  const made = h('p', {}, ...said);
  if (made.innerHTML !== element.innerHTML) element.replaceChildren(...made.childNodes);
}

setInterval(() => {
  showTime();
  showOpening();
  renewed.tick(live.now(), live.zone);
}, 1000);
