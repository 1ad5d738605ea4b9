// The steps of a verification, in the order and with the names of docs/formats/bundle.md.
import { FormatError } from './json.mjs';
import { canonicalBytes, canonicalText, hashOf, sha256, without } from './canonical.mjs';
import { fromHex } from './base64.mjs';
import { PREDICATES, readBundle, readCertificate } from './documents.mjs';
import { readEntry } from './entry.mjs';
import { isIncluded, leafHash, rootFromInclusion } from './merkle.mjs';
import { isCosignedBy, isSignedBy, parseCheckpoint, parseNote } from './note.mjs';
import { RAW, milliseconds } from './shape.mjs';
import { THEOREM_HASH, areQuestionsAbout, evaluate, policySetHash, toNode } from './theorem.mjs';

export const STEPS = [
  'format', 'keys', 'signature', 'window', 'evidence', 'facts', 'theorem', 'decision', 'votes', 'entry', 'inclusion', 'checkpoint', 'witnesses',
];

/** What a step throws that fails. */
class Failure extends Error {}

/** What a step throws that cannot be carried out because nothing was given to check. */
class Skipped extends Error {}

function demand(condition, what) {
  if (!condition) {
    throw new Failure(what);
  }
}

const skip = (why) => {
  throw new Skipped(why);
};

const hexes = (path) => path.map((each) => fromHex(each, 32));

/** The key of an id, if it has the role. */
function keyOf(keys, id, role) {
  const found = keys.get(id);
  return found?.roles.includes(role) ? found : null;
}

function signed(domain, node, signature, key) {
  const message = Buffer.concat([Buffer.from(`agentgate/${domain}/v1\n`), canonicalBytes(without(node, 'key_id', 'signature'))]);
  return key.key.verify(message, signature);
}

// ---- certificate --------------------------------------------------------------------------------------------------

function checkKeys({ certificate, keys, keysProblem }) {
  const key = keyOf(keys, certificate.key_id, 'certificates');
  demand(key !== null, keysProblem ?? 'no known key for certificates has the id that the certificate names');
  demand(certificate.signature.key_id === certificate.key_id, 'the signature names another key than the certificate');
  demand(key.key.algorithm === certificate.signature.alg, 'the key has another algorithm than the signature');
}

function checkSignature({ certificate, keys, body }) {
  const { key_id, batch_size, index, path, value, alg } = certificate.signature;
  const key = certificate.key_id === key_id ? keyOf(keys, key_id, 'certificates') : null;
  demand(key !== null && key.key.algorithm === alg, 'there is no key to check it with');
  const root = rootFromInclusion(index, batch_size, leafHash(body), hexes(path));
  demand(root !== null, 'the path does not fit the place in the batch');
  const size = Buffer.alloc(8);
  size.writeBigUInt64BE(BigInt(batch_size));
  demand(key.key.verify(Buffer.concat([Buffer.from('agentgate/certificate-batch/v1\n'), size, root]), value), 'the signature over the batch does not verify');
}

function checkWindow({ certificate, at }) {
  const [from, to] = [milliseconds(certificate.created_at), milliseconds(certificate.not_after)];
  demand(from < to, 'it ends before it begins');
  if (at !== null) {
    demand(from <= at && at <= to, `${new Date(at).toISOString()} is outside ${certificate.created_at} to ${certificate.not_after}`);
  }
  return `${certificate.created_at} to ${certificate.not_after}`;
}

function checkDecision({ certificate }) {
  const { predicates, failed_predicates: failed, unsat_core: core, counterexample } = certificate.proof_payload;
  const { result, proof_type: type, decision, mode, stage } = certificate;
  const values = predicates.map((each) => each.value);
  const isEvaluated = values[0] !== 'notEvaluated';
  demand(values.slice(0, 5).every((value) => (value !== 'notEvaluated') === isEvaluated), 'the first five predicates are evaluated together');
  demand((values[5] !== 'notEvaluated') === (isEvaluated && certificate.content_digest !== undefined), 'ContextBound is evaluated where the others are and there is a digest, and not elsewhere');
  demand((certificate.alpha_hash !== undefined) === isEvaluated, 'the hashes of the evidence are there exactly where it was evaluated');
  demand(certificate.theorem_hash === THEOREM_HASH, 'the theorem is another');

  const failing = PREDICATES.filter((_, index) => values[index] === 'fails');
  const isHoney = counterexample?.honey_token !== undefined;
  const same = (list, expected) => (expected === null ? list === undefined : list !== undefined && list.join() === expected.join());
  const matched = predicates[3].witness?.get('matched');
  demand(!(isHoney && isEvaluated), 'a call that touched a honey token ends before the theorem is asked');
  demand(same(failed, failing.length > 0 ? failing : null), 'the failed predicates are others');
  demand(result === (failing.length > 0 || isHoney ? 'INADMISSIBLE' : isEvaluated ? 'ADMISSIBLE' : 'NOT_EVALUATED'), 'the result does not follow from the predicates');
  const expected = result === 'ADMISSIBLE' ? 'CONSTRUCTIVE_TRACE' : result === 'NOT_EVALUATED' ? 'NONE' : isHoney || values[3] === 'fails' ? 'COUNTEREXAMPLE' : 'UNSAT_CORE';
  demand(type === expected, 'the type of proof does not follow from the predicates');
  demand(same(core, type === 'UNSAT_CORE' ? failing : null), 'the core is not the failed predicates');
  if (counterexample !== undefined && !isHoney) {
    demand(matched !== undefined && canonicalText(matched) === canonicalText(counterexample[RAW]), 'the counterexample is not what matched');
  }

  demand((certificate.code !== undefined) === (decision !== 'allow'), 'a code belongs to a denial or hold');
  demand(stage !== 'response' || certificate.request_decision_id !== undefined, 'the decision on the request is not named');
  demand(mode !== 'enforced' || result !== 'INADMISSIBLE' || decision !== 'allow', 'what is inadmissible was allowed');
  demand(mode !== 'enforced' || stage !== 'request' || decision !== 'allow' || values.every((value) => value === 'holds'), 'it was allowed although the theorem does not hold');
}

// ---- evidence -----------------------------------------------------------------------------------------------------

/** Ends a step of the evidence where there is none, rightly or not. */
function requireEvidence({ certificate, bundle }) {
  if (certificate.alpha_hash === undefined) {
    skip('nothing was evaluated');
  }
  if (bundle.erased) {
    skip('the evidence was erased');
  }
  demand(bundle.alpha && bundle.gamma && bundle.settings && bundle.policies, 'the bundle lacks the evidence');
}

const knownGrants = ({ bundle }) => new Map((bundle.grants ?? []).filter((each) => each.grant).map((each) => [each.grant.id, each.grant]));

function checkEvidence(input) {
  const { certificate, bundle } = input;
  const { alpha, gamma, settings, policies } = bundle;
  if (certificate.alpha_hash === undefined) {
    demand(!(alpha || gamma || settings || policies || bundle.grants || bundle.revocations), 'there is evidence for what was not evaluated');
  }
  if (bundle.erased) {
    demand(!(alpha || bundle.grants || bundle.revocations || bundle.votes?.length), 'the evidence is said to be erased, and is there');
    demand(!gamma || hashOf(gamma[RAW]) === certificate.gamma_hash, 'Γ has another hash');
    demand(!settings || hashOf(settings[RAW]) === gamma?.settings_hash, 'the settings have another hash');
    demand(!policies || policySetHash(policies) === certificate.policy_set_hash, 'the policies have another hash');
  }
  requireEvidence(input);
  demand(hashOf(alpha[RAW]) === certificate.alpha_hash, 'α has another hash');
  demand(hashOf(gamma[RAW]) === certificate.gamma_hash, 'Γ has another hash');
  demand(hashOf(settings[RAW]) === gamma.settings_hash, 'the settings have another hash');
  const hash = policySetHash(policies);
  demand(hash === certificate.policy_set_hash && hash === gamma.policy_set_hash, 'the policies have another hash');
  demand(certificate.theorem_hash === THEOREM_HASH, 'the theorem is another');
  demand(alpha.call_id === certificate.call_id && alpha.tenant === certificate.tenant && gamma.tenant === certificate.tenant, 'call or tenant differ');
  demand(alpha.nonce === certificate.nonce && alpha.content_digest === certificate.content_digest, 'nonce or content digest differ');
  demand(areQuestionsAbout(alpha, knownGrants(input)), 'the questions are not about α');
}

/** Whether a fact is a leaf of a fact tree. */
function isMember(fact, { index, path }, size, root) {
  return isIncluded(index, size, leafHash(canonicalBytes(fact[RAW])), hexes(path), fromHex(root, 32));
}

/** Whether neighbours prove that no fact has an id. */
function isAbsent(id, neighbours, size, root) {
  if (!neighbours.every(({ fact, proof }) => isMember(fact, proof, size, root))) {
    return false;
  }
  const [first, second] = neighbours;
  switch (neighbours.length) {
    case 0:
      return size === 0 && root === sha256().toString('hex');
    case 1:
      return (first.proof.index === 0 && id < first.fact.id) || (first.proof.index === size - 1 && first.fact.id < id);
    default:
      return second.proof.index === first.proof.index + 1 && first.fact.id < id && id < second.fact.id;
  }
}

function checkFacts(input) {
  requireEvidence(input);
  const { bundle, keys } = input;
  const { alpha, gamma } = bundle;
  if (alpha.delegation_ref === undefined) {
    demand(bundle.grants === undefined && bundle.revocations === undefined, 'there are grants although nothing was delegated');
    skip('nothing was delegated');
  }
  demand(bundle.grants !== undefined && bundle.revocations !== undefined, 'the grants or revocations are not there');
  let next = alpha.delegation_ref;
  let count = 0;
  for (const item of bundle.grants) {
    demand(next !== undefined && count < 8, 'there are more grants than the chain has');
    if (item.grant === undefined) {
      demand(item.grant_id === next && isAbsent(next, item.absent, gamma.grants_size, gamma.grants_root), 'a grant that is said to be missing is not');
      demand(item === bundle.grants.at(-1), 'the chain goes on after a missing grant');
      next = undefined;
      break;
    }
    const { grant, proof } = item;
    demand(grant.id === next, 'the grants are not those of the chain');
    demand(isMember(grant, proof, gamma.grants_size, gamma.grants_root), `the grant ${grant.id} is not under Γ's root`);
    const key = keyOf(keys, grant.key_id, 'grants');
    demand(key !== null && signed('grant', grant[RAW], grant.signature, key), `the signature of the grant ${grant.id} does not verify`);
    next = grant.parent_id;
    count++;
  }
  demand(next === undefined || count === 8, 'the chain is not complete');
  demand(bundle.revocations.length === count, 'the revocations are not those of the chain');
  for (const [index, item] of bundle.revocations.entries()) {
    const { id } = bundle.grants[index].grant;
    demand(item.grant_id === id, 'the revocations are not those of the chain');
    if (item.present) {
      const { fact, proof } = item.present;
      demand(fact.id === id && fact.grant_id === id && isMember(fact, proof, gamma.revocations_size, gamma.revocations_root), `the revocation of ${id} is not under Γ's root`);
    } else {
      demand(isAbsent(id, item.absent, gamma.revocations_size, gamma.revocations_root), `that ${id} is not revoked is not proved`);
    }
  }
}

/** The votes that count: each by another node of the settings, on this very question, with a signature that verifies. */
function countVotes({ certificate, bundle, keys }) {
  const nodes = new Map((bundle.settings?.quorum?.nodes ?? []).map((node) => [node.node_id, node.key_id]));
  const seen = new Set();
  let yes = 0;
  let wrong = null;
  for (const vote of bundle.votes ?? []) {
    const key = keyOf(keys, vote.key_id, 'nodes');
    const isAbout = vote.decision_id === certificate.decision_id && vote.alpha_hash === certificate.alpha_hash
      && vote.gamma_hash === certificate.gamma_hash && vote.theorem_hash === THEOREM_HASH;
    if (nodes.get(vote.node_id) !== vote.key_id || seen.has(vote.node_id) || key === null || !isAbout || !signed('vote', vote[RAW], vote.signature, key)) {
      wrong ??= `the vote of ${vote.node_id} does not count`;
      continue;
    }
    seen.add(vote.node_id);
    yes += vote.vote === 'yes' ? 1 : 0;
  }
  return { yes, wrong, isEnough: bundle.settings?.quorum !== undefined && yes >= bundle.settings.quorum.votes };
}

function checkTheorem(input) {
  requireEvidence(input);
  const { certificate, bundle } = input;
  const revoked = new Set((bundle.revocations ?? []).filter((each) => each.present).map((each) => each.grant_id));
  const derived = evaluate(bundle, { grants: knownGrants(input), revoked }, certificate, countVotes(input).isEnough);
  const stated = certificate.proof_payload[RAW];
  demand(certificate.result === derived.result, `re-executed it is ${derived.result}, the certificate states ${certificate.result}`);
  demand(certificate.proof_type === derived.proof_type, `re-executed the proof is ${derived.proof_type}`);
  for (const [index, predicate] of derived.proof_payload.predicates.entries()) {
    demand(canonicalText(toNode(predicate)) === canonicalText(stated.get('predicates')[index]), `${predicate.name} is ${predicate.value} when it is re-executed, or has another witness`);
  }
  demand(canonicalText(toNode(derived.proof_payload)) === canonicalText(stated), 're-executed the proof is another');
  return derived.result;
}

function checkVotes(input) {
  const { certificate, bundle } = input;
  const required = certificate.proof_payload.predicates[4].witness?.get('required');
  const isRequired = required?.some((each) => each.get('obligation') === 'quorum_required') ?? false;
  if (!isRequired) {
    skip('no votes are required');
  }
  if (bundle.erased) {
    skip('the evidence was erased');
  }
  demand(bundle.settings !== undefined, 'the settings that name the nodes are not there');
  const { yes, wrong, isEnough } = countVotes(input);
  demand(wrong === null, wrong);
  demand(isEnough || certificate.result !== 'ADMISSIBLE', `there are ${yes} valid yes votes`);
  return `${yes} yes`;
}

// ---- log ----------------------------------------------------------------------------------------------------------

function checkEntry({ certificate, bundle, body }) {
  const entry = readEntry(bundle.entry.json);
  demand(entry.tenant === certificate.tenant && entry.call_id === certificate.call_id && entry.decision_id === certificate.decision_id, 'the entry is about another call');
  demand(entry.certificate_hash === sha256(body).toString('hex'), 'the entry names another certificate');
  demand(entry.decision === undefined || entry.decision === certificate.decision, 'the entry records another decision');
  demand(entry.seq - 1 === certificate.log.index && bundle.entry.index === certificate.log.index, 'the entry stands at another place');
}

function readNote({ bundle }) {
  const note = parseNote(bundle.checkpoint);
  return { note, checkpoint: parseCheckpoint(note.text) };
}

function checkInclusion(input) {
  const { checkpoint } = readNote(input);
  const { json, index, proof } = input.bundle.entry;
  demand(isIncluded(index, checkpoint.size, leafHash(Buffer.from(json, 'utf8')), hexes(proof), checkpoint.root), 'the entry is not in the tree of the checkpoint');
}

/** Everything but RFC 3986's unreserved characters, as UTF-8, in %XX. */
const percentEncoded = (text) => encodeURIComponent(text).replace(/[!'()*]/g, (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`);

function checkCheckpoint(input) {
  const { note, checkpoint } = readNote(input);
  demand(checkpoint.origin === input.certificate.log.origin, 'the checkpoint is of another log');
  const tenant = percentEncoded(input.certificate.tenant);
  const signers = [...input.keys.values()]
    .filter((each) => each.roles.includes('checkpoints') && `${each.name}/${tenant}` === checkpoint.origin)
    .map(({ key }) => ({ name: checkpoint.origin, key }));
  demand(signers.length > 0, 'the origin is not a known server\'s name and the certificate\'s tenant');
  demand(isSignedBy(note, signers), 'no known key of this log signed the checkpoint, or a signature in its name is wrong');
}

function checkWitnesses(input) {
  if (input.witnesses === null) {
    skip('no witnesses are demanded');
  }
  demand(input.bundle !== null, 'witnesses are demanded, and without a bundle nothing shows who cosigned');
  const { note } = readNote(input);
  const cosigned = input.witnesses.keys.filter((each) => isCosignedBy(note, each)).length;
  demand(cosigned >= input.witnesses.quorum, `${cosigned} of ${input.witnesses.quorum} witnesses cosigned`);
  return `${cosigned} cosigned`;
}

// ---- all of them --------------------------------------------------------------------------------------------------

const CHECKS = {
  keys: checkKeys,
  signature: checkSignature,
  window: checkWindow,
  evidence: checkEvidence,
  facts: checkFacts,
  theorem: checkTheorem,
  decision: checkDecision,
  votes: checkVotes,
  entry: checkEntry,
  inclusion: checkInclusion,
  checkpoint: checkCheckpoint,
  witnesses: checkWitnesses,
};

const WITHOUT_BUNDLE = new Set(['keys', 'signature', 'window', 'decision', 'witnesses']);

function run(check, input) {
  try {
    return { state: 'ok', note: check(input) ?? '' };
  } catch (error) {
    if (error instanceof Skipped) {
      return { state: 'skipped', note: error.message };
    }
    if (error instanceof Failure || error instanceof FormatError) {
      return { state: 'failed', note: error.message };
    }
    throw error;
  }
}

/**
 * Verifies one certificate.
 * @param {object} documents nodes as json.mjs reads them
 * @param {Map|null} documents.certificate the certificate; null where only the bundle is given
 * @param {Map|null} documents.bundle the bundle, if there is one
 * @param {string|null} documents.unreadable why a document is no JSON; then nothing else is checked
 * @param {Map} documents.keys what readKeys gave; empty where there is no key set
 * @param {string|null} documents.keysProblem why a key set is unusable
 * @param {number|null} documents.at the moment of use that is asked for, in ms since 1970
 * @param {{quorum: number, keys: object[]}|null} documents.witnesses a witness policy
 * @returns {{isValid: boolean, isErased: boolean, steps: Array<{name: string, state: string, note: string}>}}
 */
export function verify({ certificate: given, bundle: bundleNode, unreadable = null, keys, keysProblem = null, at = null, witnesses = null }) {
  let input = null;
  const format = run(() => {
    demand(unreadable === null, unreadable);
    const bundle = bundleNode === null ? null : readBundle(bundleNode, given);
    const node = given ?? bundle.certificate;
    const certificate = readCertificate(node);
    input = { certificate, bundle, keys, keysProblem, at, witnesses, body: canonicalBytes(without(node, 'signature', 'key_id', 'log')) };
  });
  const steps = STEPS.map((name) => {
    if (name === 'format') {
      return { name, ...format };
    }
    if (input === null) {
      return { name, state: 'skipped', note: 'the documents are not what they must be' };
    }
    return input.bundle === null && !WITHOUT_BUNDLE.has(name)
      ? { name, state: 'skipped', note: 'there is no bundle' }
      : { name, ...run(CHECKS[name], input) };
  });
  const isFailed = steps.some((step) => step.state === 'failed');
  return { isValid: !isFailed && input !== null, isErased: input?.bundle?.erased === true, steps };
}
