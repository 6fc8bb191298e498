/**
 * A monitor of the waiting room: who is called where. Its name is the last part of the page's
 * address.
 */

/** @import { DisplayPage } from '../lib/wire.d.ts' */
import { keepAwake } from '../lib/awake.js';
import { byId, setText } from '../lib/dom.js';
import { LiveView } from '../lib/live.js';
import { reload } from '../lib/renewal.js';
import { Announcer } from './announcer.js';
import { announced, isOwn } from './arrange.js';
import { Frame } from './frame.js';
import { identify } from './identify.js';
import { keepPage, version } from './keep.js';
import { Layouts } from './layouts/layouts.js';
import { Paired } from './paired.js';
import { Preview, previewed } from './preview.js';
import { Report } from './report.js';
import { drift } from './screen.js';
import { Sound } from './sound.js';
import { FLASH_MS, HURRIED_MS } from './stage.js';

/**
 * Under this name the tab keeps what this monitor announced, for the case that the page is loaded
 * anew.
 */
const HEARD = `announced ${location.pathname}`;
/** And under this one when it was loaded anew for a supervisor. */
const RELOADED = `reloaded ${location.pathname}`;
/** And under this one which notices it read. */
const READ = `read ${location.pathname}`;

const id = decodeURIComponent(location.pathname.split('/').filter(Boolean).pop() || '');
const frame = new Frame();
const layouts = new Layouts(byId('layout'));
const sound = new Sound({
  now: () => live.now(),
  zone: () => live.zone,
  idle: () => announcer.current === null,
  onBlocked: (blocked) => (byId('sound').hidden = !blocked),
  read: recollect(READ),
  remember: (read) => sessionStorage.setItem(READ, JSON.stringify(read)),
});

const paired = previewed ? null : new Paired();
const page = {
  advice: 'Seguire le indicazioni del personale',
  mayGo: () => announcer.current === null,
  askWhy: () => paired && paired.lost(),
  /** @param {string} state */
  onState: (state) => sound.connection(state === 'live'),
  onReturn() {
    sound.returned();
    report.returned();
    if (paired) paired.returned();
  },
  /** @param {{ type: string }} message */
  onMessage(message) {
    sound.hear(message);
    report.hear(message);
  },
  /** @param {DisplayPage} view */
  onView(view) {
    sound.show(view);
    frame.tick(live.now(), live.zone);
    announcer.offer(announced(view));
    render();
  },
};
/** @type {LiveView<DisplayPage> | Preview} */
const live = previewed ? new Preview(page) : new LiveView({ view: 'display', display: id }, page);

const announcer = new Announcer({
  now: () => live.now(),
  heard: recollect(HEARD),
  remember: (heard) => sessionStorage.setItem(HEARD, JSON.stringify(heard)),
  silence: () => sound.silence(),
  changed: () => render(),
  async announce(call) {
    const flash = announcer.waiting.length ? HURRIED_MS : FLASH_MS;
    await Promise.all([sound.call(call), new Promise((wake) => setTimeout(wake, flash))]);
  },
});

/** In pixels of the screen. */
const screenSize = () => [innerWidth, innerHeight].map((side) => Math.round(side * devicePixelRatio)).join('x');

const report = new Report({
  facts() {
    const { view } = live;
    if (!view) return null;
    const shown = announcer.current || view.calls.find((call) => isOwn(call, view));
    const spoken = sound.spoken ? { spoken: sound.spoken.number, spoken_at: sound.spoken.at } : { spoken: '' };
    return { sound: sound.state(), screen: screenSize(), version, shown: shown ? shown.number : '', ...spoken, legible: layouts.measure };
  },
  send: (text) => live.send(text),
  identify: (who) => identify(who, id, screenSize(), version),
  mayGo: () => announcer.current === null,
  reloaded: Number(sessionStorage.getItem(RELOADED)),
  reload() {
    sessionStorage.setItem(RELOADED, String(Date.now()));
    reload();
  },
});

/** @param {string} name @returns {[string, number][]} */
function recollect(name) {
  try {
    return JSON.parse(sessionStorage.getItem(name) || '[]');
  } catch {
    return [];
  }
}

function render() {
  const view = live.view;
  if (!view) return;
  const mode = modeOf(view);
  document.body.setAttribute('data-mode', mode);
  frame.show(view, live.now(), mode);
  layouts.show(view, { mode, now: live.now(), current: announcer.current });
  frame.resize();
}

/** @param {DisplayPage} view @returns {'calls' | 'empty' | 'closed'} */
function modeOf(view) {
  const awaited = view.calls.some((call) => call.holds) || view.channels.some((channel) => channel.waiting > 0);
  const { situation } = view;
  if (situation === 'ended' || ((situation === 'closed' || situation === 'break') && !awaited)) return 'closed';
  return view.calls.length > 0 ? 'calls' : 'empty';
}

setText(byId('awaited'), location.host);
if (!previewed) {
  keepPage();
  keepAwake();
}
drift(byId('screen'));
const tick = () => frame.tick(live.now(), live.zone);
setInterval(tick, 1000);
tick();
// A view that doesn't change is told otherwise as time goes on: "tomorrow" becomes "today".
setInterval(render, 60000);
for (const event of ['pointerdown', 'keydown']) addEventListener(event, () => sound.unlock());
if (document.fonts) document.fonts.ready.then(render);
matchMedia('(orientation: portrait)').addEventListener('change', render);
new ResizeObserver(render).observe(byId('layout'));
document.documentElement.setAttribute('data-script', 'runs');
