/** What all displays of the office have in common. */

/** @import { Draft } from './displaysdraft.js' */
import { both, byId, h } from '../../displays/lib/dom.js';
import { pick } from '../../displays/lib/text.js';
import { put } from './displaysdraft.js';
import { Fields, group } from './displaysfields.js';

/** The most of a channel's next numbers that are asked to come near. */
const MOST = 5;

export class OfficeWide {
  /** @param {() => void} changed */
  constructor(changed) {
    this.changed = changed;
  }

  /** @param {Draft} draft which is changed */
  show(draft) {
    const fields = new Fields('office', this.changed);
    const decks = draft.channels.map((channel, i) => {
      const select = h('select', {}, ...Array.from({ length: MOST + 1 }, (_, n) => h('option', { value: n, selected: n === (channel.on_deck || 0) }, n === 0 ? 'nessuno' : n === 1 ? 'il prossimo' : `i prossimi ${n}`)));
      select.addEventListener('change', () => {
        put(channel, 'on_deck', Number(select.value));
        this.changed();
      });
      const id = `on-deck-${i}`;
      select.id = id;
      select.className = 'input';
      const letter = h('span', { class: 'letter', 'aria-hidden': 'true' }, channel.letter);
      letter.style.setProperty('--channel', channel.color);
      return h('div', { class: 'display-deck' }, letter, h('label', { for: id }, pick(channel.name) || channel.id), select);
    });
    const notices = (draft.notices || []).map((notice, i) => fields.tick(`notices[${i}]`, [pick(notice.text) || notice.id, ''], !!notice.spoken, (on) => put(notice, 'spoken', on)));
    const voice = { ...draft.voice };
    byId('displays-office').replaceChildren(
      group(['Chi si avvicina', 'On deck'], h('p', { class: 'help' }, 'Quanti numeri di ogni canale sono invitati ad avvicinarsi prima della chiamata.'), ...decks),
      group(
        ['La voce', 'The voice'],
        fields.tick('ticket-language', ['Dopo l’italiano, anche nella lingua del biglietto', 'After Italian, in the ticket’s language'], !!voice.ticket_language, (on) => {
          put(voice, 'ticket_language', on);
          put(draft, 'voice', voice);
        }),
        notices.length > 0 ? h('p', { class: 'display-sub' }, both('Avvisi letti a voce tra le chiamate', 'Notices read aloud')) : null,
        ...notices,
      ),
    );
  }
}
