/** What the monitor says, Italian first. */

import { Phrases } from '../lib/text.js';

export const words = new Phrases({
  it: {
    empty: 'Nessuna chiamata ancora',
    emptyHint: 'I numeri chiamati compaiono qui',
    closed: 'Chiuso',
    reopens: 'riapre {when}',
    again: 'Chiamato di nuovo',
    people: { one: 'persona in attesa', other: 'persone in attesa' },
    expected: 'attesa prevista {time}',
    channelClosed: 'chiuso',
  },
  en: {
    empty: 'No calls yet',
    emptyHint: 'The numbers called appear here',
    closed: 'Closed',
    reopens: 'opens {when}',
    again: 'Called again',
    people: { one: 'person waiting', other: 'people waiting' },
    expected: 'expected wait {time}',
    channelClosed: 'closed',
  },
});
