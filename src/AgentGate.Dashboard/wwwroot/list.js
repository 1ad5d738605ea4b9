// What lists have in common: what is asked for stands in the address, so that each view can be linked and the way back works.
import { explain } from './forms.js';
import { h } from './dom.js';

// Keeps a form of filters and the address alike; asks again when either changes.
export function filters(form, load) {
  const read = () => {
    const asked = new URLSearchParams(location.search);
    for (const input of form.elements) {
      if (!input.name) continue;
      if (input.type === 'checkbox') input.checked = asked.get(input.name) === input.value;
      else input.value = asked.get(input.name) ?? (input.tagName === 'SELECT' ? input.options[0].value : '');
      // A value of the address that is not offered.
      if (input.tagName === 'SELECT' && input.selectedIndex < 0) input.selectedIndex = 0;
    }
  };
  const write = (replace) => {
    const asked = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      const input = form.elements[name];
      if (value !== '' && !(input.tagName === 'SELECT' && input.selectedIndex === 0)) asked.set(name, value);
    }
    const address = `${location.pathname}${asked.size > 0 ? `?${asked}` : ''}`;
    if (address !== location.pathname + location.search) history[replace ? 'replaceState' : 'pushState'](null, '', address);
  };
  let wait;
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    write(false);
    load();
  });
  form.addEventListener('change', () => {
    write(false);
    load();
  });
  form.addEventListener('input', (event) => {
    if (event.target.type !== 'search') return;
    clearTimeout(wait);
    wait = setTimeout(() => {
      write(true);
      load();
    }, 250);
  });
  addEventListener('popstate', () => {
    read();
    load();
  });
  read();
}

// Fills the place of a table; the answer that comes late does not overwrite a later one.
export function filler(place) {
  let turn = 0;
  return async (ask, show) => {
    const mine = ++turn;
    place.setAttribute('aria-busy', 'true');
    try {
      const answer = await ask();
      if (mine === turn) place.replaceChildren(show(answer));
    } catch (problem) {
      if (mine === turn) place.replaceChildren(h('div', { class: 'ag-none', role: 'alert' }, h('p', { class: 'ag-error' }, explain(problem))));
    } finally {
      if (mine === turn) place.removeAttribute('aria-busy');
    }
  };
}

export const table = (caption, heads, rows) => h('table', { class: 'ag-table' },
  h('caption', { class: 'ag-hidden' }, caption),
  h('thead', {}, h('tr', {}, heads.map((head) => {
    const [text, kind] = [head].flat();
    return h('th', { scope: 'col', class: kind }, text || h('span', { class: 'ag-hidden' }, 'Actions'));
  }))),
  h('tbody', {}, rows));

export const none = (text) => h('div', { class: 'ag-none' }, h('p', {}, text));
