/** What is around every layout: the head above it, what everybody must know below. */

/** @import { DisplayPage, Look } from '../lib/wire.d.ts' */
import { byId, h, setText } from '../lib/dom.js';
import { openingSentences } from '../lib/opening.js';
import { beside, clock, day, pick } from '../lib/text.js';
import { deep, groundOf } from './look.js';
import { Notices } from './notices.js';
import { fit, lacksRoom, overflows } from './screen.js';

export class Frame {
  constructor() {
    this.notices = new Notices(byId('notices'));
    this.look = '';
  }

  /** @param {DisplayPage} view @param {number} now @param {string} mode as in data-mode */
  show(view, now, mode) {
    const single = view.channels.length === 1 && view.display.channels.length > 0 ? view.channels[0] : null;
    document.title = `${pick(view.display.names)} – ${view.office.name}`;
    setText(byId('office'), view.office.name);
    setText(byId('room'), pick(view.display.names));
    setText(byId('room-en'), beside(view.display.names));
    document.body.classList.toggle('one-channel', single !== null);
    document.body.style.setProperty('--only', single ? single.color : 'var(--accent-deep)');
    setText(byId('letter'), single ? single.letter : '');
    const look = JSON.stringify(view.display.look);
    if (look !== this.look) showLook(view.display.look);
    this.look = look;
    showOpening(mode === 'closed' ? null : view, now);
    this.notices.show(view.notices);
  }

  /**
   * The names become smaller, without English where both have no room; the office's is left out where
   * it can't be read from afar.
   */
  resize() {
    const name = byId('office');
    const english = byId('room-en');
    const both = /** @type {HTMLElement} */ (english.parentElement);
    name.classList.remove('dropped');
    english.hidden = false;
    both.style.removeProperty('font-size');
    english.hidden = overflows(both);
    fit(byId('head'));
    name.classList.toggle('dropped', lacksRoom(name));
  }

  /** @param {number} now @param {string} zone */
  tick(now, zone) {
    setText(byId('time'), clock(now, zone));
    setText(byId('date'), day(now, zone));
  }
}

/** The town's own colours and pictures. @param {Look} look */
function showLook(look) {
  const { body } = document;
  const accent = deep(look.accent);
  const plain = getComputedStyle(document.documentElement).getPropertyValue('--ground').trim();
  if (accent) body.style.setProperty('--accent-deep', accent);
  else body.style.removeProperty('--accent-deep');
  const own = look.background || look.picture;
  const { ground, veil } = groundOf(look.background || plain);
  if (own) {
    body.setAttribute('data-ground', ground);
    body.style.setProperty('--backcloth', look.background || plain);
    byId('veil').style.setProperty('opacity', String(veil));
  } else {
    body.removeAttribute('data-ground');
    body.style.removeProperty('--backcloth');
  }
  showPicture('arms', look.arms);
  showPicture('picture', look.picture);
}

/** Shows a picture once it is there. @param {string} id @param {string} address empty: none */
function showPicture(id, address) {
  const element = /** @type {HTMLImageElement} */ (byId(id));
  if (element.getAttribute('data-shown') === address) return;
  element.setAttribute('data-shown', address);
  element.hidden = true;
  if (!address) return;
  element.onload = () => (element.hidden = false);
  element.src = address;
}

/**
 * What everybody who waits must know: that it closes early, or has closed, why, and what becomes of
 * them.
 * @param {DisplayPage | null} view @param {number} now
 */
function showOpening(view, now) {
  const element = byId('opening');
  /** @param {string} language */
  const say = (language) => (view ? openingSentences(view, now, language) : []);
  const [what, ...rest] = say('it');
  element.hidden = !what;
  const key = JSON.stringify(say('it'));
  if (element.getAttribute('data-shown') === key) return;
  element.setAttribute('data-shown', key);
  element.replaceChildren(
    h('p', { class: 'band-texts' }, h('strong', { class: 'band-text' }, what || ''), h('span', { class: 'band-text' }, rest.join(' ')), h('span', { class: 'band-beside', lang: 'en' }, say('en').join(' '))),
  );
}
