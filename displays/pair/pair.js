/**
 * Pairs this device: shows a code that the administration confirms, or uses up one that the
 * administration made.
 */

/** @import { Asked } from './code.js' */
import { Api, ApiError } from '../lib/api.js';
import { byId, setText } from '../lib/dom.js';
import { officePath, SERVER_API } from '../lib/office.js';
import { duration } from '../lib/text.js';
import { wait } from './code.js';

/** How soon another code follows one that has run out, or a failure. Milliseconds. */
const AGAIN_MS = 5000;
/** How long a device whose code was taken away stays quiet before it shows another one. */
const DISMISSED_MS = 60000;

const api = new Api({ base: SERVER_API });

/** What the page's address says that this device is for. @param {string} path */
function believed(path) {
  const page = path.slice(officePath(path).length);
  const office = decodeURIComponent(officePath(path).slice('/offices/'.length));
  const kind = page.startsWith('/totem') ? 'totem' : page.startsWith('/display') ? 'display' : '';
  return { kind, office, target: kind === 'totem' ? 'totem' : '' };
}

/** @param {number} ms */
const pause = (ms) => new Promise((wake) => setTimeout(wake, ms));

/** The code in two halves, as it is read aloud. @param {string} code */
const halves = (code) => `${code.slice(0, 4)}-${code.slice(4)}`;

/** @param {Asked} asked */
function show(asked) {
  byId('dismissed').hidden = true;
  setText(byId('code'), halves(asked.code));
  setText(byId('where'), asked.confirm_url.replace(/#.*/, ''));
  const image = /** @type {HTMLImageElement} */ (byId('qr'));
  image.src = asked.qr;
  image.alt = 'Codice QR dell’amministrazione';
  image.hidden = false;
}

/** Shows how long the code still holds, by a clock that nobody sets. @param {number} ms */
function countDown(ms) {
  const left = duration(ms);
  setText(byId('left'), `Vale ancora ${left}`);
  setText(byId('left-en'), `Holds for another ${left}`);
}

/** Says that the administration took the code away. */
function dismissed() {
  byId('dismissed').hidden = false;
  setText(byId('code'), '····-····');
  setText(byId('left'), '');
  setText(byId('left-en'), '');
  byId('qr').hidden = true;
}

/** Uses up a code of the administration's. @param {string} code */
async function redeem(code) {
  setText(byId('failure'), '');
  try {
    const answer = await api.post('/pairings/redeem', { code, cookie: true });
    location.replace(answer.page);
    return true;
  } catch (error) {
    setText(byId('failure'), error instanceof Error ? error.message : String(error));
    return false;
  }
}

async function run() {
  byId('citizens').hidden = believed(location.pathname).kind !== 'totem';
  byId('redeem').addEventListener('submit', (event) => {
    event.preventDefault();
    const input = /** @type {HTMLInputElement} */ (byId('theirs'));
    if (input.value.trim()) void redeem(input.value);
    else input.focus();
  });
  const given = decodeURIComponent(location.hash.slice(1));
  if (given) {
    history.replaceState(null, '', location.pathname); // out of the browser's history
    if (await redeem(given)) return;
  }
  for (;;) {
    let quiet = AGAIN_MS;
    try {
      const page = await wait(api, believed(location.pathname), { show, countDown });
      if (page) {
        location.replace(page);
        return;
      }
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) {
        dismissed();
        quiet = DISMISSED_MS;
      } else {
        setText(byId('failure'), error instanceof Error ? error.message : String(error));
      }
    }
    await pause(quiet);
    setText(byId('failure'), '');
  }
}

void run();
document.documentElement.setAttribute('data-script', 'runs');
