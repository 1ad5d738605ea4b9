// Users: list, invite, change, deactivate. What the server would refuse is not offered; it decides all the same.
import { call, me, Problem } from './api.js';
import { byId, confirm, field, h, open, say, secret, when } from './dom.js';
import { explain, wire } from './forms.js';
import { filler, filters, none, table } from './list.js';

const size = 50;
const card = byId('users');
const form = card.querySelector('form');
const pager = card.querySelector('[data-pager]');
const fill = filler(card.querySelector('[data-table]'));
const names = Object.fromEntries([...form.elements.role.options].filter((option) => option.value).map((option) => [option.value, option.text]));
const invitations = byId('invitations');
let self = { user: {}, scopes: [] };

const may = (scope) => self.scopes.includes(scope);
const rolesOffered = (current) => {
  const offered = (form.elements.every_role.checked ? card.dataset.all : card.dataset.everyday).split(' ');
  return [...new Set([...offered, current].filter(Boolean))].map((role) => [role, names[role] ?? role]);
};

function load() {
  // The switch narrows the filter as well, but never hides the role that is asked for.
  const everyday = card.dataset.everyday.split(' ');
  for (const option of form.elements.role.options) {
    option.hidden = Boolean(option.value) && !form.elements.every_role.checked && !everyday.includes(option.value) && option.value !== form.elements.role.value;
  }
  const asked = new URLSearchParams({ limit: String(size), offset: String(offset()) });
  for (const name of ['search', 'role', 'is_active']) if (form.elements[name].value.trim()) asked.set(name, form.elements[name].value.trim());
  return fill(() => call('GET', `/api/users?${asked}`), (page) => {
    pages(page);
    return page.users.length === 0
      ? none('Nobody fits these filters.')
      : table('Users', ['Name', 'Role', 'State', ['Second factor', 'ag-optional-column'], ['Last signed in', 'ag-optional-column'], ''], page.users.map(row));
  });
}

const offset = () => Math.max(0, Number.parseInt(new URLSearchParams(location.search).get('offset') ?? '0', 10) || 0);

function pages({ total, offset: from, users }) {
  pager.hidden = total <= size;
  const link = (to, text) => {
    const asked = new URLSearchParams(location.search);
    asked.set('offset', String(to));
    return h('a', { href: `?${asked}` }, text);
  };
  pager.replaceChildren(...[`${from + 1} to ${from + users.length} of ${total}`, from > 0 ? link(Math.max(0, from - size), 'Back') : null, from + size < total ? link(from + size, 'On') : null].filter(Boolean));
}

const row = (user) => {
  const changes = may('user:update') && user.source !== 'development';
  return h('tr', { 'data-user-id': user.id },
    h('th', { scope: 'row' }, user.name, user.id === self.user.id ? ' (you)' : '', h('small', {}, user.email)),
    h('td', { class: 'ag-tight' }, names[user.role] ?? user.role),
    h('td', { class: 'ag-tight' }, user.is_active
      ? h('span', { class: 'ag-badge ag-badge-good' }, user.must_change_password ? 'new password due' : 'active')
      : h('span', { class: 'ag-badge ag-badge-bad' }, 'deactivated')),
    h('td', { class: 'ag-tight ag-optional-column' }, user.totp_enabled ? 'Authenticator' : h('span', { class: 'ag-gone' }, 'none')),
    h('td', { class: 'ag-tight ag-optional-column' }, when(user.last_login)),
    h('td', { class: 'ag-actions-cell' }, changes
      ? h('button', { type: 'button', class: 'ag-button ag-button-small', 'aria-label': `Change ${user.name}`, onclick: () => change(user) }, 'Change')
      : null));
};

async function change(user) {
  const self_ = user.id === self.user.id;
  const done = await open(user.name, (close) => {
    const body = h('form', { class: 'ag-form' },
      h('p', { class: 'ag-hint' }, user.email),
      h('p', { class: 'ag-notice ag-notice-bad', role: 'alert', 'data-form-error': true }),
      field('Name', 'name', { value: user.name, maxlength: 100, autocomplete: 'off' }),
      field('Role', 'role', { options: rolesOffered(user.role), value: user.role, disabled: self_, autofocus: !self_ }, self_ ? 'Nobody changes their own role.' : 'A new role ends the sessions of who gets it.'),
      self_ ? null : h('div', { class: 'ag-actions' },
        h('button', { type: 'button', class: 'ag-button', onclick: () => close('reset') }, 'Reset password'),
        h('button', { type: 'button', class: 'ag-button', onclick: () => close('sessions') }, 'End sessions'),
        user.is_active
          ? h('button', { type: 'button', class: 'ag-button ag-button-danger', onclick: () => close('deactivate') }, 'Deactivate')
          : h('button', { type: 'button', class: 'ag-button', onclick: () => close('activate') }, 'Activate')),
      h('div', { class: 'ag-actions ag-actions-end' },
        h('button', { type: 'button', class: 'ag-button', onclick: () => close() }, 'Cancel'),
        h('button', { type: 'submit', class: 'ag-button ag-button-primary' }, 'Save')));
    wire(body, async (values) => {
      const patch = {};
      if (values.name !== user.name) patch.name = values.name;
      if (values.role && values.role !== user.role) patch.role = values.role;
      if (Object.keys(patch).length > 0) {
        await call('PATCH', path(user), patch);
        say(`${values.name} is changed.`);
      }
      close('saved');
    });
    return body;
  });
  await attempt(async () => {
    if (done === 'reset') await reset(user);
    if (done === 'sessions') await endSessions(user);
    if (done === 'deactivate') await deactivate(user);
    if (done === 'activate') {
      await call('PATCH', path(user), { is_active: true });
      say(`${user.name} may sign in again.`);
    }
  });
  if (done) await load();
}

const path = (user) => `/api/users/${encodeURIComponent(user.id)}`;

async function deactivate(user) {
  if (!await confirm(`Deactivate ${user.name}`, 'Sessions and keys end at once. What was done stays on record, and the account can be activated again.', 'Deactivate')) return;
  await (may('user:delete') ? call('DELETE', path(user)) : call('PATCH', path(user), { is_active: false }));
  say(`${user.name} is deactivated.`);
}

async function endSessions(user) {
  if (!await confirm(`End all sessions of ${user.name}`, 'Every browser and program signed in as this user is signed out at once.', 'End sessions')) return;
  await call('POST', `/api/auth/admin/revoke-user-sessions/${encodeURIComponent(user.id)}`);
  say(`The sessions of ${user.name} have ended.`);
}

async function reset(user) {
  if (!await confirm(`Reset the password of ${user.name}`, 'A new one is made and shown to you once. It has to be changed at the next sign-in, and every session ends now.', 'Reset')) return;
  const password = temporary();
  await call('PATCH', path(user), { password });
  await once('The new password', `Give it to ${user.name} on a way that nobody else reads. It is shown this once.`, password, 'password');
}

// Five groups of four letters and digits, without those that look alike: a hundred bits.
function temporary() {
  const letters = 'abcdefghjkmnpqrstuvwxyz23456789x';
  return [...crypto.getRandomValues(new Uint8Array(20))].map((byte, index) => (index % 4 === 0 && index > 0 ? '-' : '') + letters[byte & 31]).join('');
}

const once = (title, text, value, label) => open(title, (close) => h('div', { class: 'ag-form' },
  h('p', {}, text),
  secret(value, label),
  h('div', { class: 'ag-actions ag-actions-end' }, h('button', { type: 'button', class: 'ag-button ag-button-primary', onclick: () => close() }, 'I have passed it on'))), { wide: true, keep: true });

document.querySelector('[data-invite]')?.addEventListener('click', () => attempt(async () => {
  const made = await open('Invite somebody', (close) => {
    const body = h('form', { class: 'ag-form' },
      h('p', { class: 'ag-notice ag-notice-bad', role: 'alert', 'data-form-error': true }),
      field('E-mail', 'email', { type: 'email', maxlength: 254, autocomplete: 'off', autofocus: true, spellcheck: 'false' }, 'The invitation is good for this address alone.'),
      field('Role', 'role', { options: rolesOffered().filter(([role]) => role !== 'admin'), value: 'viewer' }, 'What the new user may do. Nobody is invited to be an admin; change the role afterwards.'),
      h('div', { class: 'ag-actions ag-actions-end' },
        h('button', { type: 'button', class: 'ag-button', onclick: () => close() }, 'Cancel'),
        h('button', { type: 'submit', class: 'ag-button ag-button-primary' }, 'Make invitation')));
    wire(body, async (values) => close({ ...await call('POST', '/api/invitations', { email: values.email, role: values.role }), email: values.email }));
    return body;
  });
  if (!made) return;
  // Behind the #, which no server and no log on the way sees.
  const link = `${location.origin}/register#invitation=${encodeURIComponent(made.invitation)}`;
  await once('The invitation', `Send this link to ${made.email}. It works once, until ${new Date(made.expires_at).toLocaleString()}, and is shown this once. You may write: “${made.message}”`, link, 'invitation link');
  await loadInvitations();
}));

async function loadInvitations() {
  if (!invitations) return;
  const { invitations: list } = await call('GET', '/api/invitations');
  invitations.hidden = list.length === 0;
  invitations.querySelector('[data-table]').replaceChildren(table('Open invitations', ['E-mail', 'Role', ['Expires', 'ag-optional-column'], ''], list.map((invitation) => h('tr', {},
    h('th', { scope: 'row' }, invitation.email ?? 'whoever has the link'),
    h('td', { class: 'ag-tight' }, names[invitation.role] ?? invitation.role),
    h('td', { class: 'ag-tight ag-optional-column' }, when(invitation.expires_at)),
    h('td', { class: 'ag-actions-cell' }, h('button', {
      type: 'button',
      class: 'ag-button ag-button-small ag-button-danger',
      'aria-label': `Withdraw the invitation of ${invitation.email ?? 'whoever has the link'}`,
      onclick: () => attempt(async () => {
        await call('DELETE', `/api/invitations/${encodeURIComponent(invitation.id)}`);
        say('The invitation is withdrawn.');
        await loadInvitations();
      }),
    }, 'Withdraw'))))));
}

async function attempt(act) {
  try {
    await act();
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    if (problem.code !== 'cancelled') say(explain(problem));
  }
}

filters(form, load);
self = await me().catch(() => self);
await Promise.all([load(), attempt(loadInvitations)]);
