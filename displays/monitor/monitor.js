/** A monitor of the waiting room: who is called where. Its name is the last part of the page's address. */

/** @import { Call, Display } from '../lib/wire.d.ts' */
import { keepAwake } from '../lib/awake.js';
import { byId, renderList, setText } from '../lib/dom.js';
import { attach, Live, socketURL } from '../lib/live.js';
import { Renewal } from '../lib/renewal.js';
import { ConnectionBanner } from '../lib/status.js';
import { beside, clock, day, pick } from '../lib/text.js';
import { Announcer, keyOf } from './announcer.js';
import { showPrevious, showWaiting } from './board.js';
import { Chime, CHIME_MS } from './chime.js';
import { Notices } from './notices.js';
import { drift, fit, measure } from './screen.js';
import { FLASH_MS, HURRIED_MS, Stage } from './stage.js';

/** How long after the last call a closed office still shows its calls, while nobody waits. Milliseconds. */
const LINGER_MS = 10 * 60000;
/** How long to wait after the server has asked not to come back. */
const REFUSED_MS = 300000;
/** Under this name the tab keeps what this monitor announced, for the case that the page is loaded anew. */
const HEARD = `announced ${location.pathname}`;

const id = decodeURIComponent(location.pathname.split('/').filter(Boolean).pop() || '');
const banner = new ConnectionBanner(byId('connection'), { advice: 'Seguire le indicazioni del personale' });
const stage = new Stage(byId('stage'));
const notices = new Notices(byId('notices'));
const renewal = new Renewal(() => announcer.current === null);
const chime = new Chime((blocked) => {
  byId('sound').hidden = !blocked;
});

/** @type {Live<Display>} */
const live = new Live(socketURL({ view: 'display', display: id }), {
  onView(view) {
    chime.want(view.display.sound);
    tick();
    announcer.offer(view.calls.filter((call) => isOwn(call, view)));
    render();
  },
  onState(state) {
    banner.show(state, live.view && live.serverAt, live.view ? live.view.office.time_zone : undefined);
  },
  onReturn: () => renewal.returned(),
  onRefused() {
    setTimeout(() => live.start(), REFUSED_MS);
  },
});

const announcer = new Announcer({
  now: () => live.now(),
  heard: recollect(),
  remember: (heard) => sessionStorage.setItem(HEARD, JSON.stringify(heard)),
  async announce(call) {
    render();
    const sounds = chime.play();
    const flash = announcer.waiting.length ? HURRIED_MS : FLASH_MS;
    await new Promise((wake) => setTimeout(wake, sounds ? Math.max(flash, CHIME_MS) : flash));
    // The next one, or the newest, is put on the stage once this has returned.
    setTimeout(render);
  },
});

/** @returns {[string, number][]} */
function recollect() {
  try {
    return JSON.parse(sessionStorage.getItem(HEARD) || '[]');
  } catch {
    return [];
  }
}

function render() {
  const view = live.view;
  if (!view) return;
  const single = view.channels.length === 1 && view.display.channels.length === 1 ? view.channels[0] : null;
  document.title = `${pick(view.display.names)} – ${view.office.name}`;
  if (setText(byId('office'), view.office.name)) fit(byId('head'));
  setText(byId('room'), pick(view.display.names));
  setText(byId('room-en'), beside(view.display.names));
  document.body.classList.toggle('one-channel', single !== null);
  document.body.style.setProperty('--only', single ? single.color : 'var(--accent-deep)');
  setText(byId('letter'), single ? single.letter : '');

  const mode = modeOf(view);
  document.body.setAttribute('data-mode', mode);
  const staged = announcer.current || view.calls.find((call) => isOwn(call, view));
  if (mode === 'calls' && staged) stage.showCall(staged, view, announcer.current !== null);
  else if (mode === 'closed') stage.showClosed(view, live.now());
  else stage.showEmpty(view);
  const others = mode === 'closed' ? [] : view.calls.filter((call) => !staged || keyOf(call) !== keyOf(staged));
  showPrevious(byId('calls'), byId('desk-heading'), others, view);
  if (mode === 'closed') renderList(byId('waiting'), [], () => byId('waiting'));
  else showWaiting(byId('waiting'), byId('strip-heading'), view);
  notices.show(view.notices);
}

/** Whether the call goes on the stage here: a monitor of some channels lists those of others only. @param {Call} call @param {Display} view */
function isOwn(call, view) {
  return view.display.channels.length === 0 || view.display.channels.includes(call.channel);
}

/** @param {Display} view @returns {'calls' | 'empty' | 'closed'} */
function modeOf(view) {
  const waiting = view.channels.some((channel) => channel.waiting > 0);
  const last = view.calls[0];
  const recent = last !== undefined && live.now() - Date.parse(last.at) < LINGER_MS;
  if (!view.open && !waiting && !recent) return 'closed';
  return last ? 'calls' : 'empty';
}

function resize() {
  const calls = byId('calls');
  measure(byId('stage'), 1.5);
  // A row is so wide that its number of four signs takes its share of it.
  measure(calls, 4.05, getComputedStyle(calls).gridTemplateRows.split(' ').length);
}

function tick() {
  const zone = live.view ? live.view.office.time_zone : 'Europe/Rome';
  setText(byId('time'), clock(live.now(), zone));
  setText(byId('date'), day(live.now(), zone));
}

keepAwake();
drift(byId('screen'));
setInterval(tick, 1000);
// Once a minute a view that doesn't change may begin to mean something else: the office closed long enough ago.
setInterval(render, 60000);
tick();
banner.show('connecting', null);
for (const event of ['pointerdown', 'keydown']) addEventListener(event, () => chime.unlock());
if (document.fonts) document.fonts.ready.then(resize);
new ResizeObserver(resize).observe(byId('stage'));
new ResizeObserver(resize).observe(byId('calls'));
attach(live);
