// Forms: what is wrong stands at its field, a button that works says so, and nothing is sent twice.
import { Problem } from './api.js';

export function clear(form) {
  for (const place of form.querySelectorAll('[data-error-of]')) place.textContent = '';
  for (const input of form.querySelectorAll('[aria-invalid]')) input.removeAttribute('aria-invalid');
  const whole = form.querySelector('[data-form-error]');
  if (whole) whole.textContent = '';
}

// Shows what is wrong with a field, or with the whole where no field has it.
export function fault(form, name, text) {
  const input = name ? form.elements[name] : null;
  const place = name ? form.querySelector(`[data-error-of="${CSS.escape(name)}"]`) : null;
  if (place && input) {
    place.textContent = text;
    const first = input instanceof RadioNodeList ? input[0] : input;
    first.setAttribute('aria-invalid', 'true');
    first.focus();
  } else {
    const whole = form.querySelector('[data-form-error]');
    whole.textContent = text;
  }
}

export function explain(problem) {
  const wait = problem.retryAfter ? ` Try again in ${problem.retryAfter < 90 ? `${problem.retryAfter} s` : `${Math.ceil(problem.retryAfter / 60)} min`}.` : '';
  return problem.message + wait;
}

// Wires a form: checks what is required, marks the button busy, shows what the server refuses.
export function wire(form, act) {
  form.noValidate = true;
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (form.dataset.busy) return;
    clear(form);
    const missing = [...form.elements].filter((input) => input.willValidate && !input.validity.valid && input.name);
    for (const input of missing.reverse()) fault(form, input.name, message(input));
    if (missing.length > 0) return;
    await busy(form, event.submitter ?? form.querySelector('[type=submit]'), () => act(Object.fromEntries(new FormData(form)), event.submitter));
  });
}

// Runs something long: the button turns, the form waits.
export async function busy(form, button, work) {
  form.dataset.busy = 'true';
  button?.setAttribute('aria-busy', 'true');
  try {
    return await work();
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    fault(form, problem.field, explain(problem));
    return undefined;
  } finally {
    delete form.dataset.busy;
    button?.removeAttribute('aria-busy');
  }
}

function message(input) {
  if (input.validity.valueMissing) return input.dataset.missing ?? 'Fill this in.';
  if (input.validity.typeMismatch && input.type === 'email') return 'An e-mail address looks like name@example.org.';
  if (input.validity.patternMismatch) return input.dataset.pattern ?? input.title;
  return input.validationMessage;
}

// The rules of a new password, told while it is typed. The server has the last word: it also knows the common ones.
export function passwordRules(form, input, email) {
  const list = form.querySelector('[data-password-rules]');
  const rules = {
    length: (text) => [...text.normalize('NFKC')].length >= Number(list.dataset.length),
    distinct: (text) => new Set(text.toLowerCase()).size >= 5,
    email: (text) => {
      const address = (email() ?? '').trim().toLowerCase();
      const local = address.split('@')[0];
      const folded = text.toLowerCase();
      return !(address && folded.includes(address)) && !(local.length >= 4 && folded.includes(local));
    },
  };
  const check = () => {
    for (const line of list.querySelectorAll('[data-rule]')) {
      const met = input.value.length > 0 && rules[line.dataset.rule](input.value);
      if (input.value.length === 0) delete line.dataset.met; else line.dataset.met = String(met);
    }
  };
  input.addEventListener('input', check);
  form.addEventListener('input', check);
  return () => Object.values(rules).every((rule) => rule(input.value));
}
