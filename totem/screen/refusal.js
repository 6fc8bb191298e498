/** Why something wasn't done, in the kiosk's own words. */

/** @import { Text } from '../../displays/lib/text.js' */
/** @import { Failure } from './flow.js' */
/** @import { Key } from './texts.js' */
import { mayRepeat } from './flow.js';
import { phrases } from './texts.js';

/**
 * Why there is no ticket, or why nothing was done about one, in nine languages. The server says it
 * more exactly, but in one alone.
 * @param {Failure} failure @returns {Text}
 */
export function refusal(failure) {
  return { ...phrases.all(keyOf(failure)), [failure.language]: failure.message };
}

/** @param {Failure} failure @returns {Key} */
function keyOf(failure) {
  const { code, reason } = failure;
  if (reason === 'paperless') return 'phoneNot';
  if (reason === 'offline_numbers_gone') return 'numbersGone';
  if (reason === 'not_cancellable' || reason === 'ticket_already') return 'refusedCalled';
  if (reason === 'too_many_tickets' || code === 'rate_limited') return 'refusedMany';
  if (code === 'channel_closed' || code === 'office_closed') return 'refusedClosed';
  if (code === 'channel_full') return 'refusedFull';
  return mayRepeat(failure) ? 'silent' : 'refusedElse';
}
