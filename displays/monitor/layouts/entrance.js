/**
 * For whoever comes in: which service is for what, how many wait for it and how long, how to take a
 * ticket, and when it is open.
 */

/** @import { Channel, DisplayPage } from '../../lib/wire.d.ts' */
/** @import { Moment } from './layouts.js' */
import { both, h, setText, svg } from '../../lib/dom.js';
import { drawnList } from '../../lib/keyed.js';
import { officePath } from '../../lib/office.js';
import { reopens } from '../../lib/opening.js';
import { beside, pick } from '../../lib/text.js';
import { short } from '../../lib/wait.js';
import { Line } from '../lines.js';
import { Pages } from '../pages.js';
import { fit } from '../screen.js';
import { words } from '../words.js';

/** More services than this stand in two columns, and many more without what they are for. */
const ONE_COLUMN = 4;
const BRIEF = 12;

export class Entrance {
  constructor() {
    this.list = h('ul', { class: 'services' });
    this.services = drawnList(this.list, serviceOf);
    this.title = h('p', { class: 'entrance-title' });
    this.hint = h('p', { class: 'entrance-hint' });
    this.hours = h('p', { class: 'entrance-hours' });
    this.address = h('span', { class: 'entrance-address' });
    this.ticket = h('section', { class: 'entrance-ticket', 'aria-label': 'Il biglietto' }, pictogram(), h('div', { class: 'entrance-words fit-box' }, this.title, this.hint));
    this.columns = 1;
    this.far = false;
    this.pages = new Pages(() => this.resize());
    this.called = new Line('called', words.all('calledNow'));
    this.element = h(
      'div',
      { class: 'entrance' },
      h('section', { class: 'entrance-services', 'aria-label': 'Servizi' }, this.list, this.pages.element),
      h(
        'aside',
        { class: 'entrance-side', 'aria-label': 'Come fare' },
        this.ticket,
        h('section', { class: 'entrance-open', 'aria-label': 'Orario di oggi' }, h('p', { class: 'entrance-label' }, both('Oggi', 'Today')), this.hours),
        h(
          'section',
          { class: 'entrance-phone', 'aria-label': 'Sul telefono' },
          h('img', { class: 'entrance-code', src: `${officePath()}/qr.svg`, alt: 'Codice QR della pagina pubblica', width: 240, height: 240 }),
          h('p', { class: 'entrance-scan' }, both(words.say('scan'), words.say('scan', {}, 'en')), this.address),
        ),
      ),
      h('div', { class: 'lines' }, this.called.element),
    );
  }

  /** @param {DisplayPage} view @param {Moment} moment */
  show(view, { now, plan }) {
    const { display } = view;
    const count = view.channels.length;
    this.columns = count > ONE_COLUMN && plan.roomy ? 2 : 1;
    this.far = plan.number > 0;
    this.list.classList.toggle('services-two', this.columns > 1);
    this.list.classList.toggle('services-brief', count > BRIEF || !plan.roomy);
    this.services.update(view.channels);
    this.element.classList.toggle('shut', !view.open);
    const title = view.open ? words.all('takeTicket') : words.all(view.situation === 'full' ? 'noMore' : 'closedNow');
    const hint = view.open ? words.all('takeHint') : { it: reopens(view, now), en: reopens(view, now, 'en') };
    put(this.title, title);
    put(this.hint, hint);
    const hours = display.today.map(({ from, to }) => `${from}–${to}`).join('  ·  ');
    if (hours) setText(this.hours, hours);
    else put(this.hours, words.all('closedToday'));
    setText(this.address, (display.address || location.origin + officePath()).replace(/^https?:\/\//, ''));
    const calls = view.calls.filter(({ holds }) => holds);
    this.called.show(calls, view.counters);
  }

  /** Letters for a distance have as many services on a page as have room; else all are there. */
  resize() {
    this.called.resize();
    const { list, columns, far } = this;
    const all = Array.from(list.children, (child) => /** @type {HTMLElement} */ (child));
    for (const service of all) service.hidden = false;
    const wanted = Math.ceil(all.length / columns);
    let rows = wanted;
    // Where not even two would have room, calls give it.
    for (const called of [true, false]) {
      this.called.element.classList.toggle('dropped', !called);
      if (!far) break;
      list.classList.add('services-whole');
      const gap = parseFloat(getComputedStyle(list).rowGap);
      const tallest = Math.max(1, ...all.map((service) => service.offsetHeight));
      list.classList.remove('services-whole');
      rows = Math.min(wanted, Math.max(1, Math.floor((list.clientHeight + gap) / (tallest + gap))));
      if (rows >= Math.min(wanted, 2)) break;
    }
    const shown = this.pages.of(all, rows * columns);
    for (const service of all) service.hidden = !shown.includes(service);
    list.style.setProperty('--rows', String(Math.max(1, rows)));
    // A second language that has no room in full isn't there.
    for (const english of Array.from(list.querySelectorAll('.service-name .en'), (each) => /** @type {HTMLElement} */ (each))) {
      const name = /** @type {HTMLElement} */ (english.parentElement);
      name.style.removeProperty('font-size');
      english.hidden = false;
      english.hidden = english.getBoundingClientRect().bottom > name.getBoundingClientRect().bottom + 2;
    }
    fit(this.element);
  }

  stop() {
    this.pages.stop();
  }
}

/** @param {HTMLElement} element @param {Record<string, string>} text */
function put(element, text) {
  const shown = JSON.stringify(text);
  if (element.getAttribute('data-shown') === shown) return;
  element.setAttribute('data-shown', shown);
  element.replaceChildren(both(pick(text), beside(text)));
}

/** @param {Channel} channel */
function serviceOf(channel) {
  const wait = short(channel.wait);
  const shut = !channel.open && !channel.waiting;
  const n = channel.waiting;
  /** @param {string} language */
  const waiting = (language) => {
    if (n === 0) return language === 'it' && !wait ? '' : words.say('nobody', {}, language);
    return words.say(wait ? 'waiting' : 'people', { n }, language);
  };
  const element = h(
    'li',
    { class: channel.open ? 'service' : 'service service-shut', 'data-channel': channel.id },
    h('span', { class: 'service-letter', 'aria-hidden': 'true' }, channel.letter),
    h(
      'span',
      { class: 'service-names' },
      h('span', { class: 'service-name fit-box' }, h('span', {}, pick(channel.names)), h('span', { class: 'en', lang: 'en' }, beside(channel.names))),
      pick(channel.hints) && h('span', { class: 'service-hint fit-box' }, pick(channel.hints)),
      beside(channel.hints) && h('span', { class: 'service-hint service-hint-en', lang: 'en' }, beside(channel.hints)),
    ),
    shut
      ? h('span', { class: 'service-figures' }, h('strong', { class: 'service-wait' }, words.say('channelClosed')), h('span', { class: 'service-waiting', lang: 'en' }, words.say('channelClosed', {}, 'en')))
      : h(
          'span',
          { class: 'service-figures' },
          h('strong', { class: 'service-wait' }, wait || (n === 0 ? words.say('nobody') : String(n))),
          h('span', { class: wait ? 'service-waiting service-besides' : 'service-waiting' }, waiting('it')),
          h('span', { class: 'service-waiting', lang: 'en' }, waiting('en')),
        ),
  );
  element.style.setProperty('--channel', channel.color);
  return element;
}

/** A ticket that comes out of its slot. */
function pictogram() {
  return svg(
    'svg',
    { class: 'entrance-picture', viewBox: '0 0 48 48', 'aria-hidden': 'true', focusable: 'false' },
    svg('rect', { x: '5', y: '4', width: '38', height: '18', rx: '4', fill: 'currentColor' }),
    svg('path', { d: 'M12 14h24v27l-4-3-4 3-4-3-4 3-4-3-4 3z', class: 'entrance-paper', stroke: 'currentColor', 'stroke-width': '2.5', 'stroke-linejoin': 'round' }),
    svg('path', { d: 'M17 22h14M17 28h14M17 34h8', stroke: 'currentColor', 'stroke-width': '2.5', 'stroke-linecap': 'round' }),
    svg('path', { d: 'M10 14h28', class: 'entrance-slot', 'stroke-width': '3', 'stroke-linecap': 'round' }),
  );
}
