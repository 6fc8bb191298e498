/** Whether this monitor is a paired device, and what becomes of it when it no longer is. */

import { officePath } from '../lib/office.js';

/** The page that leads a paired monitor to its own, and shows any other one how to be paired. */
const ANY = `${officePath()}/display`;

/** Whether the server knows this monitor; null: it doesn't say. @returns {Promise<boolean | null>} */
async function isPaired() {
  try {
    const answer = await fetch(ANY, { cache: 'no-store', redirect: 'manual' });
    if (answer.type === 'opaqueredirect') return true;
    return answer.ok ? false : null;
  } catch {
    return null;
  }
}

export class Paired {
  constructor() {
    /** Whether it was, when the page was opened. Whoever just looks at a monitor's page never is. */
    this.was = isPaired();
  }

  /** To be called when a connection has ended and is back: it may have ended by a revocation. */
  async returned() {
    if ((await this.was) && (await isPaired()) === false) location.replace(ANY);
  }
}
