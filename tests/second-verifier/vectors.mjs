#!/usr/bin/env node
// Runs public test vectors through the parts of the second verifier: canonical JSON, Merkle proofs, signatures.
// usage: node vectors.mjs [folder with jcs, merkle, wycheproof]
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalBytes } from './canonical.mjs';
import { parseJson } from './json.mjs';
import { isConsistent, isIncluded } from './merkle.mjs';
import { publicKey } from './signatures.mjs';

const root = process.argv[2] ?? join(import.meta.dirname, '../../../shared/vectors');
const tally = new Map();

function count(suite, isRight, what) {
  const found = tally.get(suite) ?? { passed: 0, failed: 0 };
  tally.set(suite, found);
  found[isRight ? 'passed' : 'failed']++;
  if (!isRight) {
    console.log(`FAIL ${suite}: ${what}`);
  }
}

const files = (folder) => (existsSync(folder)
  ? readdirSync(folder, { withFileTypes: true, recursive: true }).filter((each) => each.isFile()).map((each) => join(each.parentPath ?? each.path, each.name))
  : []);
const json = (path) => JSON.parse(readFileSync(path, 'utf8'));
const bytes = (text) => Buffer.from(text ?? '', 'base64');
const list = (texts) => (texts ?? []).map(bytes);

for (const path of files(join(root, 'jcs/input'))) {
  const expected = readFileSync(path.replace(/input([\\/][^\\/]+)$/, 'output$1'), 'utf8').trimEnd();
  count('jcs', canonicalBytes(parseJson(readFileSync(path))).toString() === expected, path);
}

for (const path of files(join(root, 'merkle/inclusion'))) {
  const { leafIdx = 0, treeSize = 0, leafHash, proof, root: hash, wantErr } = json(path);
  count('merkle inclusion', isIncluded(leafIdx, treeSize, bytes(leafHash), list(proof), bytes(hash)) === !wantErr, path);
}

for (const path of files(join(root, 'merkle/consistency'))) {
  const { size1 = 0, size2 = 0, root1, root2, proof, wantErr } = json(path);
  count('merkle consistency', isConsistent(size1, size2, bytes(root1), bytes(root2), list(proof)) === !wantErr, path);
}

for (const [name, algorithm, check] of [
  ['ed25519', 'Ed25519', 'verify'],
  ['ecdsa_secp256r1_sha256_p1363', 'ES256', 'verify'],
  ['ecdsa_secp256r1_sha256', 'ES256', 'verifyDer'],
]) {
  const path = join(root, `wycheproof/${name}_test.json`);
  for (const group of existsSync(path) ? json(path).testGroups : []) {
    const key = publicKey(algorithm, Buffer.from(group.publicKey.pk ?? group.publicKey.uncompressed, 'hex'));
    for (const { tcId, comment, msg, sig, result } of group.tests) {
      const isValid = key?.[check](Buffer.from(msg, 'hex'), Buffer.from(sig, 'hex')) ?? false;
      count(name, result === 'acceptable' || isValid === (result === 'valid'), `${tcId} ${comment}`);
    }
  }
}

let failed = 0;
for (const [suite, found] of tally) {
  console.log(`${suite}: ${found.passed} passed, ${found.failed} failed`);
  failed += found.failed;
}
if (tally.size === 0) {
  console.error(`vectors: no vectors in ${root}`);
}
process.exitCode = tally.size === 0 ? 2 : failed > 0 ? 1 : 0;
