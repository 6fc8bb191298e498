/** The page for a frame in another site: fetched again, since many such frames are open for long. */

import { Renewed } from './renewed.js';

/** How often. Milliseconds. */
const EVERY_MS = 30000;

const renewed = new Renewed(EVERY_MS);
setInterval(() => renewed.tick(Date.now(), 'UTC'), 1000);
