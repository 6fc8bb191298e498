/** The pages of the staff, and the ways from one to the others. */

/** @import { Api } from '../../displays/lib/api.js' */
/** @import { User } from './session.js' */
import { byId, h, setText } from '../../displays/lib/dom.js';
import { whoAmI } from './session.js';

/**
 * @typedef {object} StaffPage
 * @property {string} path
 * @property {(me: User) => string} name
 * @property {boolean} [supervisors] is for them and administrators alone
 */

/** @type {StaffPage[]} */
const PAGES = [
  { path: '/console', name: () => 'Sportelli' },
  { path: '/simulatore', name: () => 'Simulatore', supervisors: true },
  { path: '/admin', name: ({ role }) => (role === 'admin' ? 'Amministrazione' : 'Monitor e dispositivi'), supervisors: true },
];

/** Links to the other pages that are for somebody. @param {User} me @param {string} here the path of this one */
export function waysFrom(here, me) {
  return PAGES.filter(({ path, supervisors }) => path !== here && (me.role !== 'operator' || !supervisors)).map(({ path, name }) => h('a', { class: 'bar-button', href: path }, name(me)));
}

/**
 * Begins a page: who is there, and the ways to the others.
 * @param {Api} api @param {string} here the path of this one
 */
export async function enter(api, here) {
  const me = await whoAmI(api);
  setText(byId('who'), me.full_name || me.name);
  byId('bar-end').prepend(...waysFrom(here, me));
  byId('main').hidden = false;
  return me;
}
