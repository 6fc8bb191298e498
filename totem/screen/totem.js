/** The kiosk's screen: joins the view, the steps of a visit and what is shown. */

/** @import { Ticket, TotemPage } from '../../displays/lib/wire.d.ts' */
/** @import { State } from './flow.js' */
import { Api, ApiError, newKey } from '../../displays/lib/api.js';
import { keepAwake } from '../../displays/lib/awake.js';
import { byId, setText } from '../../displays/lib/dom.js';
import { LiveView } from '../../displays/lib/live.js';
import { reload } from '../../displays/lib/renewal.js';
import { clock, pick } from '../../displays/lib/text.js';
import { Countdown } from './countdown.js';
import * as flow from './flow.js';
import { canRead, hush, onVoices, read } from './reader.js';
import { failureScreen, idleScreen, officeNews, ticketScreen } from './result.js';
import { startWords, ticketWords } from './spoken.js';
import { StartScreen } from './start.js';
import { phrases } from './texts.js';
import { Tools } from './tools.js';

/** How long it is said that the kiosk isn't paired, before the page that pairs it. */
const UNPAIRED_MS = 5000;

class Kiosk {
  constructor() {
    this.api = new Api();
    this.stage = byId('stage');
    this.ticket = byId('ticket');
    this.message = byId('message');
    this.spoken = byId('spoken');
    this.countdown = new Countdown(byId('countdown'));
    this.screens = new StartScreen({ choose: (channel) => this.choose(channel), togglePriority: () => this.to(flow.togglePriority(this.state)), turned: () => this.render() });
    this.tools = new Tools(byId('tools'), { changed: () => this.render(), read: () => this.read() });
    this.state = flow.start(performance.now());
    this.shown = '';
    /** Whether the server doesn't know this kiosk. */
    this.refused = false;
    this.touched = performance.now();
    /** @type {LiveView<TotemPage>} */
    this.live = new LiveView({ view: 'totem' }, {
      mayGo: () => this.isIdle(),
      onView: () => this.render(),
      onState: () => {
        if (this.live.state === 'live') this.refused = false;
        this.render();
      },
      askWhy: () => this.ask(),
      // The screen itself says more of a loss.
      says: (state) => (/^(lost|unpaired)/.test(this.shown) ? 'live' : state),
    });
  }

  get view() {
    return this.live.view;
  }

  run() {
    keepAwake();
    onVoices(() => this.render());
    addEventListener('resize', () => this.render());
    addEventListener('keydown', (event) => this.key(event));
    for (const kind of ['pointerdown', 'keydown']) addEventListener(kind, () => (this.touched = performance.now()), { capture: true });
    addEventListener('pointerdown', () => delete document.documentElement.dataset.keyboard);
    addEventListener('contextmenu', (event) => event.preventDefault());
    setInterval(() => this.watch(), 1000);
    this.ask();
    this.render();
  }

  /** @private */
  isLive() {
    return this.live.state === 'live';
  }

  /**
   * Without its view the kiosk asks whether the server knows it, or knows it no more.
   * @private
   */
  async ask() {
    if (this.isLive()) return;
    try {
      await this.api.get('/ws?view=totem');
    } catch (error) {
      if (!(error instanceof ApiError) || this.isLive() || error.code === 'unreachable') return;
      this.refused = error.status === 401 || error.status === 403;
      this.render();
      if (this.refused) setTimeout(() => this.pair(), UNPAIRED_MS);
    }
  }

  /** The server now has the page that pairs the kiosk. A ticket stays in sight. @private */
  pair() {
    if (this.state.step !== 'ticket') reload();
  }

  /** @private @param {State} state */
  to(state) {
    if (state === this.state) return;
    this.state = state;
    this.render();
  }

  /** @private @param {string} channel */
  choose(channel) {
    const before = this.state;
    this.to(flow.choose(before, channel, newKey(), performance.now()));
    if (this.state !== before) this.send();
  }

  /** @private */
  async send() {
    const wish = this.state.wish;
    if (!wish) return;
    this.countdown.stop();
    this.say(phrases.say('sending', {}, this.tools.language));
    this.api.language = this.tools.language;
    try {
      /** @type {Ticket} */
      const ticket = await this.api.post('/tickets', { channel: wish.channel, class: wish.class }, { 'Idempotency-Key': wish.key });
      this.to(flow.issued(this.state, ticket, performance.now()));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.to(flow.failed(this.state, error, performance.now()));
    }
  }

  /** @private */
  home() {
    this.tools.reset();
    this.screens.page = 0;
    hush();
    this.to(flow.start(performance.now()));
  }

  /** @private */
  render() {
    const language = this.tools.language;
    document.documentElement.lang = language;
    this.tools.readable = canRead(language);
    this.tools.update();
    if (this.view) {
      document.title = `Totem – ${this.view.office.name}`;
      setText(byId('office'), pick(this.view.office.names, language));
    }
    this.clock();
    const which = flow.screen(this.state, this.view, this.live.state, this.refused);
    if (which === 'start' && !this.countdown.running) this.countdown.prepare(flow.ASK_MS, 'still', language);
    if (which === 'start' && this.view) this.screens.update(this.view, this.state, language, this.live.now());
    this.live.tell();
    const news = this.view ? officeNews(this.view, this.live.now(), language) : '';
    const key = `${which} ${this.state.step} ${this.state.since} ${language} ${which === 'closed' ? news : ''}`;
    const [, , , drawnIn] = this.shown.split(' ');
    if (which === 'start' ? this.shown.startsWith('start') : key === this.shown) return;
    const arrived = this.shown.split(' ')[0] !== which || drawnIn === language;
    this.shown = key;
    this.draw(which, language);
    if (arrived) this.arrive(which, language);
  }

  /** @private @param {ReturnType<typeof flow.screen>} which @param {string} language */
  draw(which, language) {
    this.screens.element.hidden = which !== 'start';
    this.ticket.hidden = which !== 'ticket';
    this.message.hidden = which === 'start' || which === 'ticket';
    document.documentElement.dataset.screen = which;
    const actions = { home: () => this.home(), again: () => this.again() };
    if (which === 'ticket' && this.state.ticket) {
      this.ticket.replaceChildren(ticketScreen(this.state.ticket, this.view, language, actions));
    } else if (which === 'failed' && this.state.failure) {
      this.message.replaceChildren(failureScreen(this.state.failure, language, actions));
    } else if (which !== 'start' && which !== 'ticket' && which !== 'failed') {
      this.message.replaceChildren(idleScreen(which, this.view, language, this.live.now()));
    }
  }

  /**
   * A new screen: focus, voice and how long it stays.
   * @private @param {string} which @param {string} language
   */
  arrive(which, language) {
    const title = this.stage.querySelector('.screen:not([hidden]) h1');
    if (title instanceof HTMLElement) title.focus({ preventScroll: true });
    scrollTo(0, 0);
    const lasts = this.state.step === 'ticket' || this.state.step === 'failed' ? flow.lasts(this.state) : 0;
    if (lasts > 0) this.countdown.begin(lasts, 'back', language, () => this.home());
    else this.countdown.stop();
    if (which === 'ticket' && this.state.ticket) this.say(ticketWords(this.state.ticket, language));
    else this.say(which === 'start' ? '' : title?.textContent || '');
  }

  /** @private */
  again() {
    const before = this.state;
    this.to(flow.again(before, performance.now()));
    if (this.state !== before) this.send();
  }

  /** Says to screen readers. @private @param {string} text */
  say(text) {
    setText(this.spoken, text);
  }

  /** Reads the screen aloud. @private */
  read() {
    const language = this.tools.language;
    if (this.state.step === 'ticket' && this.state.ticket) {
      read(ticketWords(this.state.ticket, language), language);
    } else if (this.shown.startsWith('start')) {
      read(startWords(this.screens.shown, language), language);
    } else {
      read(this.message.textContent || '', language);
    }
  }

  /** @private @param {KeyboardEvent} event */
  key(event) {
    document.documentElement.dataset.keyboard = '';
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
    if (event.key === 'Escape' && (this.state.step === 'ticket' || this.state.step === 'failed')) this.home();
    const channel = this.shown.startsWith('start') ? flow.channelOfKey(this.screens.shown, event.key) : null;
    if (channel) this.choose(channel);
  }

  /** Whether nobody is at the kiosk. @private */
  isIdle() {
    return this.state.step === 'choose' && performance.now() - this.touched > flow.IDLE_MS;
  }

  /**
   * Once a second: what the time changes, and whether somebody left the screen changed behind.
   * @private
   */
  watch() {
    this.render();
    const changed = this.tools.changed || this.state.priority || this.screens.page > 0;
    if (this.state.step !== 'choose' || !changed) {
      if (this.state.step === 'choose' && this.countdown.running) this.countdown.stop();
      return;
    }
    const idle = performance.now() - this.touched;
    if (idle < 1000 && this.countdown.running) this.countdown.stop();
    if (idle > flow.patience(this.state) && !this.countdown.running) this.countdown.begin(flow.ASK_MS, 'still', this.tools.language, () => this.home());
  }

  /** @private */
  clock() {
    if (this.view) setText(byId('time'), clock(this.live.now(), this.view.office.time_zone, this.tools.language));
  }
}

new Kiosk().run();
