/** The login page. */

import { Api, ApiError } from '../../displays/lib/api.js';
import { both, byId, h } from '../../displays/lib/dom.js';
import { safeNext } from './session.js';

/** Seconds that the server asks to wait, of the last answer. */
let retryAfter = 0;

const api = new Api({
  fetch: async (input, init) => {
    const response = await fetch(input, init);
    retryAfter = Number(response.headers.get('Retry-After')) || 0;
    return response;
  },
});

const form = /** @type {HTMLFormElement} */ (byId('form'));
const name = /** @type {HTMLInputElement} */ (byId('name'));
const password = /** @type {HTMLInputElement} */ (byId('password'));
const submit = /** @type {HTMLButtonElement} */ (byId('submit'));
const problem = byId('problem');
let sending = false;
let blockedUntil = 0;

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  if (sending || performance.now() < blockedUntil) return;
  const missing = [name, password].find((input) => !input.value.trim());
  for (const input of [name, password]) input.setAttribute('aria-invalid', String(!input.value.trim()));
  if (missing) {
    say('Scrivere nome utente e password.', 'Enter user name and password.');
    missing.focus();
    return;
  }
  setSending(true);
  try {
    await api.post('/login', { name: name.value.trim(), password: password.value });
    location.replace(safeNext(new URLSearchParams(location.search).get('next')));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    setSending(false);
    if (error.status === 429) return block(Math.max(1, retryAfter));
    say(error.message, error.status === 401 ? 'Wrong name or password.' : '');
    password.select();
    password.focus();
  }
});

/** @param {boolean} on */
function setSending(on) {
  sending = on;
  submit.setAttribute('aria-disabled', String(on));
  submit.classList.toggle('is-busy', on);
}

/** @param {string} it @param {string} en */
function say(it, en) {
  problem.replaceChildren(h('p', { class: 'message message-bad' }, both(it, en)));
}

/** Says once how long to wait, and lets the button count down. @param {number} seconds */
function block(seconds) {
  blockedUntil = performance.now() + seconds * 1000;
  say(`Troppi tentativi: riprovare tra ${seconds} ${seconds === 1 ? 'secondo' : 'secondi'}.`, `Too many attempts: try again in ${seconds} s.`);
  const words = Array.from(submit.childNodes);
  submit.setAttribute('aria-disabled', 'true');
  const timer = setInterval(tick, 250);
  tick();
  function tick() {
    const left = Math.ceil((blockedUntil - performance.now()) / 1000);
    if (left > 0) {
      submit.textContent = `Riprova tra ${left} s`;
      return;
    }
    clearInterval(timer);
    submit.replaceChildren(...words);
    submit.setAttribute('aria-disabled', 'false');
    problem.textContent = '';
  }
}
