// The first run: makes the first user, shows the first key once, signs in.
import { send } from './api.js';
import { byId, h, secret } from './dom.js';
import { explain, fault, passwordRules, wire } from './forms.js';

const form = byId('setup-form');
const progress = (text) => { form.querySelector('[data-progress]').textContent = text; };
const fits = passwordRules(form, form.elements.password, () => form.elements.email.value);

wire(form, async (values) => {
  if (!fits()) {
    fault(form, 'password', 'The password does not meet the rules below it.');
    return;
  }
  progress('Making the first user …');
  try {
    const body = { name: values.name, email: values.email, password: values.password, create_api_key: values.create_api_key === 'true' };
    if (values.setup_code) body.setup_code = values.setup_code;
    const made = await send('POST', '/api/setup/complete', body);
    progress('Signing in …');
    await send('POST', '/api/auth/login', { email: values.email, password: values.password, cookie: true });
    if (!made.api_key) {
      location.assign(values.create_api_key === 'true' ? '/keys' : '/');
      return;
    }
    form.hidden = true;
    form.reset();
    const done = byId('setup-done');
    done.querySelector('[data-key]').append(
      h('p', {}, h('b', {}, 'Your first API key. '), 'It is shown this once and kept nowhere.'),
      secret(made.api_key, 'API key'),
      h('p', { class: 'ag-hint' }, made.credentials_file_hint));
    done.hidden = false;
    done.querySelector('[data-go]').focus();
  } catch (problem) {
    if (problem.field === 'setup_code') form.querySelector('[data-code]').hidden = false;
    throw problem;
  } finally {
    progress('');
  }
});

const status = await send('GET', '/api/setup/status').catch((problem) => ({ problem }));
const code = form.querySelector('[data-code]');
code.hidden = !status.code_required;
code.querySelector('input').required = Boolean(status.code_required);
form.hidden = false;
form.elements.name.focus();
if (status.problem) fault(form, null, explain(status.problem));
