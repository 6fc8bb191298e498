/**
 * Loads a page anew once the server has other pages: its views may be other than the page's code
 * expects.
 */

/** Not everybody at once: each page waits up to so long. Milliseconds, as all below. */
export const SPREAD_MS = 10000;
/** How often a page that is being used is asked again whether it may go. */
export const BUSY_MS = 15000;

/**
 * @typedef {object} Surroundings tests bring their own
 * @property {() => Promise<string>} version of the server's pages; rejects when it isn't told
 * @property {() => void} reload
 * @property {(run: () => void, ms: number) => unknown} after
 * @property {() => number} random from 0 to 1
 */

/** @type {Surroundings} */
const browser = {
  async version() {
    const answer = await fetch('/healthz', { cache: 'no-store' });
    const version = answer.ok && (await answer.json()).pages;
    if (!version) throw new Error('no version');
    return version;
  },
  reload: () => void reload(),
  after: (run, ms) => setTimeout(run, ms),
  random: () => Math.random(),
};

/**
 * Loads the page anew if it can be shown. It asks first: a browser that loads from a server that is
 * gone shows a page of its own, which would stay on a wall for ever.
 * @returns {Promise<boolean>} whether it could
 */
export async function reload() {
  try {
    const answer = await fetch(location.href, { cache: 'no-store', headers: { Accept: 'text/html' } });
    if (answer.ok) location.reload();
    return answer.ok;
  } catch {
    return false;
  }
}

export class Renewal {
  /**
   * @param {() => boolean} [mayGo] whether nobody is in the middle of something
   * @param {Surroundings} [around]
   */
  constructor(mayGo = () => true, around = browser) {
    this.mayGo = mayGo;
    this.around = around;
    this.asking = false;
    /** The version that the page came with; empty when it wasn't told. */
    this.own = this.ask();
  }

  /** To be called when a connection was lost and is back: the server may be another. */
  async returned() {
    if (this.asking) return;
    this.asking = true;
    await this.wait(this.around.random() * SPREAD_MS);
    const [own, now] = await Promise.all([this.own, this.ask()]);
    if (own && now && own !== now) {
      while (!this.mayGo()) await this.wait(BUSY_MS);
      this.around.reload();
    }
    this.asking = false;
  }

  /** @private @returns {Promise<string>} */
  ask() {
    return this.around.version().catch(() => '');
  }

  /** @private @param {number} ms @returns {Promise<void>} */
  wait(ms) {
    return new Promise((wake) => this.around.after(() => wake(), ms));
  }
}
