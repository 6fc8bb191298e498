/** Which of two views is the newer. Pure. */

/**
 * An older seq is believed all the same when its view was made so much later: the journal began
 * anew.
 */
const RENEWED_MS = 60000;

/**
 * Whether a message is newer than the view that is held.
 * @param {{ seq: number, at: string }} message
 * @param {{ seq: number, at: string } | null} held
 */
export function isNewer(message, held) {
  if (!held || message.seq > held.seq) return true;
  const later = Date.parse(message.at) - Date.parse(held.at);
  return message.seq === held.seq ? later > 0 : later > RENEWED_MS;
}
