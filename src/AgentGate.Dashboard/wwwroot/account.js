// One's own account: who one is, and the password. The other parts have modules of their own.
import { call, me } from './api.js';
import { byId, say } from './dom.js';
import { sendSolving } from './captcha.js';
import { explain, fault, passwordRules, wire } from './forms.js';
import { showAuthenticator } from './account-authenticator.js';
import { showPasskeys } from './account-passkeys.js';
import { showSessions } from './account-sessions.js';

const who = document.querySelector('[data-who]');
const warning = document.querySelector('[data-warning]');
const form = byId('password-form');
const progress = (text) => { form.querySelector('[data-progress]').textContent = text; };
let user = { email: '' };

const fits = passwordRules(form, form.elements.new_password, () => user.email);

wire(form, async (values) => {
  if (!fits()) {
    fault(form, 'new_password', 'The password does not meet the rules below it.');
    return;
  }
  progress('Changing the password …');
  try {
    await sendSolving(call, '/api/auth/password', { current_password: values.current_password, new_password: values.new_password }, progress);
    form.reset();
    form.dispatchEvent(new Event('input'));
    warning.hidden = true;
    say('The password is changed. Every other session has ended.');
    if (mustChange) location.assign('/');
    else await showSessions();
  } finally {
    progress('');
  }
});

let mustChange = false;

try {
  const answer = await me();
  user = answer.user;
  mustChange = answer.must_change_password;
  form.querySelector('[data-username]').value = user.email;
  who.textContent = `${user.name}, ${user.email}; role ${user.role}; this session is ${answer.session_assurance} (${answer.auth_methods.join(', ')}).`;
  if (mustChange) {
    warning.textContent = 'Somebody else set your password. Choose one of your own before you do anything else.';
    warning.hidden = false;
    for (const id of ['authenticator', 'passkeys', 'sessions']) byId(id).hidden = true;
    form.elements.current_password.focus();
  } else {
    await Promise.all([showAuthenticator(), showPasskeys(), showSessions()]);
  }
} catch (problem) {
  who.textContent = explain(problem);
}
