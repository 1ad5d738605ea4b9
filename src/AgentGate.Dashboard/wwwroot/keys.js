// Keys: list, make, revoke. A key's text is shown once.
import { call, me, Problem } from './api.js';
import { byId, confirm, field, h, open, say, secret, when } from './dom.js';
import { explain, fault, wire } from './forms.js';
import { filler, filters, none, table } from './list.js';

const card = byId('keys');
const form = card.querySelector('form');
const fill = filler(card.querySelector('[data-table]'));
const create = document.querySelector('[data-create]');

const badges = { active: 'ag-badge ag-badge-good', revoked: 'ag-badge ag-badge-bad', expired: 'ag-badge' };

function load() {
  const search = form.elements.search.value.trim().toLowerCase();
  const state = form.elements.state.value;
  const all = form.elements.whose?.value === 'all' || !create;
  return fill(
    async () => (await call('GET', all ? '/api/auth/api-keys/admin/all?include_revoked=true' : '/api/auth/api-keys')).keys,
    (keys) => {
      const shown = keys.filter((key) => (state === 'all' || key.status === state)
        && (!search || [key.name, key.prefix, key.principal_id].some((text) => text?.toLowerCase().includes(search))));
      return shown.length === 0
        ? none(keys.length === 0 ? 'No key yet. Make one, and point an agent at /v1 with it.' : 'No key fits these filters.')
        : table('Keys', ['Name', 'Beginning', ['Scopes', 'ag-optional-column'], 'State', 'Last used', ['Expires', 'ag-optional-column'], ''], shown.map(row));
    });
}

const row = (key) => h('tr', { 'data-key-id': key.id },
  h('th', { scope: 'row' }, key.name, h('small', {}, key.principal_id)),
  h('td', {}, h('code', {}, `${key.prefix}…`)),
  h('td', { class: 'ag-optional-column' }, h('span', { title: key.scopes.join(', ') }, short(key.scopes))),
  h('td', {}, h('span', { class: badges[key.status] ?? 'ag-badge' }, key.status)),
  h('td', { class: 'ag-tight' }, when(key.last_used_at)),
  h('td', { class: 'ag-tight ag-optional-column' }, when(key.expires_at)),
  h('td', { class: 'ag-actions-cell' }, key.status === 'revoked' ? null
    : h('button', { type: 'button', class: 'ag-button ag-button-small ag-button-danger', 'aria-label': `Revoke ${key.name}`, onclick: () => revoke(key) }, 'Revoke')));

const short = (scopes) => (scopes.length <= 2 ? scopes.join(', ') : `${scopes.slice(0, 2).join(', ')} and ${scopes.length - 2} more`);

async function revoke(key) {
  if (!await confirm('Revoke the key', `"${key.name}" (${key.prefix}…) opens nothing any more, at once and for good. What uses it stops.`, 'Revoke')) return;
  try {
    await call('DELETE', `/api/auth/api-keys/${encodeURIComponent(key.id)}`);
    say(`The key "${key.name}" is revoked.`);
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    say(explain(problem));
  }
  await load();
}

create?.addEventListener('click', async () => {
  create.setAttribute('aria-busy', 'true');
  try {
    const capabilities = await call('GET', '/api/auth/api-keys/capabilities');
    const made = await draft(capabilities);
    if (made) await show(made);
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    say(explain(problem));
  } finally {
    create.removeAttribute('aria-busy');
  }
  await load();
});

const draft = (may) => open('New key', (close) => {
  const days = [7, 30, 90, 180, 365].filter((count) => count >= may.expires_in_days_min && count <= may.expires_in_days_max);
  const scopes = h('fieldset', { class: 'ag-field' },
    h('legend', { class: 'ag-legend' }, 'Scopes'),
    h('div', { class: 'ag-scopes' },
      may.wildcard ? h('label', { class: 'ag-check' }, h('input', { type: 'checkbox', name: 'scopes', value: '*' }), h('span', {}, 'everything (*)')) : null,
      [...may.scopes].sort((one, other) => (other === 'doors') - (one === 'doors')).map((scope) => h('label', { class: 'ag-check' }, h('input', { type: 'checkbox', name: 'scopes', value: scope, checked: scope === 'doors' }), h('span', {}, scope)))),
    h('p', { class: 'ag-hint' }, '"doors" lets an agent call models; the others are for the API.'),
    h('p', { class: 'ag-error', 'data-error-of': 'scopes' }));
  scopes.addEventListener('change', (event) => {
    // Everything stands alone.
    for (const box of scopes.querySelectorAll('input')) {
      if (event.target.checked && (event.target.value === '*') !== (box.value === '*')) box.checked = false;
    }
  });
  const made = h('form', { class: 'ag-form' },
    h('p', { class: 'ag-notice ag-notice-bad', role: 'alert', 'data-form-error': true }),
    h('div', { class: 'ag-two' },
      field('Name', 'name', { maxlength: 100, autofocus: true, autocomplete: 'off' }, 'What it is for.'),
      field('Good for', 'expires_in_days', { options: days.map((count) => [String(count), `${count} days`]), value: String(may.expires_in_days_default) })),
    scopes,
    h('div', { class: 'ag-actions ag-actions-end' },
      h('button', { type: 'button', class: 'ag-button', onclick: () => close() }, 'Cancel'),
      h('button', { type: 'submit', class: 'ag-button ag-button-primary' }, 'Make key')));
  wire(made, async (values) => {
    const chosen = [...scopes.querySelectorAll('input:checked')].map((box) => box.value);
    if (chosen.length === 0) {
      fault(made, 'scopes', 'Choose at least one.');
      return;
    }
    close(await call('POST', '/api/auth/api-keys', { name: values.name, scopes: chosen, expires_in_days: Number(values.expires_in_days) }));
  });
  return made;
}, { wide: true });

const show = (made) => open('The key is made', (close) => h('div', { class: 'ag-form' },
  h('p', {}, 'It is shown this once and kept nowhere. Put it where only the agent reads it.'),
  secret(made.key, 'API key'),
  h('p', { class: 'ag-hint' }, `It authenticates ${made.principal_id}, as Authorization: Bearer or x-api-key.`),
  h('div', { class: 'ag-actions ag-actions-end' }, h('button', { type: 'button', class: 'ag-button ag-button-primary', onclick: () => close() }, 'I have kept it'))), { wide: true, keep: true });

filters(form, load);
await me().catch(() => {});
await load();
