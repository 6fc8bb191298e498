/** Takes files for clips. */

/** @import { VoiceLanguage, VoiceSection } from './voice.js' */
import { both, h, setText } from '../../displays/lib/dom.js';
import { spoken } from './draft.js';
import { clipOfFile } from './voiceclip.js';
import { clipOf, LONGEST_S } from './voicesound.js';

/** What is wrong with a file, and what to do. @type {Record<string, string>} */
const FAULTS = {
  unknown: 'il nome non è di nessuna parola. Chiamarlo come ciò che dice: 42.wav, numero.mp3, primo piano.ogg.',
  unreadable: 'il browser non lo sa leggere. Salvarlo come WAV o MP3.',
  silent: 'non si sente nessuna parola. Registrarlo di nuovo, più vicino al microfono.',
  long: `dura più di ${LONGEST_S} secondi. Lasciare la sola parola.`,
};

/**
 * Sends files one by one, and says which couldn't be taken and why, until it is closed.
 * @param {VoiceSection} section @param {VoiceLanguage} language @param {File[]} files
 */
export async function takeFiles(section, language, files) {
  const bar = h('progress', { class: 'voice-bar', max: files.length, value: 0, 'aria-label': 'File letti' });
  const state = h('p', { role: 'status' });
  const faults = h('ul', { class: 'voice-faults' });
  const end = h('button', { class: 'button button-plain', type: 'button' }, both('Interrompi', 'Stop'));
  const title = h('h2', { id: 'files-title' }, both(`File della voce: ${spoken(language.language)}`, 'Files of the voice'));
  const dialog = h('dialog', { 'aria-labelledby': 'files-title' }, h('div', { class: 'dialog-form' }, title, bar, state, faults, h('div', { class: 'dialog-end' }, end)));
  const focused = document.activeElement;
  const closed = new Promise((resolve) => dialog.addEventListener('close', resolve));
  end.addEventListener('click', () => dialog.close());
  document.body.append(dialog);
  dialog.showModal();
  /** The file that each clip was taken from. @type {Map<string, string>} */
  const taken = new Map();
  for (const file of files) {
    if (!dialog.open) break;
    setText(state, `${file.name}: ${bar.value + 1} di ${files.length}`);
    const clip = clipOf(file.name, language.clips);
    const before = clip && taken.get(clip.clip);
    const made = !clip ? 'unknown' : before ? `dice la stessa parola di ${before}, che è stato preso. Tenere uno dei due.` : await clipOfFile(file);
    const wrong = typeof made === 'string' ? FAULTS[made] || made : clip && (await section.send(language, clip, made));
    if (wrong) faults.append(h('li', {}, h('strong', {}, file.name), `: ${wrong}`));
    else if (clip) taken.set(clip.clip, file.name);
    bar.value++;
  }
  const left = faults.children.length;
  setText(state, `${taken.size === 1 ? 'Una parola salvata' : `${taken.size} parole salvate`}${left === 0 ? '.' : left === 1 ? '; un file non è stato preso:' : `; ${left} file non sono stati presi:`}`);
  end.replaceChildren(both('Chiudi', 'Close'));
  end.focus();
  if (dialog.open) await closed;
  dialog.remove();
  if (focused instanceof HTMLElement && focused.isConnected) focused.focus();
}
