/** What the clerk has done: asks where an action wants to know more, and sends one command at a time. */

/** @import { Api } from '../../displays/lib/api.js' */
/** @import { CounterPage, Ticket } from '../../displays/lib/wire.d.ts' */
/** @import { Name } from './actions.js' */
/** @import { Toasts } from './toast.js' */
import { ApiError } from '../../displays/lib/api.js';
import { pick } from '../../displays/lib/text.js';
import { ACTIONS, isHasty, WARNED_MS } from './actions.js';
import * as deskquestions from './deskquestions.js';
import { isAsking } from './dialog.js';
import * as questions from './questions.js';

/** Two calls can't be meant so close to each other: a key that bounces. Milliseconds. */
const BOUNCE_MS = 600;

/** So long a command that gets no answer is sent again. Later it might surprise whoever sent it. Milliseconds. */
export const REPEAT_MS = 20_000;

/** The actions that end the visit of the ticket here. @type {Set<Name>} */
const ENDING = new Set(['call', 'walkin']);

/** What an action sends, when it asks first. @type {Partial<Record<Name, (view: CounterPage) => Promise<object | null>>>} */
const asks = {
  hold: questions.askHold,
  transfer: questions.askTransfer,
  call: (view) => questions.askNumber(view),
  walkin: questions.askWalkIn,
  pause: deskquestions.askPause,
  alarm: deskquestions.askAlarm,
};

/** What the commands are called that have no button among the actions. @type {Record<string, string>} */
const OTHERS = { reinstate: 'In coda', calm: 'Allarme rientrato' };

/**
 * @typedef {object} Surroundings the counter that the commands are about
 * @property {() => CounterPage | null} view
 * @property {(view: CounterPage) => Set<Name>} can
 * @property {() => { service: string, quantity: number }[]} outcomes noted for the ticket here
 * @property {() => number} now the server's time, in milliseconds
 * @property {() => void} changed a command began or ended
 * @property {() => void} left the counter was closed
 * @property {(error: unknown) => void} failed
 */

export class Commands {
  /** @param {Api} api that sends again for REPEAT_MS, and tells it here: see repeating @param {string} id of the counter @param {Toasts} toasts @param {Surroundings} desk */
  constructor(api, id, toasts, desk) {
    this.api = api;
    this.id = id;
    this.toasts = toasts;
    this.desk = desk;
    /** The command under way; empty: none. */
    this.busy = '';
    /** Whether it got no answer so far. */
    this.unanswered = false;
    this.calledAt = -Infinity;
    this.warnedAt = -Infinity;
  }

  /** Carries out an action, after its question. @param {Name} name */
  async act(name) {
    const view = this.desk.view();
    if (!view || this.busy || isAsking() || !this.desk.can(view).has(name)) return;
    if (name === 'next') return this.next(view);
    if (name === 'done') return this.send('done', { outcomes: this.desk.outcomes() });
    if (name === 'open') return this.open(view);
    if (name === 'close') return void ((await this.close(view)) && this.desk.left());
    const ask = asks[name];
    const body = ask ? await ask(view) : {};
    if (!body) return;
    const outcomes = name === 'transfer' ? { outcomes: this.desk.outcomes() } : {};
    if (ENDING.has(name) && !(await this.finish())) return;
    await this.send(name, { ...body, ...outcomes });
  }

  /** Closes the counter. @param {CounterPage} view @param {boolean} [leaving] the clerk signs out @returns {Promise<boolean>} whether it's closed */
  async close(view, leaving = false) {
    if (this.busy || isAsking() || !(await deskquestions.askClose(view, leaving))) return false;
    return (await this.finish()) && this.send('close');
  }

  /** Opens the counter, also one where a colleague is signed in. @private @param {CounterPage} view */
  async open(view) {
    const takeover = view.counter.status !== 'closed';
    if (takeover && !(await deskquestions.askTakeover(view.counter.operator, pick(view.counter.names)))) return;
    await this.send('open', { take_over: takeover });
  }

  /** Calls on; what was done for the ticket still here is written down first. @private @param {CounterPage} view */
  async next(view) {
    const now = performance.now();
    if (now - this.calledAt < BOUNCE_MS) return;
    if (isHasty(view, this.desk.now()) && now - this.warnedAt > WARNED_MS) {
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
    const outcomes = this.desk.outcomes();
    return outcomes.length === 0 || this.send('done', { outcomes });
  }

  /** Calls a ticket out of turn. @param {Ticket} ticket */
  async callAgain(ticket) {
    const view = this.desk.view();
    if (!view || this.busy || !this.desk.can(view).has('call')) return;
    const sure = ticket.state !== 'waiting' && !view.ticket;
    const body = sure || !ticket.number ? { ticket: ticket.id } : await questions.askNumber(view, ticket.number);
    if (body && (await this.finish())) await this.send('call', body);
  }

  /**
   * Sends one command at a time.
   * @param {string} name @param {object} [body] @param {string} [counter]
   * @returns {Promise<boolean>} whether it was carried out
   */
  async send(name, body, counter = this.id) {
    if (this.busy) return false;
    this.busy = name;
    this.desk.changed();
    try {
      const answer = await this.api.post(`/counters/${encodeURIComponent(counter)}/${name}`, body);
      this.toasts.clear();
      if (this.unanswered) this.toasts.tell(`Fatto: «${labelOf(name)}».`, 'Done.');
      if (name === 'next' && answer === null) this.toasts.tell('Nessuno è in attesa per questo sportello.', 'Nobody is waiting for this counter.');
      return true;
    } catch (error) {
      this.toasts.clear();
      if (isUnanswered(error)) this.toasts.error(`Nessuna risposta: non si sa se «${labelOf(name)}» sia riuscito. Appena torna il collegamento si vede qui.`, 'No answer: whether it was done will show here.');
      else this.desk.failed(error);
      return false;
    } finally {
      this.busy = '';
      this.unanswered = false;
      this.desk.changed();
    }
  }
  /** The command under way got no answer: it is sent again with the same key, so that it is carried out once at most. */
  repeating() {
    this.unanswered = true;
    this.toasts.hold(`«${labelOf(this.busy)}» non ha ancora risposta: lo ripeto da solo, vale una volta sola.`, 'No answer yet: being sent again, it counts once.');
    this.desk.changed();
  }

  /** What to do while the server is away. */
  advice() {
    return this.unanswered ? 'Un momento: l’ultimo comando viene ripetuto.' : 'I pulsanti tornano con il collegamento.';
  }
}

/** Whether nobody knows if a command was carried out. @param {unknown} error */
function isUnanswered(error) {
  return error instanceof ApiError && (error.status === 0 || error.status === 502 || error.status === 504);
}

/** What the buttons call a command. @param {string} name */
function labelOf(name) {
  const action = ACTIONS.find((a) => a.name === name);
  return action ? action.it : OTHERS[name] || name;
}
