/** Calls of the server's API. Knows no DOM but the page's language. */

import { delay } from './backoff.js';
import { apiBase } from './office.js';

/**
 * How often a request is sent at most, when the network or the server fails; unless the caller says
 * otherwise.
 */
export const ATTEMPTS = 4;
/** How long one attempt may take, in milliseconds. */
const TIMEOUT_MS = 8000;

/** @type {Record<string, string>} */
const unreachable = {
  it: 'Il server non risponde. Controllare la rete e riprovare.',
  en: 'The server does not answer. Check the network and try again.',
};

/** A refusal by the server, or its silence. */
export class ApiError extends Error {
  /**
   * @param {string} code of the API: stable; `unreachable` when no answer came
   * @param {string} message for people, in the page's language
   * @param {number} status of HTTP; 0: no answer
   * @param {unknown} [body] the whole answer
   */
  constructor(code, message, status, body) {
    super(message);
    this.name = 'ApiError';
    this.code = code;
    this.status = status;
    this.body = body;
  }
}

/** @typedef {{ status: number, ok: boolean, text: string }} Answer */
/**
 * @typedef {object} Options
 * @property {string} [base] by default the API of the page's office
 * @property {string} [language] of messages; by default the page's
 * @property {Record<string, string>} [headers] sent with each request
 * @property {typeof fetch} [fetch]
 * @property {(ms: number) => Promise<void>} [sleep]
 * @property {() => number} [steady] milliseconds that never step
 * @property {number} [patience] for so many milliseconds a request is sent again, instead of a
 *   number of times
 * @property {() => void} [onRepeat] a request got no answer and will be sent again
 */

/** Speaks JSON with the API. */
export class Api {
  /** @param {Options} [options] */
  constructor(options = {}) {
    this.base = options.base || apiBase();
    this.language = options.language || document.documentElement.lang || 'it';
    this.headers = options.headers || {};
    this.fetch = options.fetch || ((input, init) => fetch(input, init));
    this.steady = options.steady || (() => performance.now());
    this.patience = options.patience || 0;
    this.onRepeat = options.onRepeat || (() => {});
    this.sleep = options.sleep || ((ms) => new Promise((wake) => setTimeout(wake, ms)));
  }

  /** @param {string} path @param {Record<string, string>} [headers] */
  get(path, headers) {
    return this.request('GET', path, undefined, headers);
  }

  /** @param {string} path @param {unknown} [body] @param {Record<string, string>} [headers] */
  post(path, body, headers) {
    return this.request('POST', path, body, headers);
  }

  /** @param {string} path @param {unknown} body @param {Record<string, string>} [headers] */
  put(path, body, headers) {
    return this.request('PUT', path, body, headers);
  }

  /** @param {string} path @param {Record<string, string>} [headers] */
  delete(path, headers) {
    return this.request('DELETE', path, undefined, headers);
  }

  /**
   * Sends a request, again when no answer came. A command carries the same key each time, so that
   * it is carried out once.
   * @param {string} method
   * @param {string} path below the base
   * @param {unknown} [body] a Blob is sent as it is
   * @param {Record<string, string>} [headers]
   * @returns {Promise<any>} the answer's JSON; null when it has none
   * @throws {ApiError}
   */
  async request(method, path, body, headers) {
    /** @type {Record<string, string>} */
    const all = { Accept: 'application/json', 'Accept-Language': this.language, ...this.headers };
    if (method !== 'GET') all['Idempotency-Key'] = newKey();
    const whole = body instanceof Blob;
    if (body !== undefined) all['Content-Type'] = whole ? body.type : 'application/json';
    /** @type {RequestInit} */
    const init = {
      method,
      headers: { ...all, ...headers },
      body: body === undefined || whole ? body : JSON.stringify(body),
      credentials: 'same-origin',
      cache: 'no-store',
    };
    const start = this.steady();
    for (let failures = 0; ; failures++) {
      const answer = await this.attempt(this.base + path, init);
      if (answer && !isFailing(answer.status)) return read(answer);
      const pause = delay(failures, Math.random());
      if (this.patience ? this.steady() - start + pause > this.patience : failures + 1 === ATTEMPTS) {
        if (answer) return read(answer);
        throw new ApiError('unreachable', unreachable[this.language.slice(0, 2)] || unreachable.it, 0);
      }
      this.onRepeat();
      await this.sleep(pause);
    }
  }

  /**
   * @private
   * @param {string} url @param {RequestInit} init
   * @returns {Promise<Answer | null>} null: none came, or not all of it
   */
  async attempt(url, init) {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), TIMEOUT_MS);
    try {
      const response = await this.fetch(url, { ...init, signal: abort.signal });
      return { status: response.status, ok: response.ok, text: await response.text() };
    } catch {
      return null;
    } finally {
      clearTimeout(timer);
    }
  }
}

/**
 * Whether a status says that the server, or what is before it, isn't able to answer now.
 * @param {number} status
 */
function isFailing(status) {
  return status === 502 || status === 503 || status === 504;
}

/** The JSON of an answer. @param {Answer} answer @returns {any} null when it has none */
function read(answer) {
  if (!answer.ok) throw refusalOf(answer);
  return bodyOf(answer);
}

/** What an answer that isn't ok says. @param {Omit<Answer, 'ok'>} answer */
export function refusalOf(answer) {
  const body = bodyOf(answer);
  const error = (body && body.error) || {};
  return new ApiError(
    error.code || 'unavailable',
    error.message || `HTTP ${answer.status}`,
    answer.status,
    body,
  );
}

/** @param {Omit<Answer, 'ok'>} answer @returns {any} null where there is no JSON */
function bodyOf({ text }) {
  try {
    return text ? JSON.parse(text) : null;
  } catch {
    return null;
  }
}

/**
 * A key that nobody else makes: 128 random bits. crypto.randomUUID would need HTTPS, which a LAN
 * may lack.
 */
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');
}
