/** Keeps a screen on that nobody touches. */

/** @typedef {{ request: (kind: 'screen') => Promise<unknown> }} Locks */

/**
 * Asks the browser not to let the screen sleep, whenever the page is in sight. Browsers grant it
 * over HTTPS or on the server's own machine; elsewhere the machine's settings decide, as before.
 */
export function keepAwake() {
  const locks = /** @type {Locks | undefined} */ (/** @type {any} */ (navigator).wakeLock);
  if (!locks) return;
  const ask = () => {
    if (!document.hidden) locks.request('screen').catch(() => {});
  };
  document.addEventListener('visibilitychange', ask);
  ask();
}
