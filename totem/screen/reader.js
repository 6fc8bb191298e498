/** Reads aloud, where the machine has a voice for the language. */

/** @param {string} language @returns {SpeechSynthesisVoice | undefined} */
function voice(language) {
  if (!('speechSynthesis' in window)) return undefined;
  return speechSynthesis.getVoices().find((v) => v.lang.toLowerCase().startsWith(language));
}

/** Whether there is a voice. @param {string} language */
export function canRead(language) {
  return voice(language) !== undefined;
}

/** Calls when the voices of the machine become known. @param {() => void} changed */
export function onVoices(changed) {
  if ('speechSynthesis' in window) speechSynthesis.addEventListener('voiceschanged', changed);
}

/** Reads a sentence, after those that are being read. @param {string} text @param {string} language */
export function read(text, language) {
  const found = voice(language);
  if (!found) return;
  const speech = new SpeechSynthesisUtterance(text);
  speech.voice = found;
  speech.lang = found.lang;
  speech.rate = 0.95;
  speechSynthesis.speak(speech);
}

export function hush() {
  if ('speechSynthesis' in window) speechSynthesis.cancel();
}
