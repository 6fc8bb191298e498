/**
 * Tells the server how this monitor is, and does what a supervisor asks of it through the server.
 * Knows no DOM.
 */

/** @import { Machine } from '../lib/machine.js' */
import { browser } from '../lib/machine.js';

/** So often a monitor says how it is, whatever it is. Milliseconds, as all below. */
export const STATUS_MS = 3000;
/** So often it looks whether there is something new to say. */
export const LOOK_MS = 1000;
/** For how long it shows which one it is. */
export const IDENTIFY_MS = 20000;
/** It isn't loaded anew for a supervisor more often than this. */
export const RELOAD_MS = 60000;

/**
 * @typedef {object} Facts how a monitor is
 * @property {'on' | 'blocked' | 'off' | 'muted' | 'quiet'} sound
 * @property {string} screen "1920x1080", in pixels of the screen
 * @property {string} version of its page; empty: not known
 * @property {string} shown the number that it called last; empty: none yet
 * @property {string} spoken the number that it spoke last; empty: none yet
 * @property {string} [spoken_at] when, as RFC 3339
 * @property {'ok' | 'number' | 'rest'} legible what its letters are too small for
 */
/** @typedef {{ type: string, name?: string, number?: number }} Message from the server */

export class Report {
  /**
   * @param {object} options
   * @param {() => Facts | null} options.facts null: it shows nothing yet
   * @param {(text: string) => boolean} options.send false: there is no connection
   * @param {(who: { name: string, number: number } | null) => void} options.identify shows which
   *   monitor this is, by its name and its place among the office's; null: no longer
   * @param {() => boolean} options.mayGo whether the page may be loaded anew now
   * @param {() => unknown} options.reload
   * @param {number} [options.reloaded] when it was loaded anew for a supervisor last; wall clock
   * @param {Machine} [options.machine]
   */
  constructor(options) {
    this.options = options;
    this.machine = options.machine || browser;
    this.said = '';
    this.saidAt = -Infinity;
    this.leaving = false;
    this.identifyTimer = 0;
    this.look();
  }

  /** @private */
  look() {
    this.tell();
    this.leave();
    this.machine.after(() => this.look(), LOOK_MS);
  }

  /** Says how this monitor is, if it is another than it said, or said it a while ago. @private */
  tell() {
    const facts = this.options.facts();
    if (!facts) return;
    const text = JSON.stringify({ type: 'status', ...facts });
    const now = this.machine.steady();
    if (text === this.said && now - this.saidAt < STATUS_MS) return;
    if (!this.options.send(text)) {
      this.said = ''; // the next connection's first word
      return;
    }
    this.said = text;
    this.saidAt = now;
  }

  /** There is a new connection, whose server has heard nothing yet. */
  returned() {
    this.said = '';
    this.tell();
  }

  /** @private */
  leave() {
    const { reloaded = -Infinity, mayGo, reload } = this.options;
    if (!this.leaving || !mayGo() || Math.abs(this.machine.wall() - reloaded) < RELOAD_MS) return;
    this.leaving = false;
    reload();
  }

  /** @param {Message} message that isn't a view */
  hear(message) {
    if (message.type === 'reload') {
      this.leaving = true;
      this.leave();
    } else if (message.type === 'identify') {
      this.machine.cancel(this.identifyTimer);
      this.options.identify({ name: message.name || '', number: message.number || 0 });
      this.identifyTimer = this.machine.after(() => this.options.identify(null), IDENTIFY_MS);
    }
  }
}
