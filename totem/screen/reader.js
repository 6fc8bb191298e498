/**
 * Reads aloud: by the voice of the totem's agent, else by one of the machine's, in the languages that
 * they have.
 */

/** @import { Utterance } from '../../displays/lib/wire.d.ts' */
import { apiBase } from '../../displays/lib/office.js';
import { Player } from '../../displays/lib/voice/player.js';

/** How long a sentence may take until it can be heard. Seconds. */
const PATIENCE = 10;

/** @type {Player | null} */
let player = null;
/** Whether the agent reads a language. @type {Map<string, boolean>} */
const reads = new Map();
/** What is being said: the next sentence follows it. @type {Promise<void>} */
let last = Promise.resolve();
/** Counts what was silenced. */
let silenced = 0;
/** @type {() => void} */
let voicesKnown = () => {};

/** @param {string} language @returns {SpeechSynthesisVoice | undefined} */
function voice(language) {
  if (!('speechSynthesis' in window)) return undefined;
  return speechSynthesis.getVoices().find((v) => v.lang.toLowerCase().startsWith(language));
}

/** @param {string} text @param {string} language @returns {Promise<Utterance | null>} */
async function ask(text, language) {
  try {
    const answer = await fetch(`${apiBase()}/say`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ language, text }) });
    return answer.ok ? (await answer.json()).say : null;
  } catch {
    return null;
  }
}

/**
 * Whether there is a voice, as far as is known: the agent is asked, and [onVoices] is told.
 * @param {string} language @param {string} sample a sentence in it
 */
export function canRead(language, sample) {
  const known = reads.get(language);
  if (known === undefined) {
    reads.set(language, false);
    void ask(sample, language).then((say) => {
      reads.set(language, say !== null);
      if (say) voicesKnown();
    });
  }
  return known || voice(language) !== undefined;
}

/** Calls when more voices become known. @param {() => void} changed */
export function onVoices(changed) {
  voicesKnown = changed;
  if ('speechSynthesis' in window) speechSynthesis.addEventListener('voiceschanged', changed);
}

/** Reads a sentence, after those that are being read. @param {string} text @param {string} language */
export function read(text, language) {
  const mine = silenced;
  const asked = reads.get(language) ? ask(text, language) : Promise.resolve(null);
  last = last.then(async () => {
    const say = await asked;
    const sounds = say && (await sounding());
    if (mine !== silenced) return;
    if (say && sounds) await sounds.play({ say: [say], volume: 100, patience: PATIENCE });
    else speak(text, language);
  });
}

/** Ends what is being read, and all that was to follow. */
export function hush() {
  silenced++;
  last = Promise.resolve();
  if (player) player.stop();
  if ('speechSynthesis' in window) speechSynthesis.cancel();
}

/** The player, which begins after a touch or a key: browsers let pages sound only then. */
async function sounding() {
  player = player || new Player();
  await player.unlock();
  return player;
}

/** @param {string} text @param {string} language */
function speak(text, language) {
  const found = voice(language);
  if (!found) return;
  const speech = new SpeechSynthesisUtterance(text);
  speech.voice = found;
  speech.lang = found.lang;
  speech.rate = 0.95;
  speechSynthesis.speak(speech);
}
