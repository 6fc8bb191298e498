/** What the page of a ticket says: the same words that the server writes into it (index.html). */

import { Phrases } from '../lib/text.js';

export const states = new Phrases({
  it: {
    waiting: 'In attesa',
    called: 'È il tuo turno',
    serving: 'Sei allo sportello',
    held: 'In sospeso',
    absent: 'Chiamato, ma assente',
    served: 'Concluso',
    cancelled: 'Annullato',
    expired: 'Scaduto',
  },
  en: {
    waiting: 'Waiting',
    called: 'It is your turn',
    serving: 'You are at the counter',
    held: 'On hold',
    absent: 'Called, but absent',
    served: 'Done',
    cancelled: 'Cancelled',
    expired: 'Expired',
  },
});

export const words = new Phrases({
  it: {
    next: 'Sei il prossimo',
    ahead: { one: 'persona prima di te', other: 'persone prima di te' },
    titleAhead: '{n} prima di te',
    turn: 'È IL TUO TURNO',
    noConnection: 'Connessione persa',
    advice_waiting: 'Il tuo numero comparirà qui e sui monitor della sala.',
    advice_called: 'Vai subito allo sportello indicato.',
    advice_serving: '',
    advice_held: 'Torna allo sportello quando hai finito: mantieni il tuo posto.',
    advice_absent: 'Se sei in sede, presentati allo sportello o al personale: puoi essere richiamato.',
    advice_served: 'Grazie della visita.',
    advice_cancelled: 'Per tornare in fila prendi un nuovo biglietto.',
    advice_expired: 'Il biglietto valeva solo per la giornata: prendine uno nuovo.',
  },
  en: {
    next: 'You are next',
    ahead: { one: 'person before you', other: 'people before you' },
    titleAhead: '{n} before you',
    turn: 'YOUR TURN',
    noConnection: 'Connection lost',
    advice_waiting: 'Your number will appear here and on the screens in the room.',
    advice_called: 'Please go to the counter now.',
    advice_serving: '',
    advice_held: 'Come back to the counter when you are ready: you keep your place.',
    advice_absent: 'If you are here, speak to the staff: you can be called again.',
    advice_served: 'Thank you for your visit.',
    advice_cancelled: 'Take a new ticket to join the queue again.',
    advice_expired: 'The ticket was for one day only: please take a new one.',
  },
});
