/**
 * What the page of a ticket says. Its states and advice are those that the server writes into it
 * (index.html).
 */

import { advice, visit } from '../lib/catalogue.js';
import { Phrases } from '../lib/text.js';

export const states = new Phrases(visit);
export const advices = new Phrases(advice);

export const words = new Phrases({
  it: {
    next: 'Sei il prossimo',
    ahead: { one: 'persona prima di te', other: 'persone prima di te' },
    titleAhead: '{n} prima di te',
    noConnection: 'Connessione persa',
    absentUntil: 'Se sei in sede, presentati allo sportello o al personale: puoi essere richiamato fino alle {time}.',
    slot: 'Appuntamento delle {time}',
    atSlot: 'Sarai chiamato intorno alle {time}',
    late: 'Alle {time} la sede sarà chiusa: per un altro appuntamento rivolgiti agli sportelli',
  },
  en: {
    next: 'You are next',
    ahead: { one: 'person before you', other: 'people before you' },
    titleAhead: '{n} before you',
    noConnection: 'Connection lost',
    absentUntil: 'If you are here, speak to the staff: you can be called again until {time}.',
    slot: 'Appointment at {time}',
    atSlot: 'You will be called at about {time}',
    late: 'At {time} the office will be closed: for another appointment ask at the counters',
  },
});
