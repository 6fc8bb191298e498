/** The words of the kiosk. */

import { opening } from '../../displays/lib/catalogue.js';
import { h } from '../../displays/lib/dom.js';
import { MAIN, Phrases, pick } from '../../displays/lib/text.js';

/** @import { Text } from '../../displays/lib/text.js' */

export const phrases = new Phrases({
  it: {
    title: 'Scegli il servizio',
    priority: 'Ho la precedenza',
    priorityWho: 'Disabilità, gravidanza, bambini piccoli',
    priorityOn: 'Precedenza attiva: ora scegli il servizio',
    waiting: { one: '1 persona in attesa', other: '{n} persone in attesa' },
    nobody: 'Nessuno in attesa',
    wait: 'attesa {wait}',
    sending: 'Un momento…',
    yourNumber: 'Il tuo numero',
    take: 'Ricorda il tuo numero',
    ahead: { one: '1 persona prima di te', other: '{n} persone prima di te' },
    first: 'Nessuna persona prima di te',
    expected: 'Attesa prevista: {wait}',
    withPriority: 'Con precedenza',
    scan: 'Inquadra il codice con il telefono: avrai il biglietto con te e seguirai la coda',
    qr: 'Codice QR della pagina del tuo biglietto',
    pdf: 'Biglietto in PDF',
    done: 'Ho finito',
    more: 'Ho bisogno di più tempo',
    back: 'Si chiude tra {n}\u00a0s',
    still: 'Ci sei ancora? Si torna all’inizio tra {n}\u00a0s',
    retry: 'Riprova',
    home: 'Torna alla scelta',
    refused: 'Il biglietto non è stato emesso',
    silent: 'Il server non risponde',
    silentDo: 'Premi «Riprova»: avrai comunque un solo biglietto. Se non basta, rivolgiti agli sportelli.',
    unpaired: 'Totem non ancora abbinato',
    unpairedDo: 'Non è in servizio: per il biglietto rivolgiti agli sportelli.',
    unpairedAdmin: 'Per il personale: tra pochi secondi compare qui il codice con cui abbinarlo da /admin.',
    lost: 'Il totem è scollegato',
    lostDo: 'Rivolgiti agli sportelli. Il totem riparte da solo appena torna la rete.',
    connecting: 'Il totem si sta collegando…',
    office: opening.it.closed,
    next: 'Altre scelte',
    previous: 'Precedenti',
    page: 'Pagina {n} di {of}',
    empty: 'Oggi non si danno biglietti',
    emptyDo: 'Per informazioni rivolgiti agli sportelli.',
    language: 'English',
    low: 'Pulsanti in basso',
    high: 'Pulsanti in alto',
    large: 'Testo grande e contrasto',
    normal: 'Testo normale',
    read: 'Leggi ad alta voce',
    tools: 'Lingua e accessibilità',
    press: 'Premi {n} per {name}, {people}.',
  },
  en: {
    title: 'Choose a service',
    priority: 'I have priority',
    priorityWho: 'Disability, pregnancy, small children',
    priorityOn: 'Priority is on: now choose a service',
    waiting: { one: '1 person waiting', other: '{n} people waiting' },
    nobody: 'Nobody waiting',
    wait: 'wait {wait}',
    sending: 'One moment…',
    yourNumber: 'Your number',
    take: 'Remember your number',
    ahead: { one: '1 person before you', other: '{n} people before you' },
    first: 'Nobody before you',
    expected: 'Expected wait: {wait}',
    withPriority: 'With priority',
    scan: 'Scan the code with your phone to keep the ticket and follow the queue',
    qr: 'QR code of your ticket’s page',
    pdf: 'Ticket as PDF',
    done: 'I’m done',
    more: 'I need more time',
    back: 'Closes in {n}\u00a0s',
    still: 'Are you still there? Starting over in {n}\u00a0s',
    retry: 'Try again',
    home: 'Back to the services',
    refused: 'No ticket was given',
    silent: 'The server does not answer',
    silentDo: 'Press “Try again”: you will get one ticket only. If that fails, please ask at the counters.',
    unpaired: 'This kiosk is not paired yet',
    unpairedDo: 'It is out of service: for a ticket please ask at the counters.',
    unpairedAdmin: 'For the staff: in a few seconds it shows the code by which /admin pairs it.',
    lost: 'The kiosk is disconnected',
    lostDo: 'Please ask at the counters. The kiosk resumes by itself as soon as the network is back.',
    connecting: 'The kiosk is connecting…',
    office: opening.en.closed,
    next: 'More choices',
    previous: 'Previous',
    page: 'Page {n} of {of}',
    empty: 'No tickets are given today',
    emptyDo: 'For information please ask at the counters.',
    language: 'Italiano',
    low: 'Buttons lower',
    high: 'Buttons higher',
    large: 'Large text and contrast',
    normal: 'Normal text',
    read: 'Read aloud',
    tools: 'Language and accessibility',
    press: 'Press {n} for {name}, {people}.',
  },
});

/** @typedef {Parameters<typeof phrases.say>[0]} Key */

/** The language beside the chosen one. @param {string} language */
export function other(language) {
  return language === MAIN ? 'en' : MAIN;
}

/**
 * A text in the chosen language, with the other one small below it.
 * @param {Text} text @param {string} language
 */
export function two(text, language) {
  const fragment = document.createDocumentFragment();
  const first = pick(text, language);
  const second = text[other(language)] || '';
  fragment.append(h('span', { class: 'first' }, first));
  if (second && second !== first) fragment.append(h('span', { class: 'second', lang: other(language) }, second));
  return fragment;
}

/** @param {Key} key @param {string} language @param {Record<string, string | number>} [values] */
export function say2(key, language, values) {
  return two(phrases.all(key, values), language);
}

/** How many wait, in words. @param {number} n @param {string} language */
export function people(n, language) {
  return n === 0 ? phrases.say('nobody', {}, language) : phrases.say('waiting', { n }, language);
}

/** How many are called before a ticket. @param {number} n @returns {Text} */
export function before(n) {
  return n === 0 ? phrases.all('first') : phrases.all('ahead', { n });
}

/** A number letter by letter, for the voice: "A 0 4 2". @param {string} number */
export function spelled(number) {
  return Array.from(number).join(' ');
}
