// Solves the server's captcha: work in a thread of its own, so that the page stays usable.
import { send, Problem } from './api.js';

// Sends something; where the server asks for a captcha it is solved, and it is sent once more.
export async function sendSolving(how, path, body, progress) {
  try {
    return await how('POST', path, body);
  } catch (problem) {
    if (problem.error !== 'captcha_required') throw problem;
    return how('POST', path, { ...body, captcha_token: await solve(progress) });
  }
}

async function solve(progress) {
  const task = await send('GET', '/api/auth/captcha');
  if (task.provider === 'hcaptcha') return widget(task.site_key, progress);
  if (task.provider !== 'proof-of-work') throw new Problem(0, { detail: `This page does not know the captcha "${task.provider}". Load it again.` });
  progress('Checking that you are no program: a few seconds of work for this device …');
  const worker = new Worker(new URL('./captcha-worker.js', import.meta.url));
  try {
    return await new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => {
        if (data.answer) resolve(data.answer);
        else progress(`Checking that you are no program: ${data.tried.toLocaleString('en')} tries …`);
      };
      worker.onerror = () => reject(new Problem(0, { detail: 'The captcha could not be solved in this browser.' }));
      worker.postMessage({ challenge: task.challenge, difficulty: task.difficulty });
    });
  } finally {
    worker.terminate();
    progress('');
  }
}

// The operator chose a third party's.
async function widget(siteKey, progress) {
  progress('Solve the captcha below.');
  if (!window.hcaptcha) {
    await new Promise((resolve, reject) => {
      const script = document.createElement('script');
      script.src = 'https://js.hcaptcha.com/1/api.js?render=explicit';
      script.onload = resolve;
      script.onerror = () => reject(new Problem(0, { detail: 'The captcha could not be loaded. A blocker may be in the way.' }));
      document.head.append(script);
    });
  }
  const place = document.createElement('div');
  (document.querySelector('dialog[open] form') ?? document.querySelector('form:not([hidden])')).append(place);
  try {
    return await new Promise((resolve, reject) => window.hcaptcha.render(place, {
      sitekey: siteKey,
      callback: resolve,
      'error-callback': () => reject(new Problem(0, { detail: 'The captcha failed. Try again.' })),
    }));
  } finally {
    place.remove();
    progress('');
  }
}
