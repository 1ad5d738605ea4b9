// The entry of the log: docs/formats/log.md, version 2.
import { parseCanonical } from './canonical.mjs';
import { FormatError } from './json.mjs';
import { boolean, count, exactly, listOf, oneOf, record, text, time } from './shape.mjs';

const isTrue = (node, at) => {
  if (boolean(node, at) !== true) {
    throw new FormatError(`${at}: only true can stand here`);
  }
  return true;
};
const positive = (node, at) => {
  if (count(node, at) === 0) {
    throw new FormatError(`${at}: zero is left out`);
  }
  return count(node, at);
};
const some = (shape) => listOf(shape, 1);
const entity = record({ type: text, id: text });

const shape = record({
  version: exactly(2),
  seq: positive,
  key_id: text,
  id: text,
  kind: oneOf('denied', 'held', 'intent', 'outcome', 'approval', 'admin', 'unauthenticated', 'evaluation', 'vote'),
  at: time,
  tenant: text,
}, {
  call_id: text,
  parent_call_id: text,
  door: text,
  principal: text,
  action: text,
  resource: entity,
  also_required: some(record({ action: text, resource: entity })),
  decision: oneOf('allow', 'deny', 'hold'),
  code: text,
  verdicts: some(record({ guard: text, answer: text, elapsed_us: count }, {
    code: text,
    findings: some(record({ rule: text, count }, { address: text, note: text })),
    shadow: isTrue,
    failed_open: isTrue,
  })),
  content_digest: text,
  raw_binding: text,
  transport_digest: text,
  response_digest: text,
  targets: some(record({ provider: text, name: text }, { region: text })),
  unread: some(text),
  outcome: oneOf('completed', 'failed', 'blocked', 'cancelled', 'unknown'),
  usage: record({ input_tokens: count, output_tokens: count }, {
    cached_input_tokens: positive,
    cache_write_tokens: positive,
    cache_write_long_tokens: positive,
    reasoning_tokens: positive,
    cost_nano_usd: count,
    estimated: isTrue,
  }),
  budgets: some(record({ rule: text, subject: text, window: time, nano_usd: count })),
  durability: text,
  count,
  detail: text,
  decision_id: text,
  certificate_hash: text,
  statement: text,
});

/** Reads an entry from its canonical bytes. */
export const readEntry = (json) => shape(parseCanonical(json), 'entry');
