// Makes elements. What comes from the server becomes text, never markup.
export function h(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name === 'class') element.className = value;
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export const byId = (id) => document.getElementById(id);

let toast;

// Says something in passing; a screen reader reads it when it has time.
export function say(text) {
  toast ??= document.body.appendChild(h('div', { class: 'ag-toast', role: 'status' }));
  toast.textContent = text;
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => { toast.textContent = ''; }, 5000);
}

const dateTime = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const date = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const units = [['day', 86400], ['hour', 3600], ['minute', 60]];

// A time as people say it, with the exact one for who points at it.
export function when(text, none = 'never') {
  if (!text) return h('span', { class: 'ag-gone' }, none);
  const at = new Date(text);
  const seconds = (at - Date.now()) / 1000;
  const [unit, length] = units.find(([, each]) => Math.abs(seconds) >= each) ?? ['second', 0];
  const said = Math.abs(seconds) > 30 * 86400 ? date.format(at) : length === 0 ? 'just now' : relative.format(Math.round(seconds / length), unit);
  return h('time', { datetime: at.toISOString(), title: dateTime.format(at) }, said);
}

// A dialog that is gone when it is closed. The answer is what was closed with, or undefined.
export function open(title, body, { wide = false, keep = false } = {}) {
  const id = `dialog-${Math.random().toString(36).slice(2)}`;
  const dialog = h('dialog', { class: `ag-dialog${wide ? ' ag-dialog-wide' : ''}`, 'aria-labelledby': id });
  let answer;
  const close = (value) => {
    answer = value;
    dialog.close();
  };
  dialog.append(h('div', { class: 'ag-form' }, h('h2', { id }, title), body(close)));
  // What is shown once is not lost by one key.
  if (keep) dialog.addEventListener('cancel', (event) => event.preventDefault());
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(answer);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

// Asks before something that cannot be taken back.
export function confirm(title, text, act) {
  return open(title, (close) => h('form', { method: 'dialog', class: 'ag-form', onsubmit: (event) => { event.preventDefault(); close(true); } },
    h('p', {}, text),
    h('div', { class: 'ag-actions ag-actions-end' },
      h('button', { type: 'button', class: 'ag-button', autofocus: true, onclick: () => close() }, 'Cancel'),
      h('button', { type: 'submit', class: 'ag-button ag-button-danger' }, act))));
}

// A secret that is shown once, with a button that copies it.
export function secret(text, label) {
  return h('div', { class: 'ag-secret' },
    h('code', { 'aria-label': label, 'data-secret': true }, text),
    h('button', { type: 'button', class: 'ag-button ag-button-small', 'aria-label': `Copy ${label}`, onclick: (event) => copy(text, event.currentTarget) }, 'Copy'));
}

export async function copy(text, button) {
  const before = button.textContent;
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = 'Copied';
  } catch {
    button.textContent = 'Select and copy it by hand';
  }
  setTimeout(() => { button.textContent = before; }, 2500);
}

let fields = 0;

// A labelled field with its hint and the place of its error, like those the server renders.
export function field(label, name, attributes = {}, hint = '') {
  const id = `${name}-${++fields}`;
  const { options, value, optional, ...rest } = attributes;
  const bound = { id, name, class: 'ag-input', 'aria-describedby': `${id}-hint ${id}-error`, required: !optional, ...rest };
  const input = options
    ? h('select', bound, options.map(([key, text]) => h('option', { value: key, selected: key === value }, text)))
    : h('input', { ...bound, value });
  return h('div', { class: 'ag-field' },
    h('label', { for: id }, label, optional ? h('span', { class: 'ag-optional' }, ' optional') : null),
    input,
    h('p', { class: 'ag-hint', id: `${id}-hint` }, hint),
    h('p', { class: 'ag-error', id: `${id}-error`, 'data-error-of': name }));
}
