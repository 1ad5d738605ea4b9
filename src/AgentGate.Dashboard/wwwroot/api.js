// The one way to the server: its REST API, with the cookie of the sign-in and the token that only its own pages know.
export class Problem extends Error {
  constructor(status, body, retryAfter) {
    super(body.detail ?? `The server answered ${status}.`);
    Object.assign(this, { status, code: body.code, field: body.field, error: body.error, errors: body.errors, retryAfter });
  }
}

let csrf;
let known;

// Who is signed in, asked once.
export function me() {
  return known ??= call('GET', '/api/auth/me').then((answer) => {
    csrf = answer.csrf_token;
    return answer;
  });
}

// Calls the API of a page of somebody who is signed in. Where the server wants a fresh proof it is asked for, and the call repeated.
export async function call(method, path, body) {
  if (method !== 'GET' && !csrf) await me();
  try {
    return await send(method, path, body);
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    if (problem.stepUp) {
      const { prove } = await import('./step-up.js');
      if (!await prove()) throw new Problem(0, { detail: 'Nothing was changed: you did not prove yourself again.', code: 'cancelled' });
      return send(method, path, body);
    }
    if (problem.status === 401 && !problem.field && /^Bearer/.test(problem.challenge ?? '') && path !== '/api/auth/step-up') {
      location.assign(`/sign-in?return=${encodeURIComponent(location.pathname + location.search)}`);
      return new Promise(() => {});
    }
    throw problem;
  }
}

// Calls the API without being signed in.
export async function send(method, path, body) {
  const headers = { accept: 'application/json' };
  if (body !== undefined) headers['content-type'] = 'application/json';
  if (csrf && method !== 'GET') headers['x-agentgate-csrf'] = csrf;
  let response;
  try {
    response = await fetch(path, { method, headers, credentials: 'same-origin', body: body === undefined ? undefined : JSON.stringify(body) });
  } catch {
    throw new Problem(0, { detail: 'The server could not be reached. Try again.' });
  }

  const text = await response.text();
  let answer = {};
  try {
    answer = text ? JSON.parse(text) : {};
  } catch {
    answer = { detail: `The server answered ${response.status} and no JSON.` };
  }

  if (answer.csrf_token) csrf = answer.csrf_token;
  if (response.ok) return answer;
  const problem = new Problem(response.status, answer, Number(response.headers.get('retry-after')) || undefined);
  problem.challenge = response.headers.get('www-authenticate') ?? '';
  problem.stepUp = problem.challenge.includes('insufficient_user_authentication');
  throw problem;
}
