/**
 * Opens the page again as soon as it can be shown. It asks first: a browser that loads from a server that is gone shows a
 * page of its own, which never tries again.
 */

const every = Number(document.body.getAttribute('data-every')) * 1000;

async function retry() {
  try {
    const answer = await fetch(location.href, { cache: 'no-store', headers: { Accept: 'text/html' } });
    if (answer.ok) return location.reload();
  } catch {
    // The server can't be reached: later.
  }
  setTimeout(retry, every);
}

setTimeout(retry, every);
