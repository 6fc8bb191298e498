/** The signs of the tools, drawn: no typeface need have them. */

import { svg } from '../../displays/lib/dom.js';

/** @param {...SVGElement} parts */
function icon(...parts) {
  return svg('svg', { class: 'icon', viewBox: '0 0 24 24', 'aria-hidden': 'true', focusable: 'false' }, ...parts);
}

/**
 * The kiosk's screen with its buttons in the lower or upper half: what a press brings.
 * @param {boolean} low
 */
export function reachIcon(low) {
  const bars = low ? [13, 17] : [4.5, 8.5];
  return icon(
    svg('rect', { x: 4, y: 1.5, width: 16, height: 21, rx: 2.5, fill: 'none', stroke: 'currentColor', 'stroke-width': 2 }),
    ...bars.map((y) => svg('rect', { x: 7, y, width: 10, height: 2.6, rx: 1, fill: 'currentColor' })),
  );
}

/** A loudspeaker. */
export function speakerIcon() {
  return icon(
    svg('path', { d: 'M3 9h4l6-5v16l-6-5H3z', fill: 'currentColor' }),
    svg('path', { d: 'M16 8.5a5 5 0 0 1 0 7M18.5 5.5a9 9 0 0 1 0 13', fill: 'none', stroke: 'currentColor', 'stroke-width': 2, 'stroke-linecap': 'round' }),
  );
}

/** A ticket that comes out of a printer. */
export function paperIcon() {
  return icon(
    svg('path', { d: 'M2.5 9V4h19v5', fill: 'none', stroke: 'currentColor', 'stroke-width': 2, 'stroke-linejoin': 'round' }),
    svg('path', { class: 'icon-paper', d: 'M6 8h12v13l-2-1.5-2 1.5-2-1.5-2 1.5-2-1.5L6 21z', fill: 'none', stroke: 'currentColor', 'stroke-width': 2, 'stroke-linejoin': 'round' }),
  );
}

/** A magnifying glass. */
export function searchIcon() {
  return icon(
    svg('circle', { cx: 10, cy: 10, r: 6.5, fill: 'none', stroke: 'currentColor', 'stroke-width': 2.4 }),
    svg('path', { d: 'M15 15l6.5 6.5', stroke: 'currentColor', 'stroke-width': 3, 'stroke-linecap': 'round' }),
  );
}

/** A telephone. */
export function phoneIcon() {
  return icon(
    svg('rect', { x: 6.5, y: 1.5, width: 11, height: 21, rx: 2.2, fill: 'none', stroke: 'currentColor', 'stroke-width': 2 }),
    svg('path', { d: 'M10.5 18.8h3', stroke: 'currentColor', 'stroke-width': 2, 'stroke-linecap': 'round' }),
  );
}
