/** As large as there is room: the words of a screen that nobody scrolls. */

/** The largest first. A number is read from afar, so it grows too. */
const SIZES = [2, 1.75, 1.5, 1.35, 1.2, 1.1, 1, 0.92, 0.84, 0.76, 0.68, 0.6, 0.52];

/**
 * Sets what fits of a screen to the largest size at which all of it is in sight: all parts alike,
 * and then each as far as the others leave it room.
 * @param {HTMLElement} screen
 */
export function fit(screen) {
  const parts = Array.from(screen.querySelectorAll('.fits')).filter((part) => part instanceof HTMLElement);
  const alike = largest(screen, parts, SIZES);
  for (const part of parts) largest(screen, [part], SIZES.filter((size) => size >= alike));
}

/** @param {HTMLElement} screen @param {HTMLElement[]} parts @param {number[]} sizes @returns {number} the size, or the smallest */
function largest(screen, parts, sizes) {
  for (const size of sizes) {
    for (const part of parts) part.style.setProperty('zoom', String(size));
    if (screen.scrollHeight <= screen.clientHeight && screen.scrollWidth <= screen.clientWidth) return size;
  }
  return sizes[sizes.length - 1];
}
