/** What a Live takes from its surroundings. */

/**
 * @typedef {object} Machine tests bring their own
 * @property {(url: string) => WebSocket} socket
 * @property {() => number} wall the clock, in milliseconds; may be set
 * @property {() => number} steady milliseconds that never step; may stop while the machine sleeps
 * @property {(run: () => void, ms: number) => number} after
 * @property {(timer: number) => void} cancel
 * @property {() => number} random
 */

/** @type {Machine} */
export const browser = {
  socket: (url) => new WebSocket(url),
  wall: () => Date.now(),
  steady: () => performance.now(),
  after: (run, ms) => Number(setTimeout(run, ms)),
  cancel: (timer) => clearTimeout(timer),
  random: () => Math.random(),
};
