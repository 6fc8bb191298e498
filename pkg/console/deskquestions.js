/**
 * The questions about a counter that some actions ask first. Each gives the body of the command;
 * null: left.
 */

/** @import { CounterPage, Desk } from '../../displays/lib/wire.d.ts' */
import { both, h } from '../../displays/lib/dom.js';
import { pick } from '../../displays/lib/text.js';
import { ACTIONS } from './actions.js';
import { endsDay, waitingIn } from './day.js';
import { ask } from './dialog.js';
import { finishing } from './questions.js';
import { reasonField, reasonOf } from './reasons.js';

export async function askPause() {
  const data = await ask({
    title: ['Pausa', 'Break'],
    body: [
      reasonField('reason', [
        ['Torno subito', 'Back soon'],
        ['Pausa pranzo', 'Lunch break'],
        ['Lavoro d’ufficio', 'Desk work'],
      ]),
    ],
    confirm: ['In pausa', 'Start the break'],
  });
  return data && { reason: reasonOf(data) };
}

/** @param {CounterPage} view @param {number} now @param {boolean} [leaving] the clerk signs out */
export async function askClose(view, now, leaving = false) {
  const body = [];
  const last = finishing(view);
  if (last) body.push(last);
  const others = view.counters.some((c) => c.id !== view.counter.id && c.status === 'open');
  const waiting = waitingIn(view);
  if (!others && waiting > 0) {
    const [who, whoEn] = waiting === 1 ? ['c’è una persona', 'one person is'] : [`ci sono ${waiting} persone`, `${waiting} people are`];
    const [then, thenEn] = endsDay(view, now) ? [': i loro biglietti scadono', '; their tickets end'] : ['', ''];
    body.push(h('p', { class: 'message message-bad' }, both(`È l’ultimo sportello aperto e ${who} in attesa${then}.`, `This is the last open counter and ${whoEn} waiting${thenEn}.`)));
  }
  if (body.length === 0) return {};
  /** @type {Pick<Parameters<typeof ask>[0], 'title' | 'confirm'>} */
  const words = leaving
    ? { title: ['Chiudere lo sportello e uscire?', 'Close the counter and sign out?'], confirm: ['Chiudi ed esci', 'Close and sign out'] }
    : { title: ['Chiudere lo sportello?', 'Close the counter?'], confirm: ['Chiudi sportello', 'Close'] };
  return (await ask({ ...words, body })) && {};
}

/**
 * Who signs out with a citizen still at a counter is asked first.
 * @param {string} why the server's words
 */
export async function askLeave(why) {
  const data = await ask({
    title: ['Chiudere lo sportello e uscire?', 'Close the counter and sign out?'],
    body: [h('p', { class: 'message' }, both(why, 'Somebody is still there: the visit ends with the sign-out.'))],
    confirm: ['È conclusa: esci', 'It is finished: sign out'],
  });
  return data !== null;
}

/**
 * Says that a counter with a citizen has to be finished before another is opened.
 * @param {Desk} counter @returns {Promise<boolean>} whether to go there
 */
export async function askReturn(counter) {
  const where = pick(counter.names) || counter.id;
  const data = await ask({
    title: [`${counter.number} è ancora a «${where}»`, 'You still have a ticket there'],
    body: [h('p', {}, both('Prima va concluso: poi si può cambiare sportello.', 'Finish it first, then change counter.'))],
    confirm: [`Torna a ${where}`, 'Go back there'],
  });
  return data !== null;
}

/** @param {CounterPage} view */
export async function askAlarm(view) {
  const data = await ask({
    title: ['Dare l’allarme?', 'Raise the alarm?'],
    body: [h('p', {}, both(`Su tutti gli sportelli appare che ${pick(view.counter.names)} ha bisogno di aiuto. I monitor del pubblico non lo mostrano.`, 'Every console shows that help is needed here. The public displays do not.'))],
    confirm: ['Dai l’allarme', 'Raise the alarm'],
    danger: true,
  });
  return data && {};
}

/** @param {string} operator @param {string} counter */
export async function askTakeover(operator, counter) {
  const data = await ask({
    title: [`${counter} è occupato`, 'Counter in use'],
    body: [h('p', {}, both(`A questo sportello lavora ${operator}. Prenderlo comunque? ${operator} non potrà più chiamare da qui.`, `${operator} works at this counter. Take it over all the same?`))],
    confirm: ['Prendi lo sportello', 'Take over'],
    danger: true,
  });
  return data !== null;
}

/**
 * The keys, and whether they are on.
 * @param {boolean} on @returns {Promise<boolean>} whether they shall be on
 */
export async function askHelp(on) {
  const row = (/** @type {string[]} */ keys, /** @type {string} */ it, /** @type {string} */ en) => h('li', {}, h('span', { class: 'keys-keys' }, ...keys.map((key) => h('kbd', {}, key))), h('span', {}, both(it, en)));
  const data = await ask({
    title: ['Tasti rapidi', 'Shortcuts'],
    body: [
      h('label', { class: 'choice' }, h('input', { class: 'choice-mark', type: 'checkbox', name: 'on', checked: on }), h('span', {}, both('Usa i tasti rapidi', 'Use single-key shortcuts'))),
      h(
        'ul',
        { class: 'keys' },
        ...ACTIONS.map((a) => row(a.name === 'next' ? [a.key, 'Spazio', 'Invio'] : [a.key], a.it, a.en)),
        row(['1', '9'], 'Una prestazione in più; con Maiusc una in meno', 'One more outcome; with Shift one less'),
        row(['?'], 'Questo aiuto', 'This help'),
      ),
    ],
    confirm: ['Va bene', 'OK'],
  });
  return data ? data.has('on') : on;
}
