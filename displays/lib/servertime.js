/** The server's time, and how long ago it was heard of. Knows no DOM. */

/** @import { Machine } from './machine.js' */
/** @typedef {{ wall: number, steady: number }} Moment */

/** All times in milliseconds. */
export class ServerTime {
  /** @param {Machine} machine */
  constructor(machine) {
    this.machine = machine;
    /** Server time of the last message; 0: none came yet. */
    this.at = 0;
    this.heard = this.moment();
  }

  /**
   * Takes in a message.
   * @param {string | undefined} at its time; without one the time goes on by itself
   */
  hear(at) {
    const now = Date.parse(at || '') || (this.at && this.now());
    this.heard = this.moment();
    this.at = now;
  }

  /** The server's time now, as far as it is known. */
  now() {
    return this.at ? this.at + this.machine.steady() - this.heard.steady : this.machine.wall();
  }

  /** How long nothing was heard. */
  silence() {
    return this.age(this.heard);
  }

  /** @returns {Moment} */
  moment() {
    return { wall: this.machine.wall(), steady: this.machine.steady() };
  }

  /**
   * How long ago a moment was, by the clock that saw more of it: one may have been set back, the
   * other asleep.
   * @param {Moment} moment
   */
  age(moment) {
    return Math.max(this.machine.wall() - moment.wall, this.machine.steady() - moment.steady);
  }
}
