/** One counter at work: joins its view, the clerk's actions and the server's answers. */

/** @import { CounterPage } from '../../displays/lib/wire.d.ts' */
/** @import { Name } from './actions.js' */
/** @import { Renewal } from '../../displays/lib/renewal.js' */
/** @import { Toasts } from './toast.js' */
import { Api } from '../../displays/lib/api.js';
import { both, byId, h } from '../../displays/lib/dom.js';
import { LiveView } from '../../displays/lib/live.js';
import { clock, pick } from '../../displays/lib/text.js';
import { ActionBar } from './actionbar.js';
import { actionOfKey, allowed, isAt } from './actions.js';
import { Alarms } from './alarms.js';
import { Commands, REPEAT_MS } from './commands.js';
import { Current } from './current.js';
import { dayNotice, waitingIn } from './day.js';
import { isAsking } from './dialog.js';
import { Forgotten } from './forgotten.js';
import { Lists } from './lists.js';
import { Outcomes } from './outcomes.js';

/** How often the running times are written, in milliseconds. */
const TIMES_MS = 500;

export class DeskPage {
  /**
   * @param {string} id of the counter @param {string} me @param {Toasts} toasts
   * @param {{ leave: () => void, failed: (error: unknown) => void, askWhy: () => unknown,
   *   named: (name: string) => void, seated: (mine: boolean) => void, viewed: (view: CounterPage) => void, renewal: Renewal,
   *   keys: () => boolean, supervises: boolean }} page
   */
  constructor(id, me, toasts, page) {
    this.id = id;
    this.me = me;
    this.page = page;
    this.element = byId('desk');
    const patient = new Api({ patience: REPEAT_MS, onRepeat: () => this.commands.repeating() });
    this.commands = new Commands(patient, id, toasts, {
      view: () => this.view,
      can: (view) => this.can(view),
      outcomes: () => this.outcomes.list(),
      now: () => this.live.now(),
      changed: () => this.render(),
      left: () => this.stopped || page.leave(),
      failed: (error) => page.failed(error),
    });
    this.bar = new ActionBar(byId('actions'), (name) => this.commands.act(name));
    this.current = new Current();
    this.outcomes = new Outcomes();
    this.forgotten = new Forgotten(byId('forgotten'), { now: () => this.live.now(), finish: () => this.commands.act('done') });
    this.day = byId('day');
    this.told = '';
    const times = { now: () => this.live.now(), clock: (/** @type {string} */ at) => clock(at, this.live.zone) };
    this.lists = new Lists(times, {
      call: (ticket) => this.commands.callAgain(ticket),
      back: (ticket) => this.commands.reinstate(ticket),
      reprint: (ticket) => this.commands.reprint(ticket),
    });
    byId('roll').onclick = () => this.commands.roll();
    this.alarms = new Alarms(byId('alarms'), (counter) => this.commands.calm(counter));
    this.stopped = false;
    /** @type {LiveView<CounterPage>} */
    this.live = new LiveView({ view: 'counter', counter: id }, {
      advice: () => this.commands.advice(),
      renewal: page.renewal,
      askWhy: page.askWhy,
      onView: (view) => {
        this.page.named(pick(view.counter.names));
        this.page.viewed(view);
        this.render();
      },
      onState: () => this.render(),
    });
    this.timer = Number(setInterval(() => this.render(), TIMES_MS));
  }

  get view() {
    return this.live.view;
  }

  /** Whether nothing would be lost if the page were loaded anew. */
  get isIdle() {
    return !this.commands.busy && this.outcomes.list().length === 0;
  }

  /**
   * Closes the counter if it's the clerk's, who signs out.
   * @returns {Promise<boolean>} whether to go on
   */
  async closeToLeave() {
    return !this.view || !isAt(this.view.counter, this.me) || this.commands.close(this.view, true);
  }

  stop() {
    this.stopped = true;
    clearInterval(this.timer);
    this.live.stop();
    this.element.hidden = true;
    this.alarms.update([], this.id, false);
    this.day.replaceChildren();
  }

  /** @private */
  render() {
    const view = this.view;
    if (this.stopped) return; // an answer that comes late
    this.live.tell();
    if (!view) return;
    const now = this.live.now();
    const mine = isAt(view.counter, this.me);
    if (this.element.hidden) {
      this.element.hidden = false;
      this.element.focus({ preventScroll: true });
    }
    this.outcomes.update(view, mine);
    this.forgotten.update(view, mine);
    this.tellDay(view);
    this.current.update(view, mine, now);
    this.bar.update(view, this.can(view), this.commands.busy, mine, this.page.supervises);
    byId('roll').setAttribute('aria-disabled', String(this.live.state === 'lost' || this.commands.busy !== ''));
    this.lists.update(view, mine && this.can(view).has('call') && !this.commands.busy);
    this.alarms.update(view.counters, this.id, mine);
    this.page.seated(mine);
    this.title(view);
  }

  /** What can be done now: without a connection, nothing. @private @param {CounterPage} view */
  can(view) {
    return this.live.state === 'lost' ? new Set() : allowed(view, this.me, this.live.now(), this.page.supervises);
  }

  /** @private @param {CounterPage} view */
  tellDay(view) {
    const notice = dayNotice(view, this.live.now());
    const told = notice ? notice[0] : '';
    if (told === this.told) return;
    this.told = told;
    this.day.replaceChildren(notice ? h('p', { class: 'message message-warn' }, both(...notice)) : '');
  }

  /** @private @param {CounterPage} view */
  title(view) {
    const waiting = waitingIn(view);
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
    this.commands.act(name);
  }
}
