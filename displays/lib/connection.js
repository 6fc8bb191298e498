/** A view that is kept live over a WebSocket. Knows no DOM. */

/** @import { Machine } from './machine.js' */
import { delay, retry } from './backoff.js';
import { browser } from './machine.js';
import { isNewer } from './newer.js';
import { ServerTime } from './servertime.js';

/**
 * @typedef {'connecting' | 'live' | 'stale' | 'lost'} Connection `stale`: connected, but nothing
 *   was heard for too long
 */

/**
 * Nothing heard for so long: what is shown must no longer pass for live; with the watchdog's
 * period, within 5 s. Milliseconds, as all below.
 */
export const STALE_MS = 4750;
/** Nothing heard for so long: the connection is given up for dead and made anew. */
export const DEAD_MS = 12000;
/** A connection that held so long makes the failures before it forgotten. */
const STEADY_MS = 5000;
/** How often the watchdog looks. */
const WATCH_MS = 250;

/**
 * Live holds the newest view of a topic. The newest seq wins, whatever order messages come in.
 * @template {{ seq: number, at: string }} View
 */
export class Live {
  /**
   * @param {string} url
   * @param {{
   *   onView: (view: View) => void,
   *   onState?: (state: Connection) => void,
   *   onRefused?: (code: number) => void,
   *   onReturn?: () => void,
   *   onMessage?: (message: { type: string }) => void,
   * }} listener onRefused: the server asks not to come back by oneself; onReturn: a connection after
   *   the first one works; onMessage: whatever comes that isn't a view
   * @param {Machine} [machine]
   */
  constructor(url, listener, machine = browser) {
    this.url = url;
    this.listener = listener;
    this.machine = machine;
    /** @type {Connection} */
    this.state = 'connecting';
    /** @type {View | null} */
    this.view = null;
    this.time = new ServerTime(machine);
    this.failures = 0;
    /** Whether any connection has brought a message. */
    this.met = false;
    /** Whether the present connection has brought a message. */
    this.greeted = false;
    this.stopped = true;
    /** @type {WebSocket | null} */
    this.socket = null;
    this.retryTimer = 0;
    this.watchTimer = 0;
    this.opened = this.time.moment();
  }

  /** Server time of the last message, in milliseconds; 0: none came yet. */
  get serverAt() {
    return this.time.at;
  }

  /** Connects, and stays connected until stop. */
  start() {
    if (!this.stopped) return;
    this.stopped = false;
    this.connect();
    this.watch();
  }

  stop() {
    this.stopped = true;
    this.machine.cancel(this.retryTimer);
    this.machine.cancel(this.watchTimer);
    this.retryTimer = 0;
    this.abandon();
  }

  /** Tries at once instead of waiting: the network is back, the page is looked at again. */
  hurry() {
    if (this.stopped) return;
    this.check();
    if (!this.retryTimer) return;
    this.machine.cancel(this.retryTimer);
    this.retryTimer = 0;
    this.connect();
  }

  /** The server's time now, in milliseconds, as far as it is known. */
  now() {
    return this.time.now();
  }

  /** Tells the server something. @param {string} text @returns {boolean} false: there is no connection */
  send(text) {
    if (!this.socket || this.socket.readyState !== 1) return false;
    this.socket.send(text);
    return true;
  }

  /** @private */
  connect() {
    this.opened = this.time.moment();
    this.greeted = false;
    const socket = this.machine.socket(this.url);
    this.socket = socket;
    socket.onmessage = (event) => this.receive(event.data);
    socket.onclose = (event) => {
      if (this.socket === socket) this.closed(event.code);
    };
  }

  /** @private */
  abandon() {
    const socket = this.socket;
    this.socket = null;
    if (!socket) return;
    socket.onmessage = null;
    socket.onclose = null;
    socket.close();
  }

  /** @private @param {number} code */
  closed(code) {
    if (this.greeted && this.time.age(this.opened) >= STEADY_MS) this.failures = 0;
    this.socket = null;
    if (!retry(code)) {
      this.stop();
      this.enter('lost');
      if (this.listener.onRefused) this.listener.onRefused(code);
      return;
    }
    this.retryTimer = this.machine.after(() => {
      this.retryTimer = 0;
      this.connect();
    }, delay(this.failures, this.machine.random()));
    this.failures++;
    this.check();
  }

  /** @private @param {string} data */
  receive(data) {
    /** @type {{ type: string, seq: number, at: string, view: View }} */
    let message;
    try {
      message = JSON.parse(data);
    } catch {
      return;
    }
    // A pulse has no time: it tells nothing but that what is shown is still so.
    this.time.hear(message.at);
    if (!this.greeted && this.met && this.listener.onReturn) this.listener.onReturn();
    this.greeted = true;
    this.met = true;
    if (message.type !== 'view') {
      if (this.listener.onMessage) this.listener.onMessage(message);
    } else if (isNewer(message, this.view)) {
      this.view = message.view;
      this.listener.onView(message.view);
    }
    if (this.view) this.enter('live');
  }

  /** @private */
  watch() {
    this.check();
    if (!this.stopped) this.watchTimer = this.machine.after(() => this.watch(), WATCH_MS);
  }

  /** Says what the silence means. @private */
  check() {
    const silence = this.time.silence();
    if (silence > STALE_MS) this.enter(this.socket && this.socket.readyState === 1 ? 'stale' : 'lost');
    if (silence > DEAD_MS && this.time.age(this.opened) > DEAD_MS && this.socket) {
      this.abandon();
      this.closed(1006);
    }
  }

  /** @private @param {Connection} state */
  enter(state) {
    if (state === this.state) return;
    this.state = state;
    if (this.listener.onState) this.listener.onState(state);
  }
}
