// One's own passkeys: add, rename, delete.
import { call, Problem } from './api.js';
import { byId, confirm, field, h, open, say, when } from './dom.js';
import { explain, wire } from './forms.js';
import * as passkeys from './passkeys.js';

const card = byId('passkeys');
const body = card.querySelector('[data-body]');
const add = card.querySelector('[data-add]');

add.addEventListener('click', async () => {
  add.setAttribute('aria-busy', 'true');
  try {
    const { options, challenge_id } = await call('POST', '/api/auth/passkey/register-start');
    const credential = await passkeys.create(options);
    const name = await ask('Name the passkey', suggested(credential));
    const made = await call('POST', '/api/auth/passkey/register-finish', { credential, challenge_id, name: name ?? suggested(credential) });
    say(`The passkey "${made.name}" is added.`);
  } catch (failure) {
    if (!(failure instanceof Problem && failure.code === 'cancelled')) say(failure instanceof Problem ? explain(failure) : passkeys.reason(failure));
  } finally {
    add.removeAttribute('aria-busy');
  }
  await showPasskeys();
});

export async function showPasskeys() {
  add.disabled = !passkeys.possible();
  add.title = add.disabled ? 'Passkeys need a safe connection (https, or localhost) to a server with a name.' : '';
  try {
    const { passkeys: list } = await call('GET', '/api/auth/passkey/list');
    body.replaceChildren(list.length === 0
      ? h('p', { class: 'ag-hint' }, add.disabled ? 'None. Passkeys need a safe connection (https, or localhost) to a server with a name.' : 'None yet.')
      : h('ul', { class: 'ag-list' }, list.map(row)));
  } catch (problem) {
    body.replaceChildren(h('p', { class: 'ag-error', role: 'alert' }, explain(problem)));
  }
  card.removeAttribute('aria-busy');
}

const row = (passkey) => h('li', { 'data-passkey-id': passkey.id },
  h('div', {},
    h('b', {}, passkey.name),
    h('small', {}, 'Added ', when(passkey.created_at), '; used ', when(passkey.last_used_at), passkey.backed_up ? '; synchronised with its account' : '; on one device')),
  h('div', { class: 'ag-actions' },
    h('button', { type: 'button', class: 'ag-button ag-button-small', 'aria-label': `Rename ${passkey.name}`, onclick: () => rename(passkey) }, 'Rename'),
    h('button', { type: 'button', class: 'ag-button ag-button-small ag-button-danger', 'aria-label': `Delete ${passkey.name}`, onclick: () => remove(passkey) }, 'Delete')));

async function rename(passkey) {
  const name = await ask('Rename the passkey', passkey.name, (value) => call('PATCH', `/api/auth/passkey/${encodeURIComponent(passkey.id)}`, { name: value }));
  if (name !== undefined) await showPasskeys();
}

async function remove(passkey) {
  if (!await confirm('Delete the passkey', `"${passkey.name}" signs nobody in any more. Delete it on the device as well.`, 'Delete')) return;
  try {
    await call('DELETE', `/api/auth/passkey/${encodeURIComponent(passkey.id)}`);
    say(`The passkey "${passkey.name}" is deleted.`);
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    say(explain(problem));
  }
  await showPasskeys();
}

const ask = (title, value, act) => open(title, (close) => {
  const form = h('form', { class: 'ag-form' },
    h('p', { class: 'ag-notice ag-notice-bad', role: 'alert', 'data-form-error': true }),
    field('Name', 'name', { value, maxlength: 64, autofocus: true, autocomplete: 'off' }, 'So that you know it again, for example "Laptop" or "Key in the safe".'),
    h('div', { class: 'ag-actions ag-actions-end' },
      act ? h('button', { type: 'button', class: 'ag-button', onclick: () => close() }, 'Cancel') : null,
      h('button', { type: 'submit', class: 'ag-button ag-button-primary' }, 'Save')));
  wire(form, async (values) => {
    await act?.(values.name);
    close(values.name);
  });
  return form;
});

function suggested(credential) {
  const platform = navigator.userAgentData?.platform || (/Mac|Windows|Linux|Android|iPhone|iPad/.exec(navigator.userAgent) ?? ['device'])[0];
  return credential.authenticatorAttachment === 'cross-platform' ? 'Security key or phone' : `This ${platform} device`;
}
