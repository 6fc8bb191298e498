/** The code that this device shows, until the administration confirms it. */

/** @import { Api } from '../lib/api.js' */
/** @import { Machine } from '../lib/machine.js' */
import { ApiError } from '../lib/api.js';
import { browser } from '../lib/machine.js';

/** How often the server is asked whether the code has been confirmed. Milliseconds. */
export const POLL_MS = 2000;
/** How long a code holds, as the server has it (pkg/auth), and by how much less: it is cut to seconds. */
export const HOLDS_MS = 600000;
const CUT_MS = 1000;

/**
 * @typedef {object} Asked
 * @property {string} id
 * @property {string} code
 * @property {string} expires_at
 * @property {string} confirm_url
 * @property {string} qr
 * @property {number} [holds_ms] how long the code still holds, where it isn't new: a totem's agent has
 *   it, and shows it again to a page that is loaded anew
 */
/**
 * @typedef {object} Screen
 * @property {(asked: Asked) => void} show a new code
 * @property {(ms: number) => void} countDown how long it still holds
 */

/**
 * Asks for a code and waits until it is confirmed. Resolves with the page to go to, or with nothing
 * when the code has run out. Fails with status 404 when it was taken away before that.
 * @param {Api} api @param {{ kind: string, office: string, target: string }} believed
 * @param {Screen} screen @param {Pick<Machine, 'steady' | 'after'>} machine
 */
export async function wait(api, believed, screen, machine = browser) {
  const begun = machine.steady();
  /** @type {Asked} */
  const asked = await api.post('/pairings', { ...believed, cookie: true });
  const holds = asked.holds_ms || HOLDS_MS;
  const gone = begun + holds - CUT_MS; // from when on the server may not know it any more
  screen.show(asked);
  const end = machine.steady() + holds;
  while (machine.steady() < end) {
    screen.countDown(end - machine.steady());
    await new Promise((wake) => machine.after(() => wake(undefined), POLL_MS));
    try {
      const page = await pageOf(api, asked);
      if (page) return page;
    } catch (error) {
      if (error instanceof ApiError && error.status === 404 && machine.steady() >= gone) break;
      throw error;
    }
  }
  return '';
}

/**
 * The page to go to, once the code has been confirmed. While the server is away the code stays: it
 * may be confirmed already.
 * @param {Api} api @param {Asked} asked
 */
async function pageOf(api, asked) {
  try {
    /** @type {{ state: string, page?: string }} */
    const now = await api.get(`/pairings/${encodeURIComponent(asked.id)}`);
    return now.state === 'paired' ? now.page : '';
  } catch (error) {
    if (error instanceof ApiError && (error.status === 0 || error.status >= 500)) return '';
    throw error;
  }
}
