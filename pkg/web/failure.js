/** Opens the page again as soon as it can be shown. */

import { reload } from '../../displays/lib/renewal.js';

const every = Number(document.body.getAttribute('data-every')) * 1000;

async function retry() {
  if (!(await reload())) setTimeout(retry, every);
}

setTimeout(retry, every);
