/**
 * The parts of a page that change slowly, each with data-renewed: fetched again with the whole page,
 * as the server writes it.
 */

import { isToday } from '../lib/text.js';

export class Renewed {
  /** @param {number} every milliseconds */
  constructor(every) {
    this.every = every;
    this.last = Date.now();
    this.day = '';
  }

  /** Renews what is due. @param {number} now the server's time, in milliseconds @param {string} zone */
  tick(now, zone) {
    const age = Math.abs(Date.now() - this.last); // the clock may have been set back
    this.day = this.day || new Date(now).toISOString();
    if (document.hidden || (age < this.every && isToday(this.day, now, zone))) return;
    this.last = Date.now();
    this.day = new Date(now).toISOString();
    this.renew();
  }

  /** @private */
  async renew() {
    try {
      const answer = await fetch(location.href, { cache: 'no-cache' });
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      for (const part of document.querySelectorAll('[data-renewed]')) {
        const name = part.getAttribute('data-renewed') || '';
        const fresh = page.querySelector(`[data-renewed="${name}"]`);
        if (fresh) take(part, fresh);
      }
    } catch {
      // The next one may arrive.
    }
  }
}

/** Puts what is new in the place of what is there, with what the reader has opened open. @param {Element} part @param {Element} fresh */
function take(part, fresh) {
  const opened = part.querySelectorAll('details');
  const same = fresh.querySelectorAll('details');
  opened.forEach((details, i) => same[i] && same[i].toggleAttribute('open', details.hasAttribute('open')));
  if (part.innerHTML === fresh.innerHTML || part.contains(document.activeElement)) return;
  part.replaceChildren(...document.adoptNode(fresh).childNodes);
}
