/** Notifications, which reach a ticket's holder also where the page is out of sight. */

import { officePath } from '../lib/office.js';

/**
 * Asks for leave to show them; within a touch, or browsers don't.
 * @returns {Promise<boolean>} whether they will be shown
 */
export async function askToNotify() {
  try {
    if ((await Notification.requestPermission()) !== 'granted') return false;
    await navigator.serviceWorker.register(`${officePath()}/t/worker.js`);
    return true;
  } catch {
    return false; // the browser knows none, or not without HTTPS
  }
}

/**
 * Shows a notification in place of the one before, unless the page is in sight.
 * @param {string} title @param {string} body @param {number[]} vibrate
 */
export async function notify(title, body, vibrate) {
  if (!document.hidden) return;
  const { lang, dir } = document.documentElement;
  const options = { body, lang, dir, vibrate, tag: 'ticket', renotify: true, icon: '/assets/displays/lib/icon-192.png', data: location.href };
  await (await navigator.serviceWorker.ready).showNotification(title, /** @type {NotificationOptions} */ (options));
}
