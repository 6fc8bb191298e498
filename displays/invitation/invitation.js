/**
 * Takes the ticket that a kiosk invites to, as its button does, once somebody sees the page: what
 * only looks ahead of a reader takes none. However often it is sent, it is one ticket.
 */

import { byId } from '../lib/dom.js';

const form = /** @type {HTMLFormElement} */ (byId('take'));

function take() {
  if (document.visibilityState !== 'visible') return;
  document.removeEventListener('visibilitychange', take);
  form.submit();
}

document.addEventListener('visibilitychange', take);
take();
