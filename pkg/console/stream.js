/** Answers that come bit by bit, a JSON object a line. Knows no DOM. */

/** @import { Api } from '../../displays/lib/api.js' */
import { ApiError, refusalOf } from '../../displays/lib/api.js';

const CUT_OFF = 'Il calcolo si è interrotto prima della fine: riprovare.';

/**
 * The values of a body, as they come. A line that was cut off is none.
 * @param {ReadableStream<Uint8Array>} body
 */
export async function* linesOf(body) {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    rest += decoder.decode(value, { stream: true });
    const lines = rest.split('\n');
    rest = lines.pop() || '';
    for (const line of lines) yield JSON.parse(line);
  }
}

/**
 * Asks for something that takes long.
 * @param {Api} api @param {string} path @param {object} body @param {AbortSignal} signal gives it up
 * @param {(progress: { done: number, of: number }) => void} onProgress
 * @returns {Promise<any>} the answer
 * @throws {ApiError} a DOMException where it was given up
 */
export async function askAtLength(api, path, body, signal, onProgress) {
  const headers = { Accept: 'application/x-ndjson', 'Accept-Language': api.language, 'Content-Type': 'application/json', ...api.headers };
  try {
    const response = await api.fetch(api.base + path, { method: 'POST', headers, body: JSON.stringify(body), credentials: 'same-origin', cache: 'no-store', signal });
    if (!response.ok || !response.body) throw refusalOf({ status: response.status, text: await response.text() });
    for await (const { progress, answer } of linesOf(response.body)) {
      if (answer) return answer;
      onProgress(progress);
    }
  } catch (error) {
    if (error instanceof ApiError || signal.aborted) throw error;
  }
  throw new ApiError('unreachable', CUT_OFF, 0);
}
