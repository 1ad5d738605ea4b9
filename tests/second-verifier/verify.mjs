#!/usr/bin/env node
// Verifies certificates of AgentGate from docs/formats alone: no package, no code of the server.
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { FormatError, parseJson } from './json.mjs';
import { readKeys } from './keys.mjs';
import { parseWitnessKey } from './note.mjs';
import { milliseconds } from './shape.mjs';
import { publicKey } from './signatures.mjs';
import { verify } from './steps.mjs';

const USAGE = `usage: node verify.mjs certificate.json [--bundle proof.json] [--keys keys.json] [--at TIME] [--witness-policy FILE]
       node verify.mjs --batch < cases.jsonl

Re-executes the decision and checks every proof of the bundle; prints one line for each step.
TIME is as in certificates: 2026-01-31T09:30:00.000Z. FILE is {"quorum": N, "witnesses": ["name+id+key", ...]}.
Exit status: 0 valid, 1 not valid, 2 could not begin. With --batch each line is {"id", "certificate"?, "bundle"?, "keys"?, "at"?,
"witnesses"?}, where the documents are strings with the bytes of the files, and the answer to each is {"id", "valid", "failed"}.`;

const MAX_BYTES = 16 * 1024 * 1024;

/** What could not be begun. */
class Unusable extends Error {}

/** Reads the documents of one case; what is no JSON is judged by the step `format`, a key set without use by `keys`. */
function read({ certificate, bundle, keys, at, witnesses }) {
  const documents = { certificate: null, bundle: null, unreadable: null, keys: new Map(), keysProblem: null, at: null, witnesses: null };
  for (const [name, bytes] of [['certificate', certificate], ['bundle', bundle]]) {
    if (bytes === undefined) {
      continue;
    }
    try {
      if (Buffer.byteLength(bytes) > MAX_BYTES) {
        throw new FormatError('a document has at most 16 MiB');
      }
      documents[name] = parseJson(bytes);
    } catch (error) {
      if (!(error instanceof FormatError)) {
        throw error;
      }
      documents.unreadable ??= `${name}: ${error.message}`;
    }
  }
  if (keys !== undefined) {
    try {
      documents.keys = readKeys(keys);
    } catch (error) {
      if (!(error instanceof FormatError)) {
        throw error;
      }
      documents.keysProblem = `the key set is unusable: ${error.message}`;
    }
  }
  if (at !== undefined) {
    documents.at = milliseconds(at);
    if (documents.at === null) {
      throw new Unusable(`${at} is no time`);
    }
  }
  documents.witnesses = witnesses === undefined ? null : readWitnesses(witnesses);
  return documents;
}

function readWitnesses(bytes) {
  try {
    const node = parseJson(bytes);
    const quorum = node.get('quorum')?.value;
    const keys = node.get('witnesses').map((text) => parseWitnessKey(text, publicKey));
    if (!Number.isInteger(quorum) || quorum < 1 || quorum > keys.length || new Set(keys.map((each) => each.name)).size !== keys.length
      || new Set(keys.map((each) => each.key.raw.toString('hex'))).size !== keys.length) {
      throw new FormatError('the quorum is from 1 to the number of different witnesses');
    }
    return { quorum, keys };
  } catch (error) {
    throw error instanceof FormatError || error instanceof TypeError ? new Unusable(`the witness policy is unusable: ${error.message}`) : error;
  }
}

async function batch(input, output) {
  for await (const line of createInterface({ input })) {
    if (line === '') {
      continue;
    }
    const given = JSON.parse(line);
    // Bytes that are not UTF-8 cannot stand in a JSON line: they come in base64.
    for (const name of ['certificate', 'bundle', 'keys']) {
      if (given[`${name}_base64`] !== undefined) {
        given[name] = Buffer.from(given[`${name}_base64`], 'base64');
      }
    }
    const { isValid, steps } = verify(read(given));
    output.write(`${JSON.stringify({ id: given.id, valid: isValid, failed: steps.filter((step) => step.state === 'failed').map((step) => step.name) })}\n`);
  }
}

function open(path) {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new Unusable(`${path} cannot be read: ${error.code}`);
  }
}

function single(args) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { bundle: { type: 'string' }, keys: { type: 'string' }, at: { type: 'string' }, 'witness-policy': { type: 'string' }, 'allow-erased': { type: 'boolean' } },
  });
  if (positionals.length !== 1) {
    throw new Unusable('name one certificate');
  }
  const file = (path) => (path === undefined ? undefined : open(path));
  const { isValid, isErased, steps } = verify(read({
    certificate: open(positionals[0]),
    bundle: file(values.bundle),
    keys: file(values.keys),
    at: values.at,
    witnesses: file(values['witness-policy']),
  }));
  for (const { name, state, note } of steps) {
    console.log(`${state === 'failed' ? 'FAIL' : state} ${name}${note === '' ? '' : `: ${note}`}`);
  }
  const reExecuted = steps.find((step) => step.name === 'theorem').state === 'ok';
  const limits = values.bundle === undefined ? ', without a bundle: neither re-executed nor found in the log'
    : isErased ? ', erased: not re-executed' : reExecuted ? '' : ', nothing to re-execute';
  console.log(isValid ? `valid${limits}` : 'NOT VALID');
  return !isValid ? 1 : isErased && !values['allow-erased'] ? 3 : 0;
}

async function main(args) {
  try {
    if (args.length === 0 || args.includes('--help')) {
      console.log(USAGE);
      return args.length === 0 ? 2 : 0;
    }
    if (args.length === 1 && args[0] === '--batch') {
      await batch(process.stdin, process.stdout);
      return 0;
    }
    return single(args);
  } catch (error) {
    if (error instanceof Unusable || error.code?.startsWith('ERR_PARSE_ARGS')) {
      console.error(`verify: ${error.message}`);
      return 2;
    }
    throw error;
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  process.exitCode = await main(process.argv.slice(2));
}
