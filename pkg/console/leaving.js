/** Signing out where no counter is shown: the clerk's own is closed first, after a question when a citizen is at it. */

/** @import { Api } from '../../displays/lib/api.js' */
/** @import { Desk } from '../../displays/lib/wire.d.ts' */
import { ApiError } from '../../displays/lib/api.js';
import { askLeave } from './deskquestions.js';

/**
 * @param {Api} office @param {string} me
 * @returns {Promise<boolean>} whether to go on; false: the clerk stays
 */
export async function closeOwn(office, me) {
  /** @type {Desk[]} */
  let counters;
  try {
    counters = await office.get('/counters');
  } catch (error) {
    if (error instanceof ApiError && error.status === 403) return true; // works in other offices
    throw error;
  }
  const own = counters.filter((c) => c.status !== 'closed' && c.operator === me);
  const busy = own.find((c) => c.number);
  if (busy && !(await askLeave(busy))) return false;
  for (const counter of own) await office.post(`/counters/${encodeURIComponent(counter.id)}/close`);
  return true;
}
