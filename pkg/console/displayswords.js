/** Words of the displays' settings. */

/** @import { Display } from '../../displays/lib/wire.d.ts' */
/**
 * @typedef {Display['layout']} Layout
 * @typedef {Display['gong']} Gong
 */

/** What a layout is called, and what it is for. @type {[value: Layout, name: string, help: string][]} */
export const LAYOUTS = [
  ['sala', 'Sala d’attesa', 'per chi aspetta: l’ultima chiamata in grande, gli sportelli, chi è in coda'],
  ['channels', 'Tabellone', 'per chi aspetta alcuni servizi: le loro chiamate e quanto manca'],
  ['entrance', 'Ingresso', 'per chi arriva: quale servizio, quanta attesa, orari e come si prende il numero'],
  ['counter', 'Targa', 'sopra uno sportello: il suo nome e il numero atteso'],
  ['playlist', 'Informazioni', 'testi, immagini e filmati, che lasciano lo schermo a ogni chiamata'],
];

/** @type {[value: Gong, it: string][]} */
export const GONGS = [
  ['two-tone', 'Due toni'],
  ['three-tone', 'Tre toni'],
  ['bell', 'Campana'],
  ['none', 'Nessuno: solo la voce'],
];

/** The sizes to look at, in pixels. @type {[value: string, it: string][]} */
export const SIZES = [
  ['1280x720', '1280 × 720'],
  ['1920x1080', '1920 × 1080 (Full HD)'],
  ['2560x1440', '2560 × 1440'],
  ['3840x2160', '3840 × 2160 (4K)'],
];

/** How a contrast is told. @param {number} ratio */
const told = (ratio) => ratio.toLocaleString('it', { maximumFractionDigits: 1 });

/**
 * What white letters on an accent come to.
 * @param {{ white: number } | null} on @returns {{ bad: boolean, words: string }}
 */
export function accentWords(on) {
  if (!on) return { bad: false, words: '' };
  const said = `Scritte bianche: contrasto ${told(on.white)}`;
  if (on.white < 4.5) return { bad: true, words: `${said}. Troppo chiaro: ne serve almeno 4,5.` };
  if (on.white < 7) return { bad: false, words: `${said}. Sul monitor diventa più scuro, fino a 7.` };
  return { bad: false, words: `${said}: si leggono bene.` };
}

/**
 * What the better of white and black letters on a background come to.
 * @param {{ white: number, black: number } | null} on @returns {{ bad: boolean, words: string }}
 */
export function backgroundWords(on) {
  if (!on) return { bad: false, words: '' };
  const said = `Scritte ${on.white >= on.black ? 'bianche' : 'nere'}: contrasto ${told(Math.max(on.white, on.black))}`;
  if (Math.max(on.white, on.black) < 7) return { bad: true, words: `${said}. Ne serve almeno 7: scegliere un colore più chiaro o più scuro.` };
  return { bad: false, words: `${said}: si leggono bene.` };
}
