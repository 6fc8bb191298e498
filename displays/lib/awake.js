/** Keeps a screen on that nobody touches. */

/** @typedef {{ release: () => Promise<void> }} Lock */
/** @typedef {{ request: (kind: 'screen') => Promise<Lock> }} Locks */

/**
 * Asks the browser not to let the screen sleep, whenever the page is in sight. Browsers grant it
 * over HTTPS or on the server's own machine; elsewhere the machine's settings decide, as before.
 * @returns {() => void} lets it sleep again
 */
export function keepAwake() {
  const locks = /** @type {Locks | undefined} */ (/** @type {any} */ (navigator).wakeLock);
  if (!locks) return () => {};
  let wanted = true;
  /** @type {Lock | null} */
  let held = null;
  const ask = async () => {
    if (document.hidden) return;
    try {
      const given = await locks.request('screen');
      if (wanted) held = given;
      else await given.release();
    } catch {
      // It may sleep, then.
    }
  };
  document.addEventListener('visibilitychange', ask);
  ask();
  return () => {
    wanted = false;
    document.removeEventListener('visibilitychange', ask);
    if (held) held.release().catch(() => {});
  };
}
