// Where one is signed in, and ending it.
import { call, Problem } from './api.js';
import { byId, confirm, h, say, when } from './dom.js';
import { explain } from './forms.js';

const card = byId('sessions');
const body = card.querySelector('[data-body]');
const others = card.querySelector('[data-end-others]');

others.addEventListener('click', async () => {
  if (!await confirm('End all other sessions', 'Every other browser and program that is signed in as you is signed out at once.', 'End all others')) return;
  await attempt(async () => {
    await call('DELETE', '/api/auth/sessions');
    say('All other sessions have ended.');
  });
});

export async function showSessions() {
  try {
    const answer = await call('GET', '/api/auth/sessions');
    const list = answer.sessions;
    others.hidden = list.length < 2;
    body.replaceChildren(h('ul', { class: 'ag-list' }, list.map(row)));
  } catch (problem) {
    body.replaceChildren(h('p', { class: 'ag-error', role: 'alert' }, explain(problem)));
  }
  card.removeAttribute('aria-busy');
}

const row = (session) => h('li', { 'data-session': session.id },
  h('div', {},
    h('b', {}, session.kind === 'token' && session.device === 'Program' ? `${session.browser}, a program` : `${session.browser}, ${session.device}`), ' ',
    session.is_current ? h('span', { class: 'ag-badge ag-badge-good' }, 'this one') : null,
    h('small', {}, `From ${session.ip_address ?? 'an unknown address'}; active `, when(session.last_active), '; signed in ', when(session.created_at))),
  session.is_current ? null : h('div', { class: 'ag-actions' },
    h('button', { type: 'button', class: 'ag-button ag-button-small ag-button-danger', onclick: () => end(session) }, 'End')));

const end = (session) => attempt(async () => {
  await call('DELETE', `/api/auth/sessions/${encodeURIComponent(session.id)}`);
  say('The session has ended.');
});

async function attempt(act) {
  try {
    await act();
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    say(explain(problem));
  }
  await showSessions();
}
