/**
 * What the clerk has done: asks where an action wants to know more, and sends one command at a
 * time.
 */

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
import { numberOr } from './words.js';

/** Two calls can't be meant so close to each other: a key that bounces. Milliseconds. */
const BOUNCE_MS = 600;

/**
 * So long a command that gets no answer is sent again. Later it might surprise whoever sent it.
 * Milliseconds.
 */
export const REPEAT_MS = 20_000;

/** The actions that end the visit of the ticket here. @type {Set<Name>} */
const ENDING = new Set(['call', 'walkin']);

/**
 * What an action sends, when it asks first.
 * @type {Partial<Record<Name, (view: CounterPage) => Promise<object | null>>>}
 */
const asks = {
  hold: questions.askHold,
  transfer: questions.askTransfer,
  call: (view) => questions.askNumber(view),
  walkin: questions.askWalkIn,
  pause: deskquestions.askPause,
  alarm: deskquestions.askAlarm,
};

/**
 * What the commands are called that have no button among the actions.
 * @type {Record<string, string>}
 */
const OTHERS = { reinstate: 'In coda', calm: 'Allarme rientrato', reprint: 'Ristampa', roll: 'Numeri dal rotolo' };

/**
 * @typedef {object} Surroundings the counter that the commands are about
 * @property {() => CounterPage | null} view
 * @property {(view: CounterPage) => Set<Name>} can nothing without a connection
 * @property {() => { service: string, quantity: number }[]} outcomes noted for the ticket here
 * @property {() => number} now the server's time, in milliseconds
 * @property {() => void} changed a command began or ended
 * @property {() => void} left the counter was closed
 * @property {(error: unknown) => void} failed
 */

export class Commands {
  /**
   * @param {Api} api that sends again for REPEAT_MS, and tells it here: see repeating
   * @param {string} id of the counter @param {Toasts} toasts @param {Surroundings} desk
   */
  constructor(api, id, toasts, desk) {
    this.api = api;
    this.id = id;
    this.toasts = toasts;
    this.desk = desk;
    /** The command under way; empty: none. */
    this.busy = '';
    /** @type {Promise<unknown>} that command's end */
    this.underway = Promise.resolve();
    /** Whether it got no answer so far. */
    this.unanswered = false;
    this.calledAt = -Infinity;
    this.warnedAt = -Infinity;
  }

  /** Carries out an action, after its question. @param {Name} name */
  async act(name) {
    const view = this.desk.view();
    const busy = this.busy !== '' && name !== 'alarm';
    if (!view || busy || isAsking()) return;
    const can = this.desk.can(view);
    if (name === 'alarm' && can.size === 0) return this.toasts.error('Allarme non inviato: manca il collegamento. Chiedere aiuto a voce.', 'No connection: the alarm was not sent.');
    if (!can.has(name)) return;
    if (name === 'next') return this.next(view);
    if (name === 'done') return this.send('done', { outcomes: this.desk.outcomes() }, seenIn(view));
    if (name === 'open') return this.open(view);
    if (name === 'close') return void ((await this.close(view)) && this.desk.left());
    const ask = asks[name];
    const body = ask ? await ask(view) : {};
    if (!body) return;
    const outcomes = name === 'transfer' ? { outcomes: this.desk.outcomes() } : {};
    const seen = ENDING.has(name) ? await this.finish(view) : seenIn(view);
    // Nobody's ticket keeps a clerk from calling for help.
    if (seen !== null) await this.send(name, { ...body, ...outcomes }, name === 'alarm' ? null : seen);
  }

  /**
   * Closes the counter.
   * @param {CounterPage} view @param {boolean} [leaving] the clerk signs out
   * @returns {Promise<boolean>} whether it's closed
   */
  async close(view, leaving = false) {
    if (this.busy || isAsking() || !(await deskquestions.askClose(view, this.desk.now(), leaving))) return false;
    const seen = await this.finish(view);
    return seen !== null && this.send('close', {}, seen);
  }

  /**
   * Opens the counter, also one where a colleague is signed in.
   * @private @param {CounterPage} view
   */
  async open(view) {
    const taken = view.counter.status !== 'closed';
    if (taken && !(await deskquestions.askTakeover(view.counter.operator, pick(view.counter.names)))) return;
    await this.send('open', { take_over: taken }, seenIn(view));
  }

  /**
   * Calls on; the ticket still here is finished, with what was done, in the same step.
   * @private @param {CounterPage} view
   */
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
    if (await this.send('next', { outcomes: this.desk.outcomes() }, seenIn(view))) this.calledAt = performance.now();
  }

  /**
   * Writes down what was done for the ticket here, before an action that ends its visit without
   * saying so.
   * @private @param {CounterPage} view
   * @returns {Promise<string | null>} the ticket that is then here; null: it wasn't possible
   */
  async finish(view) {
    const outcomes = this.desk.outcomes();
    if (outcomes.length === 0) return seenIn(view);
    return (await this.send('done', { outcomes }, seenIn(view))) ? '' : null;
  }

  /** Calls a ticket out of turn. @param {Ticket} ticket */
  async callAgain(ticket) {
    const view = this.desk.view();
    if (!view || this.busy || !this.desk.can(view).has('call')) return;
    const sure = ticket.state !== 'waiting' && !view.ticket;
    const body = sure || !ticket.number ? { ticket: ticket.id } : await questions.askNumber(view, ticket.number);
    const seen = body && (await this.finish(view));
    if (body && seen !== null) await this.send('call', body, seen);
  }

  /** Puts an absent or held ticket back in the queue. @param {Ticket} ticket */
  async reinstate(ticket) {
    const view = this.desk.view();
    if (view) await this.send('reinstate', { ticket: ticket.id }, seenIn(view));
  }

  /** Ends an alarm. @param {string} counter */
  async calm(counter) {
    await this.send('calm', {}, null, counter);
  }

  /** Has a further copy of a ticket printed, by the totem that gave it. @param {Ticket} ticket */
  async reprint(ticket) {
    if (await this.begin('reprint', `/tickets/${encodeURIComponent(ticket.id)}/reprint`, {}, null)) {
      this.toasts.tell(`Ristampa di ${ticket.number} chiesta al totem.`, 'The totem was asked to print it again.');
    }
  }

  /** Gives the tickets whose numbers were torn off a roll, since the totem is broken. */
  async roll() {
    const view = this.desk.view();
    if (!view || this.busy || isAsking()) return;
    const body = await questions.askRoll(view);
    if (body && (await this.begin('roll', '/tickets/roll', body, null))) {
      this.toasts.tell('I numeri del rotolo sono in coda come gli altri.', 'The numbers of the roll wait like all others.');
    }
  }

  /**
   * Sends one command at a time, with what the clerk saw: if another ticket is at the counter,
   * nothing is done.
   * @param {string} name @param {object} body
   * @param {string | null} seen the ticket at the counter, empty for none; null: whichever it is
   * @param {string} [counter]
   * @returns {Promise<boolean>} whether it was carried out
   */
  async send(name, body, seen, counter = this.id) {
    if (name === 'alarm') await this.underway.catch(() => {}); // it isn't lost because another command takes long
    return this.begin(name, `/counters/${encodeURIComponent(counter)}/${name}`, body, seen);
  }

  /**
   * Sends a command if none is under way.
   * @private @param {string} name @param {string} path @param {object} body
   * @param {string | null} seen
   * @returns {Promise<boolean>} whether it was carried out
   */
  async begin(name, path, body, seen) {
    if (this.busy) return false;
    this.busy = name;
    const done = this.carryOut(name, path, body, seen);
    this.underway = done;
    return done;
  }

  /**
   * @private @param {string} name @param {string} path @param {object} body
   * @param {string | null} seen
   */
  async carryOut(name, path, body, seen) {
    this.desk.changed();
    try {
      const answer = await this.api.post(path, seen === null ? body : { ...body, current: seen });
      this.toasts.clear();
      if (this.unanswered) this.toasts.tell(`Fatto: «${labelOf(name)}».`, 'Done.');
      if (name === 'next' && answer === null) this.toasts.tell('Nessuno è in attesa per questo sportello.', 'Nobody is waiting for this counter.');
      return true;
    } catch (error) {
      this.toasts.clear();
      if (isUnanswered(error)) this.toasts.error(`Nessuna risposta: non si sa se «${labelOf(name)}» sia riuscito. Appena torna il collegamento si vede qui.`, 'No answer: whether it was done will show here.');
      else if (isOutdated(error)) this.changed(seen);
      else this.desk.failed(error);
      return false;
    } finally {
      this.busy = '';
      this.unanswered = false;
      this.desk.changed();
    }
  }

  /** Says that another ticket is here than the clerk saw. @private @param {string | null} seen */
  changed(seen) {
    const view = this.desk.view();
    const here = view && seenIn(view) !== seen ? `ora ${view.ticket ? `c’è ${numberOr(view.ticket.number)}` : 'non c’è nessuno'}` : 'lo sportello è cambiato nel frattempo';
    this.toasts.error(`Non è stato fatto nulla: ${here}. Guardare e premere di nuovo.`, 'Nothing was done: the ticket here has changed.');
  }

  /**
   * The command under way got no answer: it is sent again with the same key, so that it is carried
   * out once at most.
   */
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

/** The ticket that a view shows at the counter, as commands name it. @param {CounterPage} view */
function seenIn(view) {
  return view.ticket ? view.ticket.id : '';
}

/**
 * Whether a command was refused because another ticket is at the counter than its sender saw.
 * @param {unknown} error
 */
function isOutdated(error) {
  return error instanceof ApiError && /** @type {any} */ (error.body)?.error?.reason === 'not_what_was_seen';
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
