/** The kiosk's screen: joins the view, the steps of a visit and what is shown. */

/** @import { Ticket } from '../../displays/lib/wire.d.ts' */
/** @import { KioskPage } from './agent.d.ts' */
/** @import { Choice } from './choices.js' */
/** @import { Invitation, State, Wish } from './flow.js' */
import { Api, ApiError, newKey } from '../../displays/lib/api.js';
import { keepAwake } from '../../displays/lib/awake.js';
import { byId, setText } from '../../displays/lib/dom.js';
import { LiveView } from '../../displays/lib/live.js';
import { reload } from '../../displays/lib/renewal.js';
import { clock, pick } from '../../displays/lib/text.js';
import { isOffline, printOf } from './choices.js';
import { Countdown } from './countdown.js';
import { fit } from './fit.js';
import * as flow from './flow.js';
import { Guide } from './guide.js';
import { mountOf, reach } from './reach.js';
import { canRead, onVoices } from './reader.js';
import { classScreen, failureScreen, goneScreen, idleScreen, invitedScreen, officeNews } from './result.js';
import { classWords, startWords, ticketWords } from './spoken.js';
import { StartScreen } from './start.js';
import { offered, phrases } from './texts.js';
import { ticketScreen } from './ticket.js';
import { Tools } from './tools.js';

/** How long it is said that the kiosk isn't paired, before the page that pairs it. */
const UNPAIRED_MS = 5000;
/** The screens whose buttons the tools bring lower; those of the others are low as they are. */
const LOWERED = ['start', 'class'];

/** Refusals of a code to scan that aren't because there is none. */
const ELSEWISE = /^(channel_closed|office_closed|channel_full|rate_limited|unauthenticated|forbidden)$/;

class Kiosk {
  constructor() {
    this.api = new Api();
    this.stage = byId('stage');
    this.ticket = byId('ticket');
    this.message = byId('message');
    this.guide = new Guide(byId('spoken'));
    this.countdown = new Countdown(byId('countdown'));
    this.screens = new StartScreen({
      choose: (choice) => this.choose(choice),
      search: () => this.to(flow.search(this.state, this.moment())),
      back: () => this.back(),
      changed: () => this.render(),
    });
    this.tools = new Tools(byId('tools'), byId('languages'), { changed: () => this.render(), read: () => this.guide.lead(this.words(), this.tools.language) });
    this.state = flow.start(this.moment());
    /** The screen, and all that it was drawn of. */
    this.shown = { which: '', key: '', language: '' };
    /** What the words were made as large for as there is room. */
    this.fitted = '';
    /** Whether the server doesn't know this kiosk. */
    this.refused = false;
    /** When a code was asked for last, and whether it is being asked for its ticket. */
    this.invitedAt = 0;
    this.looking = false;
    this.touched = this.moment();
    /** @type {LiveView<KioskPage>} */
    this.live = new LiveView({ view: 'totem', screen: `${screen.width}x${screen.height}` }, {
      mayGo: () => this.isIdle(),
      onView: () => this.renew(),
      onState: () => {
        if (this.live.state === 'live') this.refused = false;
        this.render();
      },
      askWhy: () => this.ask(),
      // The screen itself says more of a loss.
      says: (state) => (/^(lost|unpaired)/.test(this.shown.which) ? 'live' : state),
    });
  }

  get view() {
    return this.live.view;
  }

  run() {
    keepAwake();
    onVoices(() => this.render());
    addEventListener('resize', () => this.render());
    document.fonts.addEventListener('loadingdone', () => this.render());
    addEventListener('keydown', (event) => this.key(event));
    for (const kind of ['pointerdown', 'keydown']) addEventListener(kind, () => (this.touched = this.moment()), { capture: true });
    addEventListener('pointerdown', () => delete document.documentElement.dataset.keyboard);
    addEventListener('contextmenu', (event) => event.preventDefault());
    setInterval(() => this.watch(), 1000);
    this.ask();
    this.render();
  }

  /** Milliseconds that never step. @private */
  moment() {
    return performance.now();
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

  /** A newer view may know more of the paper. @private */
  renew() {
    const news = this.state.ticket && printOf(this.view, this.state.ticket.id);
    if (news) this.state = flow.paper(this.state, news, this.moment());
    this.render();
  }

  /** @private @param {State} state */
  to(state) {
    if (state === this.state) return;
    if (flow.place(state) !== flow.place(this.state)) this.screens.reset();
    this.state = state;
    this.render();
  }

  /** @private @param {Choice} choice */
  choose(choice) {
    const view = this.view;
    if (!view) return;
    const { state } = this;
    const channels = state.step === 'choose';
    this.wish(channels ? flow.choose(state, choice.channel, newKey(), this.moment(), view) : flow.chooseService(state, choice.channel, choice.service, newKey(), this.moment(), view));
  }

  /** @private @param {boolean} priority */
  answer(priority) {
    this.wish(flow.chooseClass(this.state, priority, newKey(), this.moment()));
  }

  /** Goes on to a state, which may have a wish to send. @private @param {State} state */
  wish(state) {
    if (state === this.state) return;
    this.to(state);
    if (state.step === 'sending') this.send();
  }

  /** @private */
  back() {
    this.to(flow.back(this.state, this.moment()));
  }

  /** @private */
  again() {
    this.wish(flow.again(this.state, this.moment()));
  }

  /** @private */
  async send() {
    const wish = this.state.wish;
    if (!wish) return;
    this.countdown.stop();
    const language = this.tools.language;
    this.guide.tell([phrases.say('sending', {}, language)], language);
    if (this.tools.paperless) return this.invite(wish);
    const body = { channel: wish.channel, class: wish.class, language, ...(this.view?.agent && this.state.service && { service: this.state.service }) };
    try {
      /** @type {Ticket} */
      const ticket = await this.call('post', '/tickets', body, { 'Idempotency-Key': wish.key });
      this.to(flow.issued(this.state, ticket, this.moment()));
      this.renew();
    } catch (error) {
      this.to(flow.failed(this.state, failureOf(error, this.api.language), this.moment()));
    }
  }

  /** Has a code to scan, or a fresh one: no number is taken. @private @param {Wish} wish */
  async invite(wish) {
    this.invitedAt = this.moment();
    try {
      /** @type {Invitation} */
      const invitation = await this.call('post', '/invitations', { channel: wish.channel, class: wish.class, language: this.tools.language });
      if (this.state.wish === wish) this.to(flow.invited(this.state, invitation, this.moment()));
    } catch (error) {
      if (this.state.wish !== wish) return;
      const failure = failureOf(error, this.api.language);
      const message = phrases.say('phoneNot', {}, failure.language);
      this.to(flow.failed(this.state, ELSEWISE.test(failure.code) ? failure : { ...failure, code: 'conflict', reason: 'paperless', message }, this.moment()));
    }
  }

  /** Shows the ticket of whoever has scanned a code. Resolves to whether nobody has. @private @returns {Promise<boolean>} */
  async unscanned() {
    const { wish, invitations } = this.state;
    /** @type {Ticket | null} none: nobody has yet */
    const ticket = await Promise.any(invitations.map((each) => this.api.get(`/tickets/${encodeURIComponent(each.ticket)}`))).catch(() => null);
    if (this.state.step !== 'invited' || this.state.wish !== wish) return false;
    if (ticket) this.to(flow.issued(this.state, ticket, this.moment()));
    return !ticket;
  }

  /** @private */
  async look() {
    const wish = this.state.wish;
    if (this.state.step !== 'invited' || !wish || this.looking) return;
    this.looking = true;
    const waits = await this.unscanned();
    this.looking = false;
    if (waits && this.moment() - this.invitedAt > flow.INVITATION_MS) this.invite(wish);
  }

  /** The ticket on paper after all, unless it is on a phone by now. @private */
  async onPaper() {
    if (!(await this.unscanned())) return;
    this.tools.paperless = false;
    this.wish(flow.onPaper(this.state, newKey(), this.moment()));
  }

  /** @private */
  async giveUp() {
    const ticket = this.state.ticket;
    if (!ticket) return;
    try {
      await this.call('delete', `/tickets/${encodeURIComponent(ticket.id)}`);
      this.to(flow.givenUp(this.state, this.moment()));
    } catch (error) {
      this.refusedOf(ticket, error, flow.keep(this.state, this.moment()));
    }
  }

  /** @private */
  async reprint() {
    const ticket = this.state.ticket;
    if (!ticket) return;
    const known = printOf(this.view, ticket.id);
    try {
      /** @type {Ticket} */
      const now = await this.call('post', `/tickets/${encodeURIComponent(ticket.id)}/reprint`, {});
      this.to(flow.reprinting(this.state, { ...now, ahead: ticket.ahead, wait: ticket.wait, offline: ticket.offline }, known, this.moment()));
    } catch (error) {
      this.refusedOf(ticket, error, this.state);
    }
  }

  /** What was asked for of a ticket wasn't done: its screen says why. @private @param {Ticket} ticket @param {unknown} error @param {State} state */
  refusedOf(ticket, error, state) {
    const failure = failureOf(error, this.api.language);
    if (this.state.ticket === ticket && state.step === 'ticket') this.to({ ...state, failure });
  }

  /** Calls the API, which speaks Italian and English. @private @param {'post' | 'delete'} method @param {string} path @param {any} [body] @param {Record<string, string>} [headers] */
  call(method, path, body, headers) {
    this.api.language = this.tools.language === 'en' ? 'en' : 'it';
    return this.api.request(method.toUpperCase(), path, body, headers);
  }

  /** @private */
  home() {
    this.tools.reset();
    this.screens.reset();
    this.guide.stop();
    this.to(flow.start(this.moment()));
  }

  /** @private */
  render() {
    if (this.view) {
      this.tools.offered = offered(this.view.office.languages);
      document.title = `Totem – ${this.view.office.name}`;
      setText(byId('office'), pick(this.view.office.names, this.tools.language));
    }
    const language = this.tools.language;
    this.tools.readable = canRead(language, phrases.say('classWho', {}, language));
    const which = flow.screen(this.state, this.view, this.live.state, this.refused);
    this.tools.invites = !!this.view && !isOffline(this.view) && isChoice(which);
    this.tools.update();
    this.clock();
    this.mount(which);
    this.expose(which);
    if (isChoice(which) && !this.countdown.running) this.countdown.prepare(flow.ASK_MS, 'still', language);
    if (which === 'start' && this.view) this.screens.update(this.view, this.state, language, this.live.now());
    this.live.tell();
    this.redraw(which, language);
    this.fit();
  }

  /** @private */
  fit() {
    const { large, contrast, low } = document.documentElement.dataset;
    const fitted = JSON.stringify([this.shown.key, innerWidth, innerHeight, large, contrast, low, this.countdown.running, document.fonts.status]);
    if (fitted === this.fitted) return;
    this.fitted = fitted;
    fit(this.ticket.hidden ? this.message : this.ticket);
  }

  /** @private @param {ReturnType<typeof flow.screen>} which */
  expose(which) {
    this.screens.element.hidden = which !== 'start';
    this.ticket.hidden = which !== 'ticket';
    this.message.hidden = which === 'start' || which === 'ticket';
    document.documentElement.dataset.screen = which;
  }

  /** Draws anew what has changed, and says what has come. @private @param {ReturnType<typeof flow.screen>} which @param {string} language */
  redraw(which, language) {
    const { state } = this;
    const what = which === 'ticket' ? flow.about(state, this.moment()) : which === 'start' ? flow.place(state) || '' : '';
    const news = which === 'closed' && this.view ? officeNews(this.view, this.live.now(), language) : '';
    const detail = which === 'start' ? '' : `${state.step} ${state.since} ${state.invitations.length > 0 ? state.invitations[state.invitations.length - 1].ticket : ''} ${state.failure ? state.failure.message : ''} ${news} ${which === 'ticket' && this.view && this.view.agent ? this.view.agent.printer.state : ''}`;
    const key = `${which} ${what} ${detail} ${language}`;
    const before = this.shown;
    if (key === before.key) return;
    this.shown = { which: `${which} ${what}`, key, language };
    const focused = this.buttons().findIndex((button) => button === document.activeElement);
    this.draw(which, language);
    if (focused >= 0) this.buttons()[focused]?.focus();
    if (before.which !== this.shown.which || (before.language === language && which !== 'ticket' && which !== 'invited')) this.arrive(which, language);
  }

  /** Those of what is drawn anew. @private @returns {HTMLButtonElement[]} */
  buttons() {
    return Array.from(this.stage.querySelectorAll('.screen:not([hidden]) button'));
  }

  /** @private @param {ReturnType<typeof flow.screen>} which @param {string} language */
  draw(which, language) {
    const { state, view } = this;
    const actions = { home: () => this.home(), again: () => this.again(), keep: () => this.to(flow.keep(this.state, this.moment())), giveUp: () => this.giveUp(), reprint: () => this.reprint() };
    if (which === 'ticket' && state.ticket) {
      const given = { ticket: state.ticket, what: flow.about(state, this.moment()), scanned: state.invitations.length > 0, service: state.service, failure: state.failure };
      this.ticket.replaceChildren(ticketScreen(given, view, language, actions));
    } else if (which === 'gone' && state.ticket) {
      this.message.replaceChildren(goneScreen(state.ticket, language, actions));
    } else if (which === 'invited') {
      this.message.replaceChildren(invitedScreen(state.invitations[state.invitations.length - 1], language, { home: () => this.home(), onPaper: () => this.onPaper() }));
    } else if (which === 'class') {
      this.message.replaceChildren(classScreen(state, language, { answer: (priority) => this.answer(priority), back: () => this.back() }));
    } else if (which === 'failed' && state.failure) {
      this.message.replaceChildren(failureScreen(state.failure, language, actions));
    } else if (which === 'unpaired' || which === 'connecting' || which === 'lost' || which === 'closed' || which === 'empty') {
      this.message.replaceChildren(idleScreen(which, view, language, this.live.now()));
    }
  }

  /**
   * A new screen: focus, voice and how long it stays.
   * @private @param {ReturnType<typeof flow.screen>} which @param {string} language
   */
  arrive(which, language) {
    const title = this.stage.querySelector('.screen:not([hidden]) h1');
    if (title instanceof HTMLElement) title.focus({ preventScroll: true });
    scrollTo(0, 0);
    const lasts = flow.lasts(this.state, this.moment());
    const asks = which === 'ticket' && flow.about(this.state, this.moment()) === 'ask';
    if (lasts > 0) this.countdown.begin(lasts, asks ? 'keepBack' : 'back', language, () => this.home());
    else this.countdown.stop();
    const words = which === 'start' && !this.guide.leads ? [] : this.words();
    this.guide.tell(words, language);
  }

  /** What there is to be said of the screen. @private */
  words() {
    const language = this.tools.language;
    const which = document.documentElement.dataset.screen;
    if (which === 'ticket' && this.state.ticket) return ticketWords(this.state.ticket, flow.about(this.state, this.moment()), language, this.state.invitations.length > 0);
    if (which === 'class') return classWords(language);
    if (which === 'start') return startWords(this.screens.shown, this.screens.title.firstChild?.textContent || '', language);
    return Array.from(this.message.querySelectorAll('.first'), (element) => element.textContent || '');
  }

  /** @private @param {KeyboardEvent} event */
  key(event) {
    document.documentElement.dataset.keyboard = '';
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
    const typing = event.target instanceof HTMLInputElement;
    if (event.key === 'Escape' || (event.key === '0' && !typing)) return this.leave();
    if (/^Arrow/.test(event.key) && !(typing && /^Arrow(Left|Right)$/.test(event.key))) {
      event.preventDefault();
      return this.step(/^Arrow(Down|Right)$/.test(event.key) ? 1 : -1);
    }
    if (typing) return;
    // The field that has the focus gets the letter.
    if (this.state.step === 'search' && /^(\p{L}|Backspace|Dead)$/u.test(event.key)) return this.screens.field.focus({ preventScroll: true });
    if (event.key === '*') return this.guide.lead(this.words(), this.tools.language);
    if (flow.place(this.state) === 'class' && /^[12]$/.test(event.key)) return this.answer(event.key === '2');
    const choice = this.shown.which.startsWith('start') ? flow.choiceOfKey(this.screens.shown, event.key) : null;
    if (choice) this.choose(choice);
  }

  /** One place back, or away from a ticket: its place stays. @private */
  leave() {
    if (flow.place(this.state) === null) this.home();
    else this.back();
  }

  /** The next button, for keypads with arrows. @private @param {1 | -1} by */
  step(by) {
    const all = Array.from(document.querySelectorAll('button, a[href], input')).filter((each) => each.checkVisibility({ visibilityProperty: true }) && !each.matches('[disabled]'));
    const at = all.findIndex((each) => each === document.activeElement);
    const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : (at + by + all.length) % all.length];
    if (!(next instanceof HTMLElement)) return;
    next.focus();
    this.guide.point(next.getAttribute('aria-label') || next.querySelector('.first')?.textContent || next.innerText, this.tools.language);
  }

  /** Whether nobody is at the kiosk. @private */
  isIdle() {
    return this.state.step === 'choose' && this.moment() - this.touched > flow.IDLE_MS;
  }

  /**
   * Once a second: what the time changes, and whether somebody left the screen changed behind.
   * @private
   */
  watch() {
    this.render();
    this.look();
    if (flow.place(this.state) === null || this.state.step === 'sending') return;
    const changed = this.tools.changed || this.guide.leads || this.state.step !== 'choose' || this.screens.tiles.page > 0;
    const idle = this.moment() - this.touched;
    if (this.countdown.running) {
      if (!changed || idle < 1000) this.countdown.stop();
      return;
    }
    if (changed && idle > flow.IDLE_MS) this.countdown.begin(flow.ASK_MS, 'still', this.tools.language, () => this.home());
  }

  /** Where a hand reaches, as the screen hangs. @private @param {string} which */
  mount(which) {
    const root = document.documentElement;
    const { above, below, target } = reach(innerWidth, innerHeight, mountOf(location.search, innerWidth, innerHeight));
    const low = this.tools.low && innerWidth > 600;
    const free = low && LOWERED.includes(which) ? Math.max(0, above - this.stage.offsetTop) : 0;
    root.style.setProperty('--target', `${target}px`);
    root.style.setProperty('--above', `${free}px`);
    root.style.setProperty('--below', `${low ? below : 0}px`);
    // The title has room above what is pressed, or else stays with it.
    root.toggleAttribute('data-roof', free > innerHeight / 6);
  }

  /** @private */
  clock() {
    if (this.view) setText(byId('time'), clock(this.live.now(), this.view.office.time_zone));
  }
}

/** @param {string} which */
function isChoice(which) {
  return which === 'start' || which === 'class';
}

/** @param {unknown} error @param {string} language that it was asked for in */
function failureOf(error, language) {
  if (!(error instanceof ApiError)) throw error;
  const body = /** @type {any} */ (error.body);
  return { code: error.code, message: error.message, language, reason: body && body.error ? String(body.error.reason || '') : '' };
}

new Kiosk().run();
