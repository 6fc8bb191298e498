/** The page that asks what would be with another staffing. */

/** @import { PublicPage } from '../../displays/lib/wire.d.ts' */
/** @import { Spans, Usual } from './simulatordays.js' */
/** @import { Form } from './simulatorquestion.js' */
/** @import { Answer } from './simulatorwords.js' */
/** @import { User } from './session.js' */
/** @import { Office } from './users.js' */
import { Api, ApiError } from '../../displays/lib/api.js';
import { byId, h, setText } from '../../displays/lib/dom.js';
import { LiveView } from '../../displays/lib/live.js';
import { pick } from '../../displays/lib/text.js';
import { askLeave } from './deskquestions.js';
import { hasExpired, leave, loginAddress } from './session.js';
import { pictures } from './simulatorcharts.js';
import { plus, spanName, usualSpans } from './simulatordays.js';
import { bodyOf, formOf, queryOf, spanOf, wrongIn } from './simulatorquestion.js';
import { about, headline, modelError, more } from './simulatorwords.js';
import { enter } from './staffpages.js';
import { askAtLength } from './stream.js';
import { Toasts } from './toast.js';

/** How far back it is looked for days on which anybody came. */
const BACK = 366;

/** The fields that the server names otherwise than the form. @type {Record<string, string>} */
const FIELDS = { target_s: 'minutes', more: 'how' };

class SimulatorPage {
  /** @param {Api} api */
  constructor(api) {
    this.api = api;
    this.toasts = new Toasts();
    this.form = /** @type {HTMLFormElement} */ (byId('question'));
    /** Gives up what is being computed; null: nothing is. @type {AbortController | null} */
    this.running = null;
    this.today = '';
    /** @type {Spans} */
    this.spans = {};
    byId('leave').addEventListener('click', () => leave(this.api, askLeave).catch((error) => this.failed(error)));
    byId('cancel').addEventListener('click', () => this.running && this.running.abort());
    byId('print').addEventListener('click', () => print());
    this.form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.ask();
    });
    this.form.addEventListener('change', (event) => {
      if (event.target === byId('office')) this.chooseOffice();
      this.reveal();
    });
  }

  async start() {
    try {
      const me = await enter(this.api, '/simulatore');
      this.follow();
      await this.open(me);
    } catch (error) {
      this.failed(error);
    }
  }

  /** @private @param {User} me */
  async open(me) {
    if (me.role === 'operator') return this.close('Questa pagina è per i responsabili e gli amministratori.');
    /** @type {Office[]} */
    const offices = await this.api.get('/offices');
    byId('office').replaceChildren(...offices.map(({ id, names }) => h('option', { value: id }, pick(names) || id)));
    byId('office-field').hidden = offices.length < 2;
    const wanted = new URLSearchParams(location.search).get('office');
    if (offices.some(({ id }) => id === wanted)) this.field('office').value = wanted || '';
    await this.learn();
    const { form, asked } = formOf(location.search, this.spans);
    this.fill({ ...form, office: this.field('office').value });
    if (asked && this.spans.last) await this.ask();
  }

  /** Shows nothing but why. @private @param {string} why */
  close(why) {
    this.form.hidden = true;
    byId('none').replaceChildren(h('p', {}, why));
  }

  /** Learns what days the office has had. @private */
  async learn() {
    const path = this.path();
    /** @type {PublicPage} */
    const state = await this.api.get(`${path}/state`);
    this.today = state.at.slice(0, 10); // on the office's clock
    /** @type {{ key: string }[]} */
    const days = await this.api.get(`${path}/stats?by=day&from=${plus(this.today, -BACK)}&to=${this.today}`);
    this.spans = usualSpans(this.today, days.map(({ key }) => key));
    for (const choice of this.form.querySelectorAll('[name="days"]:not([value="range"])')) this.offer(/** @type {HTMLInputElement} */ (choice));
    byId('asked').hidden = !this.spans.last;
    this.form.hidden = !this.spans.last && byId('office-field').hidden;
    byId('none').replaceChildren(
      this.spans.last
        ? h('p', {}, 'Scegli una domanda e premi «Calcola»: il simulatore rigioca i giorni con le stesse persone e altri sportelli, e dice quanto si sarebbe aspettato.')
        : h('p', {}, 'Non c’è ancora nessun giorno concluso: il simulatore rigioca i giorni passati, e potrà rispondere dopo il primo giorno di sportello.'),
    );
  }

  /** Names the days of a choice, and lets it be chosen if there are any. @private @param {HTMLInputElement} choice */
  offer(choice) {
    const name = /** @type {Usual} */ (choice.value);
    const span = this.spans[name];
    setText(byId(`days-${name}`), span ? spanName(span, this.today) : 'Nessuna visita');
    choice.disabled = !span;
    if (!span && choice.checked) this.field('days').value = 'last';
  }

  /** @private */
  async chooseOffice() {
    if (this.running) this.running.abort();
    this.clear();
    byId('answered').hidden = true;
    byId('none').hidden = false;
    try {
      await this.learn();
    } catch (error) {
      this.failed(error);
    }
  }

  /** Where the API has the office. @private */
  path() {
    return `/offices/${encodeURIComponent(this.field('office').value)}`;
  }

  /** @private @param {string} name @returns {HTMLInputElement} or what has a value as well */
  field(name) {
    return /** @type {any} */ (this.form.elements.namedItem(name));
  }

  /** @private @param {Form} form */
  fill(form) {
    for (const [name, value] of Object.entries(form)) this.field(name).value = value;
    this.reveal();
  }

  /** Shows the fields that the choices need. @private */
  reveal() {
    const { days, ask, how } = this.typed();
    byId('range').hidden = days !== 'range';
    byId('ask-counters').hidden = ask !== 'counters';
    byId('counters-field').hidden = how !== 'n';
    byId('ask-target').hidden = ask !== 'target';
  }

  /** @private @returns {Form} */
  typed() {
    return /** @type {any} */ (Object.fromEntries(new FormData(this.form)));
  }

  /** @private */
  async ask() {
    if (this.running) return;
    const form = this.typed();
    this.clear();
    const wrong = wrongIn(form);
    if (wrong) return this.refuse(wrong.words, wrong.field);
    const span = spanOf(form, this.spans);
    history.replaceState(null, '', `${location.pathname}?${queryOf({ ...form, office: byId('office-field').hidden ? '' : form.office }, span)}`);
    this.running = new AbortController();
    this.work(true);
    try {
      /** @type {Answer} */
      const answer = await askAtLength(this.api, `${this.path()}/simulation`, bodyOf(form, span), this.running.signal, ({ done, of }) => this.progress(done, of));
      this.show(answer);
    } catch (error) {
      if (this.running.signal.aborted) this.toasts.tell('Calcolo annullato.', 'Cancelled.');
      else if (error instanceof ApiError && !hasExpired(error)) this.refuse(error.message, fieldOf(error));
      else this.failed(error);
    } finally {
      this.running = null;
      this.work(false);
    }
  }

  /** Says that it is being computed, or not any more. @private @param {boolean} on */
  work(on) {
    const bar = byId('working-bar');
    bar.removeAttribute('value');
    setText(byId('working-words'), on ? 'Sto calcolando…' : '');
    byId('working').hidden = !on;
    byId('answer').setAttribute('aria-busy', String(on));
    byId('ask').setAttribute('aria-disabled', String(on));
    if (on) {
      byId('none').hidden = true;
      byId('answered').hidden = true;
      byId('working').scrollIntoView({ block: 'nearest' });
    } else {
      byId('none').hidden = !byId('answered').hidden;
    }
  }

  /** @private @param {number} done @param {number} of */
  progress(done, of) {
    const bar = /** @type {HTMLProgressElement} */ (byId('working-bar'));
    bar.max = of;
    bar.value = done;
    setText(byId('working-words'), `Sto calcolando: ${done} ${done === 1 ? 'giorno' : 'giorni'} su ${of}…`);
  }

  /** @private @param {Answer} answer */
  show(answer) {
    const office = /** @type {HTMLSelectElement} */ (byId('office'));
    const where = office.options.length > 1 ? `${office.selectedOptions[0].text} · ` : '';
    setText(byId('about'), where + about(answer, this.today));
    setText(byId('headline'), headline(answer, this.today));
    byId('more').replaceChildren(...more(answer, this.today).map((said) => h('li', {}, said)));
    byId('pictures').replaceChildren(...pictures(answer, this.today));
    setText(byId('error'), modelError(answer));
    setText(byId('assumed'), answer.assumed);
    byId('answered').hidden = false;
    byId('headline').focus();
  }

  /** Says what is wrong, at the field if there is one in sight. @private @param {string} words @param {string} name */
  refuse(words, name) {
    const problem = h('p', { class: 'message message-bad', id: 'problem-words' }, words);
    const field = name ? document.getElementById(name) : null;
    if (!field || !field.checkVisibility()) {
      byId('problem').replaceChildren(problem);
      return byId('problem').scrollIntoView({ block: 'nearest' });
    }
    field.after(problem);
    field.setAttribute('aria-invalid', 'true');
    field.setAttribute('aria-describedby', 'problem-words');
    field.focus();
  }

  /** @private */
  clear() {
    this.toasts.clear();
    for (const problem of document.querySelectorAll('#problem-words')) problem.remove();
    for (const field of this.form.querySelectorAll('[aria-invalid]')) {
      field.removeAttribute('aria-invalid');
      field.removeAttribute('aria-describedby');
    }
  }

  /** Whether the server is there: nothing else is shown of the office as it is now. @private */
  follow() {
    return new LiveView({ view: 'public' }, { advice: 'Si può calcolare di nuovo quando il server torna.', mayGo: () => !this.running && Boolean(byId('answered').hidden), onView: () => {} });
  }

  /** @private @param {unknown} error */
  failed(error) {
    if (hasExpired(error)) location.assign(loginAddress());
    else if (error instanceof ApiError) this.toasts.error(error.message);
    else throw error;
  }
}

/** The field that a refusal is about, by the name that it has here. @param {ApiError} error */
function fieldOf(error) {
  /** @type {{ error?: { field?: string } } | null} */
  const body = /** @type {any} */ (error.body);
  const field = (body && body.error && body.error.field) || '';
  return FIELDS[field] || field;
}

new SimulatorPage(new Api()).start();
