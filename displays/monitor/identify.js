/** Which monitor this is, as large as the screen: a supervisor asked. */

import { h } from '../lib/dom.js';

const card = h('section', { id: 'identify', role: 'status' });

/**
 * @param {{ name: string, number: number } | null} who null: no longer
 * @param {string} id @param {string} screen @param {string} version
 */
export function identify(who, id, screen, version) {
  if (!who) {
    card.remove();
    return;
  }
  card.replaceChildren(
    h('p', { class: 'identify-number' }, `Monitor ${who.number}`),
    h('p', { class: 'identify-name' }, who.name),
    h('p', {}, [id, screen, version && `versione ${version.slice(0, 8)}`].filter(Boolean).join(' · ')),
  );
  document.body.append(card);
}
