// The second factor: an authenticator app and its backup codes, each shown once.
import { call, Problem } from './api.js';
import { byId, copy, field, h, open, say, secret } from './dom.js';
import { explain, wire } from './forms.js';

const card = byId('authenticator');
const body = card.querySelector('[data-body]');
const actions = card.querySelector('[data-actions]');

const button = (label, act, danger) => h('button', {
  type: 'button',
  class: `ag-button${danger ? ' ag-button-danger' : ''}`,
  onclick: async (event) => {
    const pressed = event.currentTarget;
    pressed.setAttribute('aria-busy', 'true');
    try {
      await act();
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      if (problem.code !== 'cancelled') say(explain(problem));
    } finally {
      pressed.removeAttribute('aria-busy');
    }
  },
}, label);

export async function showAuthenticator() {
  try {
    const status = await call('GET', '/api/auth/mfa/status');
    const left = status.backup_codes_remaining;
    actions.replaceChildren(...(status.enabled
      ? [button('New backup codes', replaceCodes), button('Turn off', turnOff, true)]
      : [button('Set up', setUp)]));
    body.replaceChildren(h('p', { class: 'ag-hint' },
      status.enabled
        ? h('span', {}, h('span', { class: 'ag-badge ag-badge-good' }, 'On'), ` ${left} of 10 backup codes left.${left < 3 ? ' Make new ones before they run out.' : ''}`)
        : h('span', {}, h('span', { class: 'ag-badge' }, 'Off'), ' The password alone signs you in.')));
  } catch (problem) {
    body.replaceChildren(h('p', { class: 'ag-error', role: 'alert' }, explain(problem)));
  }
  card.removeAttribute('aria-busy');
}

async function setUp() {
  const begun = await call('POST', '/api/auth/enable-2fa');
  const canvas = h('canvas', { class: 'ag-qr', role: 'img', 'aria-label': 'QR code of the secret below' });
  await draw(begun.qr_code, canvas);
  const verified = await open('Set up an authenticator app', (close) => {
    const form = h('form', { class: 'ag-form' },
      h('div', { class: 'ag-enrol' },
        canvas,
        h('div', { class: 'ag-form' },
          h('p', {}, 'Scan the code with your authenticator app, or type the secret into it.'),
          secret(begun.secret, 'secret'))),
      h('p', { class: 'ag-notice ag-notice-bad', role: 'alert', 'data-form-error': true }),
      field('Code the app shows', 'code', { inputmode: 'numeric', autocomplete: 'one-time-code', maxlength: 8, class: 'ag-input ag-code-input', autofocus: true }, 'Six digits. Nothing is turned on before it is right.'),
      h('div', { class: 'ag-actions ag-actions-end' },
        h('button', { type: 'button', class: 'ag-button', onclick: () => close() }, 'Cancel'),
        h('button', { type: 'submit', class: 'ag-button ag-button-primary' }, 'Turn on')));
    wire(form, async (values) => {
      await call('POST', '/api/auth/verify-2fa', { code: values.code });
      close(true);
    });
    return form;
  }, { wide: true });
  if (verified) await showCodes(begun.backup_codes);
  await showAuthenticator();
}

async function replaceCodes() {
  const codes = await withPassword('New backup codes', 'The ones you have are good no more.', 'Make new codes', '/api/auth/regenerate-backup-codes');
  if (codes) await showCodes(codes.backup_codes);
  await showAuthenticator();
}

async function turnOff() {
  if (await withPassword('Turn the authenticator off', 'From then on the password alone signs you in, and the backup codes go with it.', 'Turn off', '/api/auth/disable-2fa', true)) {
    say('The authenticator is off.');
  }
  await showAuthenticator();
}

const withPassword = (title, text, act, path, danger) => open(title, (close) => {
  const form = h('form', { class: 'ag-form' },
    h('p', {}, text),
    h('p', { class: 'ag-notice ag-notice-bad', role: 'alert', 'data-form-error': true }),
    field('Password', 'password', { type: 'password', autocomplete: 'current-password', maxlength: 1024, autofocus: true }),
    h('div', { class: 'ag-actions ag-actions-end' },
      h('button', { type: 'button', class: 'ag-button', onclick: () => close() }, 'Cancel'),
      h('button', { type: 'submit', class: `ag-button ${danger ? 'ag-button-danger' : 'ag-button-primary'}` }, act)));
  wire(form, async (values) => close(await call('POST', path, { password: values.password })));
  return form;
});

const showCodes = (codes) => open('Your backup codes', (close) => {
  const text = `${codes.join('\n')}\n`;
  return h('div', { class: 'ag-form' },
    h('p', {}, 'Each signs you in once when the authenticator is not at hand. They are shown this once: keep them where the phone is not.'),
    h('ul', { class: 'ag-codes', 'data-backup-codes': true }, codes.map((code) => h('li', {}, code))),
    h('div', { class: 'ag-actions' },
      h('button', { type: 'button', class: 'ag-button', onclick: (event) => copy(text, event.currentTarget) }, 'Copy'),
      h('button', { type: 'button', class: 'ag-button', onclick: () => download(text) }, 'Download'),
      h('span', { class: 'ag-grow' }),
      h('button', { type: 'button', class: 'ag-button ag-button-primary', onclick: () => close() }, 'I have kept them')));
}, { keep: true });

function download(text) {
  const address = URL.createObjectURL(new Blob([`AgentGate backup codes for ${location.host}\n\n${text}`], { type: 'text/plain' }));
  h('a', { href: address, download: 'agentgate-backup-codes.txt' }).click();
  URL.revokeObjectURL(address);
}

// The image comes as a data URI; drawn and not linked, so that the page's policy stays without data: images.
async function draw(uri, canvas) {
  const bytes = Uint8Array.from(atob(uri.slice(uri.indexOf(',') + 1)), (letter) => letter.charCodeAt(0));
  const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
  canvas.width = bitmap.width;
  canvas.height = bitmap.height;
  canvas.getContext('2d').drawImage(bitmap, 0, 0);
}
