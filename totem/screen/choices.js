/** What can be chosen, and what the kiosk can do just now. Pure. */

/** @import { Text } from '../../displays/lib/text.js' */
/** @import { Channel, TotemService, Wait } from '../../displays/lib/wire.d.ts' */
/** @import { KioskPage } from './agent.d.ts' */
/** @import { Key } from './texts.js' */
import { servicesOf } from './flow.js';
import { find } from './search.js';
import { phrases } from './texts.js';

/**
 * @typedef {object} Choice a button
 * @property {string} id
 * @property {string} channel
 * @property {string} service empty: the channel itself, or something else of it
 * @property {string} letter
 * @property {string} color
 * @property {Text} names
 * @property {Text} hint what it is for
 * @property {boolean} open
 * @property {Text} closed why it isn't
 * @property {number | null} waiting people; null: not known, or said elsewhere
 * @property {Wait | null} wait
 */

/** Whether the server is out of reach: tickets are given, but nobody knows who waits. @param {KioskPage} view */
export function isOffline(view) {
  return !!view.agent && !view.agent.server.online;
}

/** Why there will be no paper, to be said before a press. @param {KioskPage} view @returns {Key | ''} */
export function paperFault(view) {
  if (!view.agent || mayPrint(view) || view.agent.printer.state === 'none') return '';
  return view.agent.printer.state === 'paper_out' ? 'noPaper' : 'noPrinter';
}

/** @param {KioskPage | null} view */
export function mayPrint(view) {
  return !!view && !!view.agent && /^(ready|paper_low)$/.test(view.agent.printer.state);
}

/** What is known of a ticket's paper. @param {KioskPage | null} view @param {string} ticket */
export function printOf(view, ticket) {
  return view && view.agent ? view.agent.prints.find((print) => print.ticket === ticket) : undefined;
}

/** Whether the kiosk, on its own, has a number of a letter. @param {KioskPage} view @param {string} letter */
function hasNumbers(view, letter) {
  return !view.agent || (view.agent.disk === 'ok' && view.agent.left[letter] !== 0);
}

/** @param {KioskPage} view @param {Channel} channel @returns {Choice} */
function ofChannel(view, channel) {
  const offline = isOffline(view);
  const gone = channel.open && offline && !hasNumbers(view, channel.letter);
  return {
    id: channel.id,
    channel: channel.id,
    service: '',
    letter: channel.letter,
    color: channel.color,
    names: channel.names,
    hint: channel.ending ? phrases.all('endingSoon') : channel.hints,
    open: channel.open && !gone,
    closed: gone ? phrases.all('numbersGone') : channel.open ? {} : { ...phrases.all('closedNow'), ...channel.closed },
    waiting: offline ? null : channel.waiting,
    wait: offline ? null : channel.wait,
  };
}

/** A button for each channel. @param {KioskPage} view */
export function channelChoices(view) {
  return view.channels.map((channel) => ofChannel(view, channel));
}

/** A button for each service that is offered under a channel, and one for something else. @param {KioskPage} view @param {string} id */
export function serviceChoices(view, id) {
  const channel = view.channels.find((c) => c.id === id);
  if (!channel) return [];
  const whole = ofChannel(view, channel);
  const list = servicesOf(view, id).map((service) => ofService(whole, service));
  return [...list, { ...whole, id: `${id} `, names: phrases.all('otherService'), hint: {}, waiting: null, wait: null }];
}

/** @param {Choice} channel @param {TotemService} service @returns {Choice} */
function ofService(channel, service) {
  return { ...channel, id: `${channel.id} ${service.id}`, service: service.id, names: service.names, hint: {}, waiting: null, wait: null };
}

/** The services that somebody may look for: those that a channel of today does. @param {KioskPage} view */
export function searchable(view) {
  return (view.services || []).filter((service) => view.channels.some((channel) => channel.id === service.channel));
}

/** A button for each service that goes with what was typed. @param {KioskPage} view @param {string} typed @param {string} language */
export function foundChoices(view, typed, language) {
  const channels = new Map(view.channels.map((channel) => [channel.id, ofChannel(view, channel)]));
  return find(searchable(view), typed, language).map((service) => {
    const channel = /** @type {Choice} */ (channels.get(service.channel));
    return { ...ofService(channel, service), hint: channel.names, waiting: channel.waiting, wait: channel.wait };
  });
}
