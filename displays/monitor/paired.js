/** Whether this monitor is a paired device, and what becomes of it when it no longer is. */

import { officePath } from '../lib/office.js';

/** The page that leads a paired monitor to its own, and shows any other one how to be paired. */
const ANY = `${officePath()}/display`;

/** Whether an address leads on; null: the server doesn't say. @param {string} address @returns {Promise<boolean | null>} */
async function leadsOn(address) {
  try {
    const answer = await fetch(address, { cache: 'no-store', redirect: 'manual' });
    if (answer.type === 'opaqueredirect') return true;
    return answer.ok ? false : null;
  } catch {
    return null;
  }
}

export class Paired {
  constructor() {
    /** Whether it was, when the page was opened. Whoever just looks at a monitor's page never is. */
    this.was = leadsOn(ANY);
  }

  /** To be called while there is no connection: by now only a paired device may be this monitor. */
  async lost() {
    if (await leadsOn(location.pathname)) location.reload();
  }

  /** To be called when a connection has ended and is back: it may have ended by a revocation. */
  async returned() {
    if ((await this.was) && (await leadsOn(ANY)) === false) location.replace(ANY);
  }
}
