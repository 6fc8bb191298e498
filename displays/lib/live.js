/** The one way in which a page holds a live view. */

/** @import { Connection } from './connection.js' */
/** @import { Machine } from './machine.js' */
import { delay } from './backoff.js';
import { Live } from './connection.js';
import { byId } from './dom.js';
import { browser } from './machine.js';
import { attach, socketURL } from './page.js';
import { Renewal } from './renewal.js';
import { ConnectionBanner } from './status.js';

/** How long to wait after the server has asked not to come back. Milliseconds. */
const REFUSED_MS = 300000;

/**
 * @template View
 * @typedef {object} Page what a page says of itself; it has an element #connection for the banner
 * @property {(view: View) => void} onView a newer view is there
 * @property {(state: Connection) => void} [onState] the connection has changed
 * @property {() => unknown} [onReturn] a connection after the first one works
 * @property {(message: any) => void} [onMessage] the server says something that isn't a view; it has a type
 * @property {() => unknown} [askWhy] asks the server why there is no connection, which a WebSocket
 *   can't tell: called when it is lost, and again and again until it is back
 * @property {(state: Connection) => Connection} [says] what the banner says of a state, where the
 *   page itself says more
 * @property {() => boolean} [mayGo] whether the page may be loaded anew now, for another version
 * @property {Renewal} [renewal] of a page that holds one view after another; else of this one
 * @property {string | (() => string)} [advice] what to do while the connection is lost
 * @property {boolean} [alone] the banner speaks the page's language alone
 * @property {string} [at] when what the server has written into the page was true
 */

/**
 * Keeps a view live for as long as the page is there, says when it may be old, and loads the page
 * anew for another version of the server.
 * @template {{ seq: number, at: string }} View
 */
export class LiveView {
  /**
   * @param {Record<string, string>} query which view, as the WebSocket is asked for it
   * @param {Page<View>} page @param {Machine} [machine]
   */
  constructor(query, page, machine = browser) {
    this.page = page;
    this.machine = machine;
    this.written = Date.parse(page.at || '') || null;
    this.banner = new ConnectionBanner(byId('connection'), { advice: page.advice, alone: page.alone });
    this.renewal = page.renewal || new Renewal(page.mayGo);
    this.stopped = false;
    this.asking = false;
    this.refusedTimer = 0;
    /** @type {Live<View>} */
    this.live = new Live(socketURL(query), {
      onView: (view) => page.onView(view),
      onState: (state) => {
        this.tell();
        if (page.onState) page.onState(state);
        if (state === 'lost') this.ask();
      },
      onReturn: () => {
        this.renewal.returned();
        if (page.onReturn) page.onReturn();
      },
      onMessage: (message) => {
        if (page.onMessage) page.onMessage(message);
      },
      onRefused: () => (this.refusedTimer = machine.after(() => this.live.start(), REFUSED_MS)),
    }, machine);
    this.banner.show('connecting', this.written);
    this.detach = attach(this.live);
  }

  /** The newest view; null: none came yet. */
  get view() {
    return this.live.view;
  }

  /** Of the connection. */
  get state() {
    return this.live.state;
  }

  /** When what is shown was true, in milliseconds; null: nothing is shown. */
  get at() {
    return this.live.serverAt || this.written;
  }

  /** The office's time zone. */
  get zone() {
    return zoneOf(this.view) || document.body.dataset.zone || 'Europe/Rome';
  }

  /** The server's time now, in milliseconds, as far as it is known. */
  now() {
    return this.live.now();
  }

  /** Tells the server something. @param {string} text @returns {boolean} false: there is no connection */
  send(text) {
    return this.live.send(text);
  }

  /** Has the banner say how the connection is. */
  tell() {
    const state = this.live.state;
    this.banner.show(this.page.says ? this.page.says(state) : state, this.at, this.zone);
  }

  /** Ends it: the page shows something else. */
  stop() {
    this.stopped = true;
    this.machine.cancel(this.refusedTimer);
    this.detach();
    this.banner.show('live', null);
  }

  /**
   * Once isn't enough: the network may come back after the answer to the first question failed.
   * @private
   */
  async ask() {
    if (!this.page.askWhy || this.asking) return;
    this.asking = true;
    for (let times = 0; this.live.state === 'lost' && !this.stopped; times++) {
      await this.page.askWhy();
      const ms = delay(times, this.machine.random());
      await new Promise((wake) => this.machine.after(() => wake(null), ms));
    }
    this.asking = false;
  }
}

/** The time zone that a view tells: its own, or its office's. @param {any} view */
function zoneOf(view) {
  const office = view && (view.office || (view.public && view.public.office));
  return office ? office.time_zone : '';
}
