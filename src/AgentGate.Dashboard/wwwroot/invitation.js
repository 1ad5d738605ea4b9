// Accepts an invitation: a user of one's own, with a password that nobody else has seen.
import { send } from './api.js';
import { byId } from './dom.js';
import { fault, passwordRules, wire } from './forms.js';

const form = byId('invitation-form');
const progress = (text) => { form.querySelector('[data-progress]').textContent = text; };

// The token stands behind the #, which no server and no log sees.
const token = new URLSearchParams(location.hash.slice(1)).get('token');

if (token) {
  const fits = passwordRules(form, form.elements.password, () => form.elements.email.value);
  wire(form, async (values) => {
    if (!fits()) {
      fault(form, 'password', 'The password does not meet the rules below it.');
      return;
    }
    progress('Making your account …');
    try {
      await send('POST', '/api/auth/register', { invitation: token, name: values.name, email: values.email, password: values.password });
      progress('Signing in …');
      await send('POST', '/api/auth/login', { email: values.email, password: values.password, cookie: true });
      location.assign('/');
    } finally {
      progress('');
    }
  });
  form.hidden = false;
  form.elements.email.focus();
} else {
  document.querySelector('[data-page-error]').textContent = 'This link is not whole. Open the invitation link exactly as you got it, or ask for another.';
  document.querySelector('[data-step-hint]').textContent = '';
}
