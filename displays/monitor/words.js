/** What the monitor says, Italian first. */

import { Phrases } from '../lib/text.js';

export const words = new Phrases({
  it: {
    empty: 'Nessuna chiamata ancora',
    emptyHint: 'I numeri chiamati compaiono qui',
    closed: 'Chiuso',
    idle: 'Nessuna chiamata in corso',
    last: { one: 'Ultimo numero chiamato: {numbers}', other: 'Ultimi numeri chiamati: {numbers}' },
    again: 'Chiamato di nuovo',
    people: { one: 'persona in attesa', other: 'persone in attesa' },
    expected: 'attesa prevista {time}',
    channelClosed: 'chiuso',
    absent: 'Assenti',
    absentHint: 'tornare allo sportello',
    near: 'Si avvicinino',
    others: 'Chiamati altrove',
  },
  en: {
    empty: 'No calls yet',
    emptyHint: 'The numbers called appear here',
    closed: 'Closed',
    idle: 'Nobody is being called right now',
    last: { one: 'Last number called: {numbers}', other: 'Last numbers called: {numbers}' },
    again: 'Called again',
    people: { one: 'person waiting', other: 'people waiting' },
    expected: 'expected wait {time}',
    channelClosed: 'closed',
    absent: 'Missed their call',
    absentHint: 'please return to the counter',
    near: 'Please come near',
    others: 'Called elsewhere',
  },
});
