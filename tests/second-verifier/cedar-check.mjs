#!/usr/bin/env node
// Compares the evaluator with answers on file. Each line of the standard input is {"id", "policies", "entities", "requests"}: a policy
// set, entities and requests (principal, action, resource, context; decision, reason, errors) in Cedar's JSON formats.
import { createInterface } from 'node:readline';
import { authorize, compilePolicy, readEntities, readEntityUid, readRecord } from './cedar.mjs';
import { parseJson } from './json.mjs';

/** The corpus nests policies and values deeper than certificates may. */
const MAX_DEPTH = 4096;

const same = (found, expected) => JSON.stringify([...found].sort()) === JSON.stringify([...expected].sort());

let requests = 0;
const wrong = [];
for await (const line of createInterface({ input: process.stdin })) {
  const test = parseJson(line, MAX_DEPTH);
  const policies = [...test.get('policies').get('staticPolicies')].map(([id, policy]) => compilePolicy(id, policy));
  const entities = readEntities(test.get('entities'));
  for (const request of test.get('requests')) {
    requests++;
    const [principal, action, resource] = ['principal', 'action', 'resource'].map((name) => readEntityUid(request.get(name)));
    const answer = authorize(policies, { principal, action, resource, context: readRecord(request.get('context')), entities });
    if (answer.decision !== request.get('decision') || !same(answer.reason, request.get('reason')) || !same(answer.errors, request.get('errors'))) {
      wrong.push(`${test.get('id')}: ${answer.decision} ${answer.reason} errors ${answer.errors}`);
    }
  }
}
for (const each of wrong.slice(0, 20)) {
  console.log(each);
}
console.log(`${requests} requests, ${wrong.length} disagreements`);
process.exitCode = wrong.length > 0 || requests === 0 ? 1 : 0;
