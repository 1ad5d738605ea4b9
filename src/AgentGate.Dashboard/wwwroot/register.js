// Joins: by an invitation, or freely where the operator allows it. A user of one's own, with a password that nobody else has seen.
import { send } from './api.js';
import { byId } from './dom.js';
import { fault, passwordRules, wire } from './forms.js';
import { sendSolving } from './captcha.js';

const form = byId('register-form');
const progress = (text) => { form.querySelector('[data-progress]').textContent = text; };
const place = new URL(location.href);
const invitation = place.searchParams.get('invitation') ?? new URLSearchParams(place.hash.slice(1)).get('invitation');

// The secret stays in this page: neither in the history nor in what a later request says it comes from.
if (invitation) history.replaceState(null, '', place.pathname);

const fits = passwordRules(form, form.elements.password, () => form.elements.email.value);
wire(form, async (values) => {
  if (!fits()) {
    fault(form, 'password', 'The password does not meet the rules below it.');
    return;
  }
  progress('Making your account …');
  try {
    const body = { name: values.name, email: values.email, password: values.password };
    if (invitation) body.invitation = invitation;
    await sendSolving(send, '/api/auth/register', body, progress);
    progress('Signing in …');
    try {
      await sendSolving(send, '/api/auth/login', { email: values.email, password: values.password, cookie: true }, progress);
    } catch (problem) {
      // Without an invitation the server says the same whoever has the address.
      if (invitation || problem.status !== 401) throw problem;
      fault(form, 'email', 'You could not be signed in. If you have an account already, sign in with its password.');
      return;
    }
    location.assign('/');
  } finally {
    progress('');
  }
});

const open = invitation || (await send('GET', '/api/auth/providers').catch(() => ({}))).registration_allowed;
if (open) {
  if (!invitation) document.querySelector('[data-step-hint]').textContent = 'Make an account of your own. An admin may give you more than looking later.';
  form.hidden = false;
  form.elements.email.focus();
} else {
  document.querySelector('[data-page-error]').textContent = 'This link is not whole. Open the invitation link exactly as you got it, or ask for another.';
  document.querySelector('[data-step-hint]').textContent = '';
}
