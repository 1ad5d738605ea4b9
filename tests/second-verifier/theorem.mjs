// The theorem, re-executed: docs/formats/certificate.md.
import { FormatError, parseJson } from './json.mjs';
import { canonicalBytes, canonicalText, sha256 } from './canonical.mjs';
import { authorize, compilePolicy, ordinal, readEntities, readRecord } from './cedar.mjs';
import { entityOf } from './cedar-values.mjs';
import { checkChain, followChain } from './delegation.mjs';
import { RAW, milliseconds } from './shape.mjs';

export const THEOREM_HASH = sha256(Buffer.from(
  'agentgate/theorem/v1: AuthValid(a,g) & LineageValid(a,g) & PermitExists(a,g) & !DenyExists(a,g) & ObligationsMet(a,g) & ContextBound(a,g)',
)).toString('hex');

/** The deepest a policy in JSON may be nested: an expression of 1,000 levels takes two levels of JSON each, and a few are around it. */
const MAX_POLICY_DEPTH = 2064;

/** The most permits a witness names for a question, and the most sources for an obligation. */
const MAX_NAMED = 16;

/** The members that are there. */
const present = (members) => Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));

/** A plain value as the Map that canonicalText takes. */
export function toNode(value) {
  if (Array.isArray(value)) {
    return value.map(toNode);
  }
  return value !== null && typeof value === 'object' ? new Map(Object.entries(present(value)).map(([name, each]) => [name, toNode(each)])) : value;
}

/** The hash of a policy set, from the policies' very bytes. */
export function policySetHash(policies) {
  const parts = [Buffer.from('AgentGate.Cedar policy set v1\n')];
  const text = (value) => {
    const bytes = Buffer.from(value, 'utf8');
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    parts.push(length, bytes);
  };
  for (const policy of [...policies].sort((a, b) => ordinal(a.id, b.id))) {
    text(policy.id);
    text(policy.kind);
    parts.push(sha256(Buffer.from('AgentGate.Cedar policy v1\n'), Buffer.from(policy.json, 'utf8')));
  }
  return sha256(...parts).toString('hex');
}

/** The principal of the questions: under a delegation that of the last grant found, else α's. */
export function principalOf(alpha, known) {
  const last = alpha.delegation_ref === undefined ? undefined : followChain(alpha.delegation_ref, known).chain.at(-1);
  return last === undefined ? alpha.principal : last.principal;
}

/** Whether the questions are about α. */
export function areQuestionsAbout(alpha, known) {
  const is = (uid, type, id) => uid.type === type && uid.id === id;
  const [first] = alpha.questions;
  if (first === undefined || first.demand !== 'permit' || !is(first.action, 'AgentGate::Action', alpha.action) || !is(first.resource, alpha.resource.type, alpha.resource.id)) {
    return false;
  }
  const principal = principalOf(alpha, known);
  const asked = alpha.questions.filter((question) => question.demand === 'permit');
  if (!asked.every((question) => is(question.principal, 'AgentGate::Agent', principal))) {
    return false;
  }
  if (alpha.delegation_ref === undefined) {
    return true;
  }
  const { chain } = followChain(alpha.delegation_ref, known);
  const others = new Set([alpha.principal, ...chain.flatMap((grant) => [grant.delegate, grant.principal])]);
  others.delete(principal);
  const nameOf = (who, { action, resource, context }) => JSON.stringify([who.type, who.id, action.type, action.id, resource.type, resource.id, context]);
  const forbidding = new Set(alpha.questions.filter((each) => each.demand === 'no_forbid').map((each) => nameOf(each.principal, each)));
  return asked.every((question) => [...others].every((id) => forbidding.has(nameOf({ type: 'AgentGate::Agent', id }, question))));
}

function readStore(node) {
  const entities = readEntities(node);
  const uids = node.map((item) => Buffer.from(canonicalText(item.get('uid')), 'utf8'));
  for (let i = 1; i < uids.length; i++) {
    if (Buffer.compare(uids[i - 1], uids[i]) >= 0) {
      throw new FormatError('the entities of a store are not sorted');
    }
  }
  return entities;
}

function readPolicies(policies) {
  const compiled = policies.map(({ id, kind, json }) => compilePolicy(id, parseJson(json, MAX_POLICY_DEPTH), kind === 'template'));
  return compiled.filter((policy) => policy !== null);
}

/** The most work that a bundle may ask for. */
const MAX_WORK = 8_000_000;

/** How much work it asks for: questions times policies (in units of 128 bytes) times request (in units of 4 KiB). */
function workOf(alpha, policies) {
  const perQuestion = policies.reduce((sum, { json }) => sum + 1 + Math.floor(Buffer.byteLength(json) / 128), 0);
  return alpha.questions.length * perQuestion * (1 + Math.floor(canonicalBytes(alpha[RAW]).length / 4096));
}

/** Reads what Cedar reads: the questions with their worlds, the policies. */
function readQuestions(alpha) {
  const stores = alpha.entities.map(readStore);
  const contexts = alpha.contexts.map(readRecord);
  return alpha.questions.map((question) => {
    const [entities, context] = [stores[question.entities], contexts[question.context]];
    if (entities === undefined || context === undefined) {
      throw new FormatError('a question names entities or a context that α does not have');
    }
    const uid = ({ type, id }) => entityOf(type, id);
    return {
      demand: question.demand,
      action: question.action,
      resource: question.resource,
      context,
      world: { principal: uid(question.principal), action: uid(question.action), resource: uid(question.resource), context, entities },
    };
  });
}

function authValid(alpha) {
  const { method, principal, tenant, key_id } = alpha.auth;
  const holds = method !== 'none' && principal === alpha.principal && tenant === alpha.tenant;
  return { holds, witness: { method, principal, tenant, key_id } };
}

function lineageValid(alpha, questions, facts) {
  if (alpha.delegation_ref === undefined) {
    return { holds: true, witness: { mode: 'direct' }, chain: [] };
  }
  const asked = questions.filter((question) => question.demand === 'permit');
  const { chain, reason, link } = checkChain(alpha, asked, facts.grants, facts.revoked);
  return { holds: reason === null, witness: { mode: 'delegated', chain: chain.map((grant) => grant.id), reason: reason ?? undefined, link: link ?? undefined }, chain };
}

function permitExists(questions, answers) {
  const permits = [];
  let missing;
  let asked = 0;
  for (const [question, { demand }] of questions.entries()) {
    if (demand !== 'permit') {
      continue;
    }
    asked++;
    if (answers[question].permits.length > 0) {
      permits.push({ question, policies: answers[question].permits.slice(0, MAX_NAMED) });
    } else {
      missing ??= question;
    }
  }
  return { holds: asked > 0 && missing === undefined, witness: { permits, missing } };
}

/** All satisfied permits of the questions that demand one, also those beyond what a witness names. */
const satisfiedPermits = (questions, answers) => new Set(questions.flatMap(({ demand }, index) => (demand === 'permit' ? answers[index].permits : [])));

function notDenyExists(policies, answers) {
  let matched;
  const isForbid = new Map(policies.map((policy) => [policy.id, policy.effect === 'forbid']));
  for (const [question, { forbids, errors }] of answers.entries()) {
    const erring = errors.filter((id) => isForbid.get(id));
    if (forbids.length > 0) {
      matched = { question, policy: forbids[0], kind: 'forbid' };
    } else if (erring.length > 0) {
      matched = { question, policy: erring[0], kind: 'error' };
    }
    if (matched !== undefined) {
      break;
    }
  }
  const checked_policies = policies.filter((policy) => policy.effect === 'forbid').length;
  return { holds: matched === undefined, witness: { checked_policies, checked_questions: answers.length, matched } };
}

const REASONS = new Map(Object.entries({
  mfa_required: 'mfa_not_verified',
  approval_required: 'approval_missing',
  preview_confirm_required: 'preview_confirm_missing',
  quorum_required: 'quorum_missing',
}));

function obligationsMet(alpha, settings, policies, permits, chain, hasQuorum) {
  const found = new Map();
  const add = (obligation, source) => found.set(JSON.stringify([obligation, source]), { obligation, source });
  const annotations = new Map(policies.map((policy) => [policy.id, policy.annotations]));
  for (const id of permits) {
    const values = annotations.get(id).get('obligation') ?? '';
    for (const value of values.split(',').map((each) => each.replace(/^ +| +$/g, '')).filter((each) => each !== '')) {
      add(value, `policy:${id}`);
    }
  }
  for (const { action, obligation } of settings.obligations) {
    if (action === '*' || action === alpha.action) {
      add(obligation, `setting:${action}`);
    }
  }
  for (const grant of chain) {
    for (const obligation of grant.obligations) {
      add(obligation, `grant:${grant.id}`);
    }
  }
  const required = [...found.values()].sort((a, b) => ordinal(a.obligation, b.obligation) || ordinal(a.source, b.source));

  const at = milliseconds(alpha.at);
  const isMet = (obligation) => (obligation === 'quorum_required' ? hasQuorum : alpha.attestations.some((each) => {
    const age = at - milliseconds(each.at);
    return each.obligation === obligation && age >= 0 && age <= settings.attestation_seconds * 1000;
  }));
  const failures = [...new Set(required.map((each) => each.obligation))]
    .filter((obligation) => !isMet(obligation))
    .map((obligation) => ({ obligation, reason: REASONS.get(obligation) ?? 'unknown_obligation' }));
  // Of each obligation the first sources: those before which fewer than that many of the same obligation stand.
  const named = required.filter((each, index) => required[index - MAX_NAMED]?.obligation !== each.obligation);
  return { holds: failures.length === 0, witness: { required: named, failures } };
}

function contextBound(alpha, settings, certificate) {
  if (alpha.content_digest === undefined) {
    return null;
  }
  const { content_digest, nonce, created_at, not_after } = certificate;
  const created = milliseconds(created_at);
  const holds = content_digest === alpha.content_digest && nonce === alpha.nonce
    && created >= milliseconds(alpha.at) && milliseconds(not_after) === created + settings.validity_seconds * 1000;
  return { holds, witness: { content_digest, nonce, created_at, not_after } };
}

/**
 * Evaluates the theorem.
 * @param {{alpha: object, settings: object, policies: object[]}} evidence
 * @param {{grants: Map<string, object>, revoked: Set<string>}} facts
 * @param {boolean} hasQuorum whether enough safety nodes voted yes
 * @returns {{result: string, proof_type: string, proof_payload: object}} what the certificate must state
 */
export function evaluate({ alpha, settings, policies: texts }, facts, certificate, hasQuorum) {
  if (workOf(alpha, texts) > MAX_WORK) {
    throw new FormatError('re-executing it would take too much work');
  }
  const policies = readPolicies(texts);
  const questions = readQuestions(alpha);
  const answers = questions.map(({ world }) => authorize(policies, world));
  const lineage = lineageValid(alpha, questions, facts);
  const permit = permitExists(questions, answers);
  const findings = [
    ['AuthValid', authValid(alpha)],
    ['LineageValid', lineage],
    ['PermitExists', permit],
    ['NotDenyExists', notDenyExists(policies, answers)],
    ['ObligationsMet', obligationsMet(alpha, settings, policies, satisfiedPermits(questions, answers), lineage.chain, hasQuorum)],
    ['ContextBound', contextBound(alpha, settings, certificate)],
  ];
  const predicates = findings.map(([name, finding]) => (finding === null
    ? { name, value: 'notEvaluated' }
    : { name, value: finding.holds ? 'holds' : 'fails', witness: finding.witness }));
  const failed = predicates.filter((each) => each.value === 'fails').map((each) => each.name);
  const matched = findings[3][1].witness.matched;
  const result = failed.length > 0 ? 'INADMISSIBLE' : 'ADMISSIBLE';
  const proof_type = failed.length === 0 ? 'CONSTRUCTIVE_TRACE' : matched !== undefined ? 'COUNTEREXAMPLE' : 'UNSAT_CORE';
  return {
    result,
    proof_type,
    proof_payload: {
      predicates,
      failed_predicates: failed.length > 0 ? failed : undefined,
      unsat_core: proof_type === 'UNSAT_CORE' ? failed : undefined,
      counterexample: matched,
    },
  };
}
