/** The lists of the public page: each row is the server's own markup, filled in. */

/** @import { Call, Channel, Notice } from '../lib/wire.d.ts' */
import { byId, counted, h } from '../lib/dom.js';
import { clock } from '../lib/text.js';
import { say, waitOf, written } from './words.js';

/** @param {Notice} notice */
export function noticeItem(notice) {
  const item = copy('notice');
  item.replaceChildren(written(notice.texts));
  return item;
}

/**
 * @param {{ channel: Channel, open: boolean }} card open: the office is, so that a closed channel
 *   says why
 */
export function channelCard({ channel, open }) {
  const card = copy('channel');
  part(card, '.badge rect').setAttribute('fill', channel.color);
  part(card, '.badge text').textContent = channel.letter;
  part(card, 'h3').replaceChildren(written(channel.names));
  const people = say('people', { n: channel.waiting });
  part(card, '.count').replaceChildren(counted(people, channel.waiting) || people);
  part(card, '.bar rect').setAttribute('fill', channel.color);
  part(card, '.bar rect').setAttribute('width', String(channel.waiting));
  const wait = waitOf(channel.wait);
  const why = channel.open || !open ? null : h('strong', {}, written(channel.closed));
  detail(part(card, '.detail-wait'), channel.open && wait ? [`${say('wait')} `, h('strong', {}, wait)] : [why]);
  detail(part(card, '.detail-ending'), [channel.open && channel.ending && h('strong', {}, say('ending'))]);
  detail(part(card, '.detail-last'), [channel.last_called && `${say('last')} `, channel.last_called && h('strong', {}, channel.last_called)]);
  return card;
}

/** @param {{ call: Call, zone: string }} row */
export function callRow({ call, zone }) {
  const row = copy('call');
  row.className = call.holds ? 'call' : 'call call-past';
  part(row, '.call-mark rect').setAttribute('fill', call.color);
  part(row, '.call-number').textContent = call.number;
  part(row, '.call-where').replaceChildren(written(call.where));
  part(row, '.call-time').textContent = clock(call.at, zone);
  return row;
}

/** A new row of what the server has written. @param {string} template */
function copy(template) {
  const content = /** @type {HTMLTemplateElement} */ (byId(`${template}-row`)).content;
  return /** @type {HTMLElement} */ (part(content, 'li').cloneNode(true));
}

/** @param {ParentNode} of @param {string} selector */
function part(of, selector) {
  const element = of.querySelector(selector);
  if (!element) throw new Error(`no ${selector}`);
  return element;
}

/** @param {Element} element @param {(Node | string | null | false)[]} said */
function detail(element, said) {
  element.replaceChildren(...said.filter(/** @returns {one is Node | string} */ (one) => Boolean(one)));
}
