/**
 * The service worker of tickets' pages: the browsers of phones show notifications through one
 * alone. It keeps nothing.
 */

// The DOM's declarations know no workers.
const ticketWorker = /** @type {any} */ (self);

ticketWorker.addEventListener('install', () => ticketWorker.skipWaiting());
ticketWorker.addEventListener('notificationclick', (/** @type {any} */ event) => {
  event.notification.close();
  event.waitUntil(show(event.notification.data));
});

/** Brings the page of a ticket to the front, or opens it. @param {string} address */
async function show(address) {
  const { pathname } = new URL(address);
  const pages = await ticketWorker.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const open = pages.find((/** @type {{ url: string }} */ page) => new URL(page.url).pathname === pathname);
  return open ? open.focus() : ticketWorker.clients.openWindow(address);
}
