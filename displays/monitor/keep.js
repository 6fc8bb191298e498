/** Has the browser keep this page, with all that it is made of: see worker.js. */

import { officePath } from '../lib/office.js';

/** The version of the pages, which stands in the addresses of their parts. */
const VERSION = /^\/assets\/([0-9a-f]{16})\//;
const found = VERSION.exec(new URL(import.meta.url).pathname);

/** Of this page; empty: not known. */
export const version = found ? found[1] : '';

/**
 * Browsers allow it over HTTPS, on the server's own machine, and for an address that a kiosk's
 * start names as safe; elsewhere the page works without.
 */
export async function keepPage() {
  if (!version || !isSecureContext || !('serviceWorker' in navigator)) return;
  try {
    const registration = await navigator.serviceWorker.register(`/display-worker.js?v=${version}`, { scope: `${officePath()}/display` });
    if (document.fonts) await document.fonts.ready;
    const parts = performance.getEntriesByType('resource').map((entry) => new URL(entry.name)).filter((url) => url.origin === location.origin && url.pathname.startsWith('/assets/'));
    const keep = [location.pathname].concat(parts.map((url) => url.pathname));
    const worker = registration.installing || registration.waiting || registration.active;
    if (worker) worker.postMessage({ keep });
  } catch {
    // The server went away meanwhile, or the browser has no room: the page is there all the same.
  }
}
