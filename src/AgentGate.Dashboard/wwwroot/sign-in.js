// Signing in: password, then the code of the second factor where there is one; a passkey; or a provider.
import { send, Problem } from './api.js';
import { byId, h } from './dom.js';
import { explain, fault, wire } from './forms.js';
import { sendSolving } from './captcha.js';
import * as passkeys from './passkeys.js';

const password = byId('password-form');

// From another site's link a browser does not send the cookie at first; asked again from here it does, and who is signed in goes on.
const again = `agentgate:asked:${location.search}`;
const isFromElsewhere = password && location.search.includes('return=') && !document.referrer.startsWith(location.origin) && !sessionStorage.getItem(again);
if (isFromElsewhere) {
  sessionStorage.setItem(again, 'true');
  location.replace(location.href);
}

if (password && !isFromElsewhere) {
  const code = byId('code-form');
  const back = password.dataset.return;
  const waiting = new AbortController();
  let credentials;

  const progress = (form) => (text) => { form.querySelector('[data-progress]').textContent = text; };
  const pageError = (text) => { document.querySelector('[data-page-error]').textContent = text; };
  const hint = (text) => { document.querySelector('[data-step-hint]').textContent = text; };

  const done = (answer) => location.assign(answer.must_change_password ? '/account?change=password#password' : back);

  const login = (form, more) => sendSolving(send, '/api/auth/login', { ...credentials, ...more, cookie: true }, progress(form));

  const show = (step) => {
    password.hidden = step !== 'password';
    code.hidden = step !== 'code';
    document.querySelector('[data-others]').hidden = step !== 'password' || !others;
    document.querySelector('[data-foot]').hidden = step !== 'password';
    hint(step === 'code' ? `As ${credentials.email}: the second factor.` : '');
    pageError('');
    (step === 'code' ? code.elements.totp_code : password.elements.email).focus();
  };

  let others = false;

  wire(password, async (values) => {
    pageError('');
    credentials = { email: values.email, password: values.password };
    const answer = await login(password, {});
    waiting.abort();
    if (answer.mfa_required) show('code'); else done(answer);
  });

  const kind = (name) => {
    for (const part of code.querySelectorAll('[data-kind]')) {
      part.hidden = part.dataset.kind !== name;
      part.querySelector('input').disabled = part.hidden;
    }
    code.querySelector('[data-switch]').textContent = name === 'totp' ? 'Use a backup code' : 'Use the authenticator';
    code.dataset.kindNow = name;
  };
  kind('totp');
  code.querySelector('[data-switch]').addEventListener('click', () => {
    kind(code.dataset.kindNow === 'totp' ? 'backup' : 'totp');
    code.querySelector('[data-kind]:not([hidden]) input').focus();
  });
  code.querySelector('[data-back]').addEventListener('click', () => {
    credentials = undefined;
    password.reset();
    code.reset();
    show('password');
  });
  wire(code, async (values) => {
    try {
      done(await login(code, code.dataset.kindNow === 'totp' ? { totp_code: values.totp_code } : { backup_code: values.backup_code }));
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      fault(code, code.dataset.kindNow === 'totp' ? 'totp_code' : 'backup_code', explain(problem));
    }
  });

  const byPasskey = async (more) => {
    const { options, challenge_id } = await send('POST', '/api/auth/passkey/login-start', {});
    const credential = await passkeys.get(options, more);
    done(await send('POST', '/api/auth/passkey/login-finish', { credential, challenge_id, cookie: true }));
  };

  const button = document.querySelector('[data-passkey]');
  button.addEventListener('click', async () => {
    // Only one request for a passkey at a time: the one that waits in the address field ends first.
    waiting.abort();
    pageError('');
    button.setAttribute('aria-busy', 'true');
    try {
      await byPasskey({});
    } catch (failure) {
      pageError(failure instanceof Problem ? explain(failure) : passkeys.reason(failure));
    } finally {
      button.removeAttribute('aria-busy');
    }
  });

  const begin = async () => {
    let providers;
    try {
      providers = await send('GET', '/api/auth/providers');
    } catch (problem) {
      pageError(explain(problem));
      return;
    }

    const away = providers.providers.filter((provider) => provider.sign_in_url);
    document.querySelector('[data-providers]').append(...away.map((provider) => {
      const to = new URL(provider.sign_in_url, location.origin);
      if (to.origin === location.origin) to.searchParams.set('return_url', back);
      return h('a', { class: 'ag-button ag-button-wide', href: to.href }, `Sign in with ${provider.title ?? provider.name}`);
    }));
    const local = providers.local_password_auth_allowed;
    button.hidden = !local || !passkeys.possible();
    others = away.length > 0 || !button.hidden;
    document.querySelector('.ag-or').hidden = !local;
    show('password');
    password.hidden = !local;

    // A fixed sentence: what a link says is shown nowhere.
    const problem = new URLSearchParams(location.search).get('problem');
    if (problem) pageError(/^AG\d{4}$/.test(problem) ? `The provider did not sign you in (${problem}). Try again, or ask an admin.` : 'You were not signed in. Try again.');

    if (local && await passkeys.conditional()) {
      try {
        await byPasskey({ mediation: 'conditional', signal: waiting.signal });
      } catch (failure) {
        // Nobody asked for it; who cancels it or has none signs in otherwise.
        if (failure instanceof Problem && failure.status === 401) pageError(explain(failure));
      }
    }
  };
  begin();
}
