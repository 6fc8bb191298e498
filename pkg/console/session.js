/** Who is signed in, and the way to the login page and back. */

/** @import { Api } from '../../displays/lib/api.js' */
import { ApiError } from '../../displays/lib/api.js';
import { officePath } from '../../displays/lib/office.js';

/** @typedef {{ name: string, role: string, offices: string[], full_name?: string }} User */

/** Where somebody who has no place to go back to goes. */
const HOME = '/console';

/**
 * A path of this site, and nothing that leads away from it.
 * @param {string | null} next as the address bar has it
 */
export function safeNext(next) {
  if (!next || !/^\/(?![/\\])/.test(next) || /[\u0000-\u001f\\]/.test(next)) return HOME;
  return next;
}

/** The login page that comes back here. */
export function loginAddress() {
  return `/login?next=${encodeURIComponent(location.pathname + location.search)}`;
}

/** Whether an error says that the session has ended. @param {unknown} error */
export function hasExpired(error) {
  return error instanceof ApiError && error.status === 401;
}

/**
 * Who is signed in. Without a session the page goes to the login, and the answer never comes.
 * @param {Api} api @returns {Promise<User>}
 */
export async function whoAmI(api) {
  try {
    return (await api.get('/me')).user;
  } catch (error) {
    if (!hasExpired(error)) throw error;
    location.replace(loginAddress());
    return new Promise(() => {});
  }
}

/**
 * Signs out, which closes the counter that one is at: with a citizen still there only after a
 * question.
 * @param {Api} accounts @param {(why: string) => Promise<boolean>} sure asks it
 */
export async function leave(accounts, sure) {
  try {
    await accounts.post('/logout');
  } catch (error) {
    const busy = error instanceof ApiError && error.status === 409;
    if (!busy && !hasExpired(error)) throw error;
    if (busy) {
      if (!(await sure(error.message))) return;
      await accounts.post('/logout', { finish: true });
    }
  }
  location.assign(officePath() ? loginAddress() : '/login');
}
