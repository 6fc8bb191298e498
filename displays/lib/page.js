/** Joins a Live to the page that it is in. */

import { apiBase } from './office.js';

/**
 * The address of the WebSocket of the page's office, with the page's own scheme and host. It asks
 * for a pulse: something every few seconds, even when nothing happens.
 * @param {Record<string, string>} query
 */
export function socketURL(query) {
  const url = new URL(`${apiBase()}/ws`, location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  url.searchParams.set('tick', '1');
  for (const key of Object.keys(query)) url.searchParams.set(key, query[key]);
  return url.href;
}

/**
 * Keeps a Live running while its page is there, and hurries it when the network or the reader comes
 * back.
 * @param {{ start: () => void, stop: () => void, hurry: () => void }} live
 * @returns {() => void} ends it
 */
export function attach(live) {
  /** @type {[EventTarget, string, () => void][]} */
  const listeners = [
    [window, 'online', () => live.hurry()],
    [window, 'pagehide', () => live.stop()],
    [window, 'pageshow', () => live.start()],
    [document, 'visibilitychange', () => !document.hidden && live.hurry()],
  ];
  for (const [target, event, act] of listeners) target.addEventListener(event, act);
  live.start();
  return () => {
    for (const [target, event, act] of listeners) target.removeEventListener(event, act);
    live.stop();
  };
}
