/** Which office a page is of, by its address. Knows no DOM but the page's address. */

/** The calls that are about no office: signing in, users, devices. */
export const SERVER_API = '/api/v1';

/**
 * What stands before the paths of the pages of the page's office: nothing for the default one.
 * @param {string} [path] of the page
 */
export function officePath(path = location.pathname) {
  const match = /^\/offices\/[^/]+/.exec(path);
  return match ? match[0] : '';
}

/**
 * What stands before the paths of the API's calls that are about the page's office.
 * @param {string} [path] of the page
 */
export function apiBase(path = location.pathname) {
  return SERVER_API + officePath(path);
}
