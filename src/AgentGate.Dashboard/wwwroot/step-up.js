// Proving oneself again, where the server asks for it before something dangerous (RFC 9470).
import { me, send, Problem } from './api.js';
import { sendSolving } from './captcha.js';
import { field, h, open } from './dom.js';
import { explain, fault, wire } from './forms.js';
import * as passkeys from './passkeys.js';

let asking;

// Whether a fresh proof was given. Asked twice at once, one dialog answers both.
export const prove = () => asking ??= ask().finally(() => { asking = undefined; });

async function ask() {
  const { user } = await me();
  const current = await send('GET', '/api/auth/mfa/status').catch(() => ({ enabled: user.totp_enabled }));
  const away = current.enabled ? [] : await providers();
  const answer = await open('Prove that it is you', (close) => {
    const form = h('form', { class: 'ag-form', 'data-step-up': true });
    const kinds = current.enabled
      ? [['totp_code', 'Code of your authenticator', { inputmode: 'numeric', autocomplete: 'one-time-code', maxlength: 8, class: 'ag-input ag-code-input', autofocus: true }],
        ['backup_code', 'Backup code', { autocomplete: 'off', maxlength: 16, class: 'ag-input ag-code-input', autofocus: true }]]
      : [['password', 'Password', { type: 'password', autocomplete: 'current-password', maxlength: 1024, autofocus: true }]];
    let kind = 0;
    const place = h('div');
    const progress = h('p', { class: 'ag-hint', role: 'status', 'data-progress': true });
    const shown = () => place.replaceChildren(field(kinds[kind][1], kinds[kind][0], kinds[kind][2]));
    shown();

    const byPasskey = async (event) => {
      const button = event.currentTarget;
      button.setAttribute('aria-busy', 'true');
      try {
        const { options, challenge_id } = await send('POST', '/api/auth/step-up/passkey-start', {});
        const credential = await passkeys.get(options);
        await send('POST', '/api/auth/step-up', { credential, challenge_id });
        close(true);
      } catch (failure) {
        fault(form, null, failure instanceof Problem ? explain(failure) : passkeys.reason(failure));
      } finally {
        button.removeAttribute('aria-busy');
      }
    };

    form.append(...[
      h('p', {}, 'This can do damage, so the server wants a proof that is not older than ten minutes.'),
      h('p', { class: 'ag-notice ag-notice-bad', role: 'alert', 'data-form-error': true }),
      place,
      progress,
      kinds.length > 1 ? h('button', {
        type: 'button',
        class: 'ag-link',
        onclick: (event) => {
          kind = 1 - kind;
          shown();
          event.currentTarget.textContent = kind === 0 ? 'Use a backup code' : 'Use the authenticator';
          place.querySelector('input').focus();
        },
      }, 'Use a backup code') : null,
      h('div', { class: 'ag-actions ag-actions-end' },
        ...away.map((provider) => h('a', { class: 'ag-button', href: provider.href }, `Prove it at ${provider.name}`)),
        passkeys.possible() ? h('button', { type: 'button', class: 'ag-button', onclick: byPasskey }, 'Use a passkey') : null,
        h('span', { class: 'ag-grow' }),
        h('button', { type: 'button', class: 'ag-button', onclick: () => close() }, 'Cancel'),
        h('button', { type: 'submit', class: 'ag-button ag-button-primary' }, 'Go on')),
    ].filter(Boolean));
    wire(form, async (values) => {
      const name = kinds[kind][0];
      try {
        await sendSolving(send, '/api/auth/step-up', { [name]: values[name] }, (text) => { progress.textContent = text; });
        close(true);
      } catch (problem) {
        if (!(problem instanceof Problem)) throw problem;
        fault(form, problem.field && form.elements[problem.field] ? problem.field : name, explain(problem));
      }
    });
    return form;
  });
  return answer === true;
}

// Who signs in through a provider proves itself there, and comes back to this page.
async function providers() {
  const answer = await send('GET', '/api/auth/providers').catch(() => ({ providers: [] }));
  return answer.providers.filter((provider) => provider.sign_in_url).map((provider) => {
    const to = new URL(provider.sign_in_url, location.origin);
    to.searchParams.set('step_up', 'true');
    to.searchParams.set('return_url', location.pathname);
    return { name: provider.name, href: to.href };
  }).filter((provider) => new URL(provider.href).origin === location.origin);
}
