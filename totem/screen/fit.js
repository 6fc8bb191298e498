/** As large as there is room: the words of a screen that nobody scrolls. */

/** The largest first. A number is read from afar, so it grows too. */
const SIZES = [1.5, 1.35, 1.2, 1.1, 1, 0.92, 0.84, 0.76, 0.68, 0.6, 0.52];

/** Sets what fits of a screen to the largest size at which all of it is in sight. @param {HTMLElement} screen */
export function fit(screen) {
  const parts = Array.from(screen.querySelectorAll('.fits'));
  if (parts.length === 0) return;
  for (const size of SIZES) {
    for (const part of parts) if (part instanceof HTMLElement) part.style.setProperty('zoom', String(size));
    if (screen.scrollHeight <= screen.clientHeight && screen.scrollWidth <= screen.clientWidth) return;
  }
}
