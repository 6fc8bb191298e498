/** The one way in which a page holds a live view. */

import { Live } from './connection.js';
import { byId } from './dom.js';
import { attach, socketURL } from './page.js';
import { Renewal } from './renewal.js';
import { ConnectionBanner } from './status.js';

export { attach, Live, socketURL };
/** @typedef {import('./connection.js').Connection} Connection */

/** How long to wait after the server has asked not to come back. Milliseconds. */
const REFUSED_MS = 300000;

/**
 * @template View
 * @typedef {object} Page what a page says of itself; it has an element #connection for the banner
 * @property {(view: View) => void} onView a newer view is there
 * @property {() => void} [onState] the connection has changed
 * @property {() => void} [onConnect] a connection works: the first one, or one after a loss
 * @property {(code: number) => void} [onRefused] the server asks not to come back; else the page tries again after minutes
 * @property {(state: Connection) => Connection} [says] what the banner says of a state, where the page itself says more
 * @property {() => boolean} [mayGo] whether the page may be loaded anew now, for another version
 * @property {string} [advice] what to do while the connection is lost
 * @property {string} [at] when what the server has written into the page was true
 */

/**
 * Keeps a view live for as long as the page is there, says when it may be old, and loads the page anew for another version of the
 * server.
 * @template {{ seq: number, at: string }} View
 */
export class LiveView {
  /** @param {Record<string, string>} query which view, as the WebSocket is asked for it @param {Page<View>} page */
  constructor(query, page) {
    this.page = page;
    this.written = Date.parse(page.at || '') || null;
    this.banner = new ConnectionBanner(byId('connection'), { advice: page.advice });
    this.renewal = new Renewal(page.mayGo);
    /** @type {Live<View>} */
    this.live = new Live(socketURL(query), {
      onView: (view) => page.onView(view),
      onState: (state) => {
        this.tell();
        if (page.onState) page.onState();
        if (state === 'live' && page.onConnect) page.onConnect();
      },
      onReturn: () => this.renewal.returned(),
      onRefused: (code) => {
        if (page.onRefused) page.onRefused(code);
        else setTimeout(() => this.live.start(), REFUSED_MS);
      },
    });
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

  /** Has the banner say how the connection is. */
  tell() {
    const state = this.live.state;
    this.banner.show(this.page.says ? this.page.says(state) : state, this.at, this.zone);
  }

  /** Ends it: the page shows something else. */
  stop() {
    this.detach();
    this.banner.show('live', null);
  }
}

/** The time zone that a view tells: its own, or its office's. @param {any} view */
function zoneOf(view) {
  const office = view && (view.office || (view.public && view.public.office));
  return office ? office.time_zone : '';
}
