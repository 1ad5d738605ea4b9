// The official Cedar engine, answering one JSON line with one JSON line until its standard input ends.
//
// in   { id, policies, schema?, validate?, toJson?: [text], entities, requests: [{ principal, action, resource, context }] }
// out  { id, parse: null | message, schema: null | message, validation: null | { ok, ids, inapplicable }, json: [policy | null],
//        answers: [{ decision, reason, errors } | { failure }] }
// in   { id, accept: [[kind, text]] }
// out  { id, accepted: [null | message] }
// in   { id, bench: { policies, requests: [{ ..., entities }], milliseconds } }
// out  { id, allowed, p50: nanoseconds, count, heap: bytes a request in JavaScript }

import { createInterface } from 'node:readline';
import { createRequire } from 'node:module';

const cedar = createRequire(import.meta.url)('@cedar-policy/cedar-wasm/nodejs');
const told = answer => answer.errors.map(error => error.message).join('; ');

function prepare(message, out) {
  if (message.schema !== undefined && message.schema !== null) {
    const schema = cedar.preparseSchema('schema', message.schema);
    if (schema.type !== 'success') {
      out.schema = told(schema);
      return false;
    }
  }

  const parsed = cedar.preparsePolicySet('policies', message.policies);
  if (parsed.type !== 'success') {
    out.parse = told(parsed);
    return false;
  }

  return true;
}

function ask(message, request) {
  const withSchema = message.schema !== undefined && message.schema !== null;
  const answer = cedar.statefulIsAuthorized({
    principal: request.principal,
    action: request.action,
    resource: request.resource,
    context: request.context,
    entities: message.entities,
    preparsedPolicySetId: 'policies',
    ...(withSchema ? { preparsedSchemaName: 'schema', validateRequest: true } : {}),
  });
  return answer.type === 'success'
    ? {
        decision: answer.response.decision,
        reason: answer.response.diagnostics.reason,
        errors: answer.response.diagnostics.errors.map(error => error.policyId),
        messages: message.explain ? answer.response.diagnostics.errors.map(error => error.error.message) : undefined,
      }
    : { failure: told(answer) };
}

function answer(message) {
  const out = { id: message.id, parse: null, schema: null, validation: null, json: [], answers: [] };
  if (message.toJson) {
    out.json = message.toJson.map(([kind, text]) => {
      const json = kind === 'template' ? cedar.templateToJson(text) : cedar.policyToJson(text);
      return json.type === 'success' ? json.json : null;
    });
  }

  if (!prepare(message, out)) {
    return out;
  }

  if (message.validate) {
    const verdict = cedar.validate({ schema: message.schema, policies: message.policies });
    out.validation = verdict.type === 'success'
      ? {
          ok: verdict.validationErrors.length === 0,
          ids: verdict.validationErrors.map(error => error.policyId),
          inapplicable: verdict.validationWarnings
            .filter(warning => warning.error.message.includes('unable to find an applicable action'))
            .map(warning => warning.policyId),
          messages: verdict.validationErrors.map(error => `${error.policyId}: ${error.error.message}`),
        }
      : { ok: false, ids: [], inapplicable: [], messages: [told(verdict)] };
  }

  out.answers = message.requests.map(request => ask(message, request));
  return out;
}

function parse(kind, text) {
  switch (kind) {
    case 'Policies': return cedar.policySetTextToParts(text);
    case 'Schema': return cedar.checkParseSchema(text);
    case 'SchemaJson': return cedar.checkParseSchema(JSON.parse(text));
    case 'PolicyJson': return cedar.checkParsePolicySet(JSON.parse(text));
    case 'EntitiesJson': return cedar.checkParseEntities({ entities: JSON.parse(text) });
    default: return cedar.checkParseContext({ context: JSON.parse(text) });
  }
}

// Whether texts are accepted by the parser of their kind: null, or why not. What the binding itself refuses is thrown.
function accept(message) {
  return {
    id: message.id,
    accepted: message.accept.map(([kind, text]) => {
      try {
        const answer = parse(kind, text);
        return answer.type === 'success' ? null : told(answer) || 'refused';
      } catch (error) {
        return String(error);
      }
    }),
  };
}

// How long one answer takes, the policies parsed before; and what it leaves on the heap of JavaScript.
function bench(message) {
  const { policies, requests, milliseconds } = message.bench;
  const out = { id: message.id };
  if (!prepare({ policies }, out)) {
    throw new Error(out.parse);
  }

  let allowed = 0;
  for (const request of requests) {
    allowed += ask(request, request).decision === 'allow' ? 1 : 0;
  }

  const times = [];
  const end = performance.now() + milliseconds;
  for (let i = 0; ; i++) {
    const request = requests[i % requests.length];
    const began = performance.now();
    ask(request, request);
    const ended = performance.now();
    times.push((ended - began) * 1e6);
    if (ended > end && times.length >= 20) {
      break;
    }
  }

  // Few enough that nothing is collected meanwhile.
  const measured = 20;
  globalThis.gc();
  const before = process.memoryUsage().heapUsed;
  for (let i = 0; i < measured; i++) {
    ask(requests[i % requests.length], requests[i % requests.length]);
  }

  const heap = (process.memoryUsage().heapUsed - before) / measured;
  const warm = times.slice(times.length >> 2).sort((a, b) => a - b);
  return { id: message.id, allowed, p50: warm[warm.length >> 1], count: warm.length, heap: Math.round(heap) };
}

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  const message = JSON.parse(line);
  let out;
  try {
    out = message.bench ? bench(message) : message.accept ? accept(message) : answer(message);
  } catch (error) {
    out = { id: message.id, crash: String(error?.stack ?? error) };
  }

  process.stdout.write(JSON.stringify(out) + '\n');
}
