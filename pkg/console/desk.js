/** One counter at work: joins its view, the clerk's actions and the server's answers. */

/** @import { Api } from '../../displays/lib/api.js' */
/** @import { Connection } from '../../displays/lib/live.js' */
/** @import { Counter, Ticket } from '../../displays/lib/wire.d.ts' */
/** @import { Name } from './actions.js' */
/** @import { Toasts } from './toast.js' */
import { byId } from '../../displays/lib/dom.js';
import { attach, Live, socketURL } from '../../displays/lib/live.js';
import { ConnectionBanner } from '../../displays/lib/status.js';
import { pick } from '../../displays/lib/text.js';
import { ActionBar } from './actionbar.js';
import { actionOfKey, allowed, isHasty, isMine, WARNED_MS } from './actions.js';
import { Alarms } from './alarms.js';
import { Current } from './current.js';
import { isAsking } from './dialog.js';
import { Lists } from './lists.js';
import { Outcomes } from './outcomes.js';
import * as questions from './questions.js';

/** How often the running times are written, in milliseconds. */
const TIMES_MS = 500;
/** Two calls can't be meant so close to each other: a key that bounces. Milliseconds. */
const BOUNCE_MS = 600;

/** The actions that end the visit of the ticket here. @type {Set<Name>} */
const ENDING = new Set(['call', 'walkin', 'close']);

/** What an action sends, when it asks first. @type {Partial<Record<Name, (view: Counter) => Promise<object | null>>>} */
const asks = {
  hold: questions.askHold,
  transfer: questions.askTransfer,
  call: (view) => questions.askNumber(view),
  walkin: questions.askWalkIn,
  pause: questions.askPause,
  close: questions.askClose,
  alarm: questions.askAlarm,
};

export class DeskPage {
  /**
   * @param {Api} api @param {string} id of the counter @param {string} me @param {Toasts} toasts
   * @param {{ leave: () => void, failed: (error: unknown) => void, lost: () => void, named: (name: string) => void, returned: () => void, keys: () => boolean }} page
   */
  constructor(api, id, me, toasts, page) {
    this.api = api;
    this.id = id;
    this.me = me;
    this.toasts = toasts;
    this.page = page;
    this.element = byId('desk');
    this.banner = new ConnectionBanner(byId('connection'), { advice: 'Le azioni riprendono da sole appena torna la rete.' });
    this.bar = new ActionBar(byId('actions'), (name) => this.act(name));
    this.current = new Current();
    this.outcomes = new Outcomes();
    this.lists = new Lists(() => this.live.now(), { call: (ticket) => this.callAgain(ticket), back: (ticket) => this.send('reinstate', { ticket: ticket.id }) });
    this.alarms = new Alarms(byId('alarms'), (counter) => this.calm(counter));
    /** @type {Counter | null} */
    this.view = null;
    /** @type {Connection} */
    this.connection = 'connecting';
    this.busy = '';
    this.stopped = false;
    this.calledAt = 0;
    this.warnedAt = -Infinity;
    this.live = new Live(socketURL({ view: 'counter', counter: id }), {
      onView: (/** @type {Counter} */ view) => {
        this.view = view;
        this.page.named(pick(view.counter.names));
        this.render();
      },
      onState: (state) => this.connected(state),
      onRefused: () => this.page.lost(),
      onReturn: () => this.page.returned(),
    });
    this.timer = Number(setInterval(() => this.render(), TIMES_MS));
    this.detach = attach(this.live);
  }

  /** Whether nothing would be lost if the page were loaded anew. */
  get isIdle() {
    return !this.busy && this.outcomes.list().length === 0;
  }

  stop() {
    this.stopped = true;
    clearInterval(this.timer);
    this.detach();
    this.banner.show('live', null);
    this.element.hidden = true;
    this.alarms.update([], this.id);
  }

  /** @private @param {Connection} state */
  connected(state) {
    this.connection = state;
    if (state === 'lost') this.page.lost();
    this.render();
  }

  /** @private */
  render() {
    const view = this.view;
    if (this.stopped) return; // an answer that comes late
    this.banner.show(this.connection, this.live.serverAt || null);
    if (!view) return;
    const now = this.live.now();
    const mine = isMine(view, this.me);
    if (this.element.hidden) {
      this.element.hidden = false;
      this.element.focus({ preventScroll: true });
    }
    this.outcomes.update(view, mine);
    this.current.update(view, mine, now);
    this.bar.update(view, this.can(view), this.busy, mine);
    this.lists.update(view, mine && this.can(view).has('call') && !this.busy);
    this.alarms.update(view.counters, this.id);
    this.title(view);
  }

  /** What can be done now: without a connection, nothing. @private @param {Counter} view */
  can(view) {
    return this.connection === 'lost' ? new Set() : allowed(view, this.me, this.live.now());
  }

  /** @private @param {Counter} view */
  title(view) {
    const waiting = view.lines.reduce((n, line) => n + line.waiting, 0);
    const name = pick(view.counter.names);
    const alarm = view.counters.some((c) => c.alarm) ? '⚠ ALLARME · ' : '';
    document.title = alarm + (view.ticket ? `${view.ticket.number || 'Senza biglietto'} · ${name}` : `(${waiting}) ${name}`);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const view = this.view;
    const target = event.target instanceof Element ? event.target : null;
    if (!view || isAsking() || !this.page.keys() || (target && target.closest('input, select, textarea'))) return;
    const plain = !event.ctrlKey && !event.altKey && !event.metaKey && !event.repeat;
    if (plain && this.outcomes.key(event.code, event.shiftKey)) return event.preventDefault();
    const onControl = target !== null && target.closest('button, a, summary') !== null;
    const name = actionOfKey(event, this.can(view), onControl);
    if (!name) return;
    event.preventDefault();
    this.act(name);
  }

  /** Carries out an action, after its question. @param {Name} name */
  async act(name) {
    const view = this.view;
    if (!view || this.busy || isAsking() || !this.can(view).has(name)) return;
    if (name === 'next') return this.next(view);
    if (name === 'done') return this.send('done', { outcomes: this.outcomes.list() });
    if (name === 'open') return this.open(view);
    const ask = asks[name];
    const body = ask ? await ask(view) : {};
    if (!body) return;
    const outcomes = name === 'transfer' ? { outcomes: this.outcomes.list() } : {};
    if (ENDING.has(name) && !(await this.finish())) return;
    if ((await this.send(name, { ...body, ...outcomes })) && name === 'close') this.page.leave();
  }

  /** Opens the counter, also one where a colleague is signed in. @private @param {Counter} view */
  async open(view) {
    const takeover = view.counter.status !== 'closed';
    if (takeover && !(await questions.askTakeover(view.counter.operator, pick(view.counter.names)))) return;
    await this.send('open', { takeover });
  }

  /** Calls on; what was done for the ticket still here is written down first. @private @param {Counter} view */
  async next(view) {
    const now = performance.now();
    if (now - this.calledAt < BOUNCE_MS) return;
    if (isHasty(view, this.live.now()) && now - this.warnedAt > WARNED_MS) {
      this.warnedAt = now;
      const number = view.ticket ? view.ticket.number : '';
      this.toasts.tell(`${number} è appena stato chiamato. Premere ancora per concluderlo e chiamare il prossimo.`, 'Called just now. Press again to finish it and call the next.');
      return;
    }
    this.warnedAt = -Infinity;
    if ((await this.finish()) && (await this.send('next'))) this.calledAt = performance.now();
  }

  /** Writes down what was done for the ticket here, before an action that ends its visit without saying so. @private */
  async finish() {
    const outcomes = this.outcomes.list();
    return outcomes.length === 0 || this.send('done', { outcomes });
  }

  /** @private @param {Ticket} ticket */
  async callAgain(ticket) {
    if (!this.view || this.busy || !this.can(this.view).has('call')) return;
    const sure = ticket.state !== 'waiting' && !this.view.ticket;
    const body = sure || !ticket.number ? { ticket: ticket.id } : await questions.askNumber(this.view, ticket.number);
    if (body && (await this.finish())) await this.send('call', body);
  }

  /** @private @param {string} counter */
  async calm(counter) {
    await this.send('calm', undefined, counter);
  }

  /**
   * Sends one command at a time.
   * @param {string} name @param {object} [body] @param {string} [counter]
   * @returns {Promise<boolean>} whether it was carried out
   */
  async send(name, body, counter = this.id) {
    if (this.busy) return false;
    this.busy = name;
    this.render();
    try {
      const answer = await this.api.post(`/counters/${encodeURIComponent(counter)}/${name}`, body);
      this.toasts.clear();
      if (name === 'next' && answer === null) this.toasts.tell('Nessuno è in attesa per questo sportello.', 'Nobody is waiting for this counter.');
      return true;
    } catch (error) {
      this.page.failed(error);
      return false;
    } finally {
      this.busy = '';
      this.render();
    }
  }
}
