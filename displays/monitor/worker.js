/**
 * The service worker of monitors: it keeps the page itself, so that a monitor that is switched on
 * while the server is away shows what it waits for. Views and answers of the API are never kept.
 */

/** The version of the pages that it keeps: another one is another worker. */
const VERSION = new URL(location.href).searchParams.get('v') || '';
const CACHE = `monitor ${VERSION}`;
/** For how long the server is waited for before the page that is kept is shown. Milliseconds. */
const PATIENCE_MS = 4000;
/**
 * What a page is made of stands below these. A sentence that was said isn't: there is another one
 * for every call.
 */
const PARTS = /^\/(assets|voice(?!\/said\/)|media)\//;

// The DOM's declarations know no workers.
const worker = /** @type {any} */ (self);

worker.addEventListener('install', () => worker.skipWaiting());
worker.addEventListener('activate', (/** @type {any} */ event) => event.waitUntil(worker.clients.claim()));
worker.addEventListener('message', (/** @type {any} */ event) => event.waitUntil(keep(event.data.keep)));
worker.addEventListener('fetch', (/** @type {any} */ event) => {
  /** @type {Request} */
  const request = event.request;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== location.origin) return;
  if (request.mode === 'navigate') event.respondWith(page(request));
  // Films come in parts, which can't be kept.
  else if (PARTS.test(pathname) && !request.headers.has('Range')) event.respondWith(part(request));
});

/**
 * Keeps a page with all its parts, then forgets what other versions kept.
 * @param {string[]} addresses
 */
async function keep(addresses) {
  const cache = await caches.open(CACHE);
  await Promise.all(addresses.map(async (address) => (await cache.match(address)) || cache.add(address)));
  const others = (await caches.keys()).filter((name) => name !== CACHE);
  await Promise.all(others.map((name) => caches.delete(name)));
}

/**
 * A page comes from the server, so that an upgrade is taken at once; only where that fails, from
 * what is kept.
 * @param {Request} request
 */
async function page(request) {
  const kept = await caches.match(request);
  try {
    const answer = await (kept ? Promise.race([fetch(request), patience()]) : fetch(request));
    if (answer.status < 500) {
      // An address that leads on is no page any more: what was kept of it would lead nowhere.
      if (kept && answer.type === 'opaqueredirect') await (await caches.open(CACHE)).delete(request);
      if (answer.ok && answer.type === 'basic') await put(request, answer.clone());
      return answer;
    }
    return kept || answer;
  } catch (failed) {
    if (kept) return kept;
    const other = await known(request.url);
    if (other) return Response.redirect(other);
    throw failed;
  }
}

/** @returns {Promise<never>} */
function patience() {
  return new Promise((_, reject) => setTimeout(() => reject(new Error('no answer')), PATIENCE_MS));
}

/**
 * The page below an address that leads to a paired monitor's own.
 * @param {string} address @returns {Promise<string | undefined>}
 */
async function known(address) {
  const below = `${address.replace(/\/$/, '')}/`;
  const requests = await (await caches.open(CACHE)).keys();
  return requests.map((request) => request.url).find((url) => url.startsWith(below));
}

/**
 * What never changes under its address is taken from what is kept, everything else from the server
 * while that answers.
 * @param {Request} request
 */
async function part(request) {
  const kept = await caches.match(request);
  if (kept && (kept.headers.get('Cache-Control') || '').includes('immutable')) return kept;
  try {
    const answer = await fetch(request);
    if (answer.status === 200) await put(request, answer.clone());
    return answer;
  } catch (failed) {
    if (kept) return kept;
    throw failed;
  }
}

/** @param {Request} request @param {Response} answer */
async function put(request, answer) {
  try {
    await (await caches.open(CACHE)).put(request, answer);
  } catch {
    // No room: the page works as it does without a worker.
  }
}
