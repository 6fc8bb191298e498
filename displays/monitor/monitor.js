/**
 * A monitor of the waiting room: who is called where. Its name is the last part of the page's
 * address.
 */

/** @import { DisplayPage } from '../lib/wire.d.ts' */
import { keepAwake } from '../lib/awake.js';
import { byId, h, setText } from '../lib/dom.js';
import { LiveView } from '../lib/live.js';
import { openingSentences } from '../lib/opening.js';
import { beside, clock, day, pick } from '../lib/text.js';
import { Announcer } from './announcer.js';
import { announced, arrange, holds, lastCalled } from './arrange.js';
import { Calls, Waiting } from './board.js';
import { Chime, CHIME_MS } from './chime.js';
import { Notices } from './notices.js';
import { Paired } from './paired.js';
import { drift, fit, measure } from './screen.js';
import { FLASH_MS, HURRIED_MS, Stage } from './stage.js';

/**
 * How many calls an upright screen has room for beside the stage; a wide one shows three, to be
 * read from five metres.
 */
const UPRIGHT_ROWS = 5;
const WIDE_ROWS = 3;
/**
 * Under this name the tab keeps what this monitor announced, for the case that the page is loaded
 * anew.
 */
const HEARD = `announced ${location.pathname}`;

const id = decodeURIComponent(location.pathname.split('/').filter(Boolean).pop() || '');
const stage = new Stage(byId('stage'));
const calls = new Calls(byId('calls'), byId('desk-heading'));
const waiting = new Waiting(byId('waiting'), byId('strip-heading'));
const notices = new Notices(byId('notices'));
const upright = matchMedia('(orientation: portrait)');
const chime = new Chime((blocked) => {
  byId('sound').hidden = !blocked;
});

const paired = new Paired();
/** @type {LiveView<DisplayPage>} */
const live = new LiveView({ view: 'display', display: id }, {
  advice: 'Seguire le indicazioni del personale',
  mayGo: () => announcer.current === null,
  onReturn: () => paired.returned(),
  onView(view) {
    chime.want(view.display.sound);
    tick();
    announcer.offer(announced(view));
    render();
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

  const room = upright.matches ? UPRIGHT_ROWS : WIDE_ROWS;
  const { staged, rows } = arrange(view, announcer.current, room);
  const mode = modeOf(view);
  document.body.setAttribute('data-mode', mode);
  if (mode === 'closed') stage.showClosed(view, live.now());
  else if (staged) stage.showCall(staged, view, announcer.current !== null && announcer.current.id === staged.id);
  else stage.showEmpty(view, lastCalled(view));
  calls.show(mode === 'closed' ? [] : rows, view, room);
  waiting.show(mode === 'closed' ? { ...view, channels: [] } : view);
  showOpening(mode === 'closed' ? null : view);
  notices.show(view.notices);
  resize();
}

/** @param {DisplayPage} view @returns {'calls' | 'empty' | 'closed'} */
function modeOf(view) {
  const awaited = view.calls.some(holds) || view.channels.some((channel) => channel.waiting > 0);
  const { situation } = view;
  if (situation === 'ended' || ((situation === 'closed' || situation === 'break') && !awaited)) return 'closed';
  return view.calls.length > 0 ? 'calls' : 'empty';
}

/**
 * What everybody who waits must know: that it closes early, or has closed, why, and what becomes of
 * them.
 * @param {DisplayPage | null} view
 */
function showOpening(view) {
  const element = byId('opening');
  const now = live.now();
  /** @param {string} language */
  const say = (language) => (view ? openingSentences(view, now, language) : []);
  const [what, ...rest] = say('it');
  element.hidden = !what;
  const key = JSON.stringify(say('it'));
  if (element.getAttribute('data-shown') === key) return;
  element.setAttribute('data-shown', key);
  element.replaceChildren(
    h('p', { class: 'band-texts' }, h('strong', { class: 'band-text' }, what || ''), h('span', { class: 'band-text' }, rest.join(' ')), h('span', { class: 'band-en', lang: 'en' }, say('en').join(' '))),
  );
}

function resize() {
  measure(byId('stage'), 1.5);
  const list = byId('calls');
  const style = getComputedStyle(list);
  // A row is so wide that its number of four signs takes its share of it.
  measure(list, 4.05, { rows: style.gridTemplateRows.split(' ').length, columns: style.gridTemplateColumns.split(' ').length });
}

function tick() {
  setText(byId('time'), clock(live.now(), live.zone));
  setText(byId('date'), day(live.now(), live.zone));
}

keepAwake();
drift(byId('screen'));
setInterval(tick, 1000);
// A view that doesn't change is told otherwise as time goes on: "tomorrow" becomes "today".
setInterval(render, 60000);
tick();
for (const event of ['pointerdown', 'keydown']) addEventListener(event, () => chime.unlock());
if (document.fonts) document.fonts.ready.then(resize);
upright.addEventListener('change', render);
new ResizeObserver(resize).observe(byId('stage'));
new ResizeObserver(resize).observe(byId('calls'));
