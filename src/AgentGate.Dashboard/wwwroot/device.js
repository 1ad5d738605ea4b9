// Approves or turns away a device (RFC 8628 §3.3). A code in the address fills the field and decides nothing.
import { call } from './api.js';
import { byId, h } from './dom.js';
import { busy, fault, wire } from './forms.js';

const form = byId('device-form');
const found = document.querySelector('[data-found]');
const given = new URLSearchParams(location.search).get('user_code');
if (given && /^[\w-]{1,16}$/.test(given)) form.elements.user_code.value = given;

wire(form, async ({ user_code }) => {
  const code = user_code.trim().toUpperCase();
  const waiting = await call('GET', `/api/auth/device/status/${encodeURIComponent(code)}`);
  if (!waiting.valid || waiting.status !== 'pending') {
    fault(form, 'user_code', 'No device waits under this code. It may have expired: begin again on the device.');
    return;
  }
  form.hidden = true;
  found.hidden = false;
  const decide = h('form', { class: 'ag-form' },
    h('p', { class: 'ag-notice ag-notice-warn' }, 'Approve only what you have begun yourself, just now. Somebody who sends you a code wants to act in your name.'),
    h('p', { class: 'ag-notice ag-notice-bad', role: 'alert', 'data-form-error': true }),
    h('ul', { class: 'ag-list' },
      line('Calls itself', waiting.client_id ?? 'nothing'),
      line('Asks from', waiting.address ?? 'an unknown address'),
      line('Wants', waiting.scopes?.join(', ') ?? 'all that you may do'),
      line('Code', code)),
    h('div', { class: 'ag-actions' },
      h('button', { type: 'submit', class: 'ag-button ag-button-primary' }, 'Approve'),
      h('button', {
        type: 'button',
        class: 'ag-button ag-button-danger',
        onclick: (event) => busy(decide, event.currentTarget, async () => {
          await call('POST', '/api/auth/device/deny', { user_code: code });
          done('ag-notice', 'The device is turned away.');
        }),
      }, 'Turn away')));
  wire(decide, async () => {
    await call('POST', '/api/auth/device/authorize', { user_code: code });
    done('ag-notice ag-notice-good', 'The device is signed in as you. Go back to it; your sessions list it under Account.');
  });
  found.replaceChildren(decide);
  decide.querySelector('button').focus();
});

const line = (label, value) => h('li', {}, h('div', {}, h('small', {}, label), h('b', {}, value)));

const done = (kind, text) => found.replaceChildren(h('p', { class: kind, role: 'status' }, text));
