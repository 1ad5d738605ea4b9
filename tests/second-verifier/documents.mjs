// Certificates, bundles and what they hold, as docs/formats says. Reading one throws FormatError where it is not as it must be.
import { FormatError, JsonNumber } from './json.mjs';
import { canonicalText } from './canonical.mjs';
import { array, ascending, base64, boolean, count, exactly, hash, hex, listOf, matching, milliseconds, object, oneOf, record, text, textUpTo, time } from './shape.mjs';

export const PREDICATES = ['AuthValid', 'LineageValid', 'PermitExists', 'NotDenyExists', 'ObligationsMet', 'ContextBound'];

const uuid7 = matching(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/, 'a UUIDv7');
const grantId = matching(/^g_[0-9a-f]{32}$/, 'the id of a grant');
const path = listOf(hash, 0, 64);
const isTrue = (node, at) => {
  if (boolean(node, at) !== true) {
    throw new FormatError(`${at}: only true can stand here`);
  }
  return true;
};

// ---- the certificate ----------------------------------------------------------------------------------------------

const finding = record({ rule: text, count }, { address: text, note: text });
const verdict = record({ guard: text, answer: text, elapsed_us: count }, { code: text, findings: listOf(finding, 0, 65_536), shadow: isTrue, failed_open: isTrue });

const questionIndex = (node, at) => {
  if (count(node, at) >= 2 ** 31 - 1) {
    throw new FormatError(`${at}: no request has so many questions`);
  }
  return node.value;
};
const matched = record({ question: questionIndex, policy: text, kind: oneOf('forbid', 'error') });

/** The longest list in a witness. */
const WITNESS_LIST = 65_536;

/** The witness of each predicate, in their order. What they say is judged by the step `theorem`. */
const WITNESSES = [
  record({ method: oneOf('key', 'process', 'none'), principal: text, tenant: text }, { key_id: text }),
  (node, at) => (object(node, at).has('chain')
    ? record({ mode: oneOf('delegated'), chain: listOf(text, 0, WITNESS_LIST) }, { reason: text, link: count })
    : record({ mode: oneOf('direct') }))(node, at),
  record({ permits: listOf(record({ question: count, policies: listOf(text, 0, 16) }), 0, WITNESS_LIST) }, { missing: count }),
  record({ checked_policies: count, checked_questions: count }, { matched }),
  record({
    required: listOf(record({ obligation: text, source: text }), 0, WITNESS_LIST),
    failures: listOf(record({ obligation: text, reason: text }), 0, WITNESS_LIST),
  }),
  record({ content_digest: hash, nonce: hex(16), created_at: time, not_after: time }),
];

function predicates(node, at) {
  const items = listOf(record({ name: text, value: oneOf('holds', 'fails', 'notEvaluated') }, { witness: object }), 6, 6)(node, at);
  for (const [index, item] of items.entries()) {
    if (item.name !== PREDICATES[index] || (item.witness === undefined) !== (item.value === 'notEvaluated')) {
      throw new FormatError(`${at}[${index}]: the predicates stand in order, with a witness where they are evaluated`);
    }
    if (item.witness !== undefined) {
      WITNESSES[index](item.witness, `${at}[${index}].witness`);
    }
  }
  return items;
}

const honeyToken = record({ honey_token: text, predicate: oneOf('DECEPTION_TRIGGER') });
const counterexample = (node, at) => (object(node, at).has('honey_token') ? honeyToken : matched)(node, at);

const names = listOf(oneOf(...PREDICATES), 1, 6);
const payload = record({ predicates }, { failed_predicates: names, unsat_core: names, counterexample });

const MAX_BATCH = 65_536;

const signature = record({
  alg: oneOf('Ed25519', 'ES256'), key_id: text, batch_size: count, index: count, path: listOf(hash, 0, 17), value: base64(64),
});

const certificateShape = record({
  version: exactly(1),
  decision_id: uuid7,
  call_id: text,
  tenant: text,
  stage: oneOf('request', 'response'),
  mode: oneOf('enforced', 'shadow', 'counterfactual'),
  decision: oneOf('allow', 'deny', 'hold'),
  result: oneOf('ADMISSIBLE', 'INADMISSIBLE', 'NOT_EVALUATED'),
  proof_type: oneOf('CONSTRUCTIVE_TRACE', 'COUNTEREXAMPLE', 'UNSAT_CORE', 'NONE'),
  proof_payload: payload,
  theorem_hash: hash,
  nonce: hex(16),
  verdicts: listOf(verdict, 0, 1024),
  durability: oneOf('commit', 'write'),
  solver_version: oneOf('agentgate-kernel/1'),
  created_at: time,
  not_after: time,
  signature,
  key_id: text,
  log: record({ origin: text, index: count }),
}, {
  request_decision_id: uuid7,
  code: text,
  alpha_hash: hash,
  gamma_hash: hash,
  policy_set_hash: hash,
  content_digest: hash,
});

/** Everywhere in a document: no null, and numbers are integers that every reader holds exactly, in their one spelling. */
function checkNumbers(node) {
  if (node === null) {
    throw new FormatError('there is a null; what is absent is left out');
  }
  if (node instanceof JsonNumber) {
    if (!/^-?[0-9]+$/.test(node.text) || node.text === '-0' || !Number.isSafeInteger(node.value)) {
      throw new FormatError('a number is no integer within ±(2^53 - 1) written with digits alone');
    }
  } else if (typeof node === 'object') {
    for (const each of node.values()) {
      checkNumbers(each);
    }
  }
}

export function readCertificate(node) {
  checkNumbers(node);
  const certificate = certificateShape(node, 'certificate');
  const { proof_payload: proof, proof_type: type, signature: seal } = certificate;
  if ((proof.unsat_core !== undefined) !== (type === 'UNSAT_CORE') || (proof.counterexample !== undefined) !== (type === 'COUNTEREXAMPLE')) {
    throw new FormatError('certificate.proof_payload: a core or a counterexample belongs to its type of proof');
  }
  const hashes = [certificate.alpha_hash, certificate.gamma_hash, certificate.policy_set_hash].filter((each) => each !== undefined);
  if (hashes.length !== 0 && hashes.length !== 3) {
    throw new FormatError('certificate: alpha_hash, gamma_hash and policy_set_hash are there together');
  }
  if (seal.batch_size < 1 || seal.batch_size > MAX_BATCH || seal.index >= seal.batch_size) {
    throw new FormatError('certificate.signature: the batch is empty or too large, or the index is outside it');
  }
  return certificate;
}

// ---- the bundle ---------------------------------------------------------------------------------------------------

const uid = record({ type: text, id: text });
const obligations = ['approval_required', 'mfa_required', 'preview_confirm_required', 'quorum_required'];
const attestation = record({ obligation: oneOf(...obligations.slice(0, 3)), at: time, by: text });
const question = record({ demand: oneOf('permit', 'no_forbid'), principal: uid, action: uid, resource: uid, context: count, entities: count });

/** The most questions, stores and contexts. */
const MAX_PARTS = 4096;

const alpha = record({
  version: exactly(1),
  call_id: text,
  tenant: text,
  door: text,
  principal: text,
  action: text,
  resource: uid,
  at: time,
  auth: record({ method: oneOf('key', 'process', 'none'), principal: text, tenant: text }, { key_id: text }),
  attestations: ascending(listOf(attestation), (each) => each.obligation),
  nonce: hex(16),
  salt: hex(32),
  entities: listOf(array, 0, MAX_PARTS),
  contexts: listOf(object, 0, MAX_PARTS),
  questions: listOf(question, 0, MAX_PARTS),
}, { delegation_ref: text, content_digest: hash });

const gamma = record({
  version: exactly(1),
  tenant: text,
  policy_set_hash: hash,
  settings_hash: hash,
  grants_root: hash,
  grants_size: count,
  revocations_root: hash,
  revocations_size: count,
});

/** A span up to the whole calendar. */
const seconds = (node, at) => {
  if (count(node, at) > 9_999 * 366 * 24 * 3600) {
    throw new FormatError(`${at}: longer than the calendar`);
  }
  return node.value;
};

const settings = record({
  version: exactly(1),
  validity_seconds: seconds,
  attestation_seconds: seconds,
  obligations: (node, at) => {
    const items = listOf(record({ action: text, obligation: oneOf(...obligations) }), 0, 1024)(node, at);
    for (let i = 1; i < items.length; i++) {
      const [a, b] = [items[i - 1], items[i]];
      if (!(a.action < b.action || (a.action === b.action && a.obligation < b.obligation))) {
        throw new FormatError(`${at}: the obligations are not sorted, or one stands twice`);
      }
    }
    return items;
  },
}, {
  quorum: (node, at) => {
    const quorum = record({ votes: count, nodes: ascending(listOf(record({ node_id: text, key_id: text }), 0, 64), (each) => each.node_id) })(node, at);
    if (quorum.votes < 1 || quorum.votes > 64 || new Set(quorum.nodes.map((each) => each.key_id)).size !== quorum.nodes.length) {
      throw new FormatError(`${at}: a quorum is at least one vote of nodes that share no key`);
    }
    return quorum;
  },
});

/** A pattern holds no asterisk but a last one, alone or after a slash. */
const scope = matching(/^(?:\*|[_a-zA-Z][_a-zA-Z0-9]*:(?:\*|[^*]+|[^*]*\/\*))$/s, 'a scope');

const actions = ascending(listOf(text, 1));

const grantShape = record({
  version: exactly(1),
  id: grantId,
  tenant: text,
  principal: text,
  delegate: text,
  actions: (node, at) => {
    const items = actions(node, at);
    if (items.includes('*') && items.length > 1) {
      throw new FormatError(`${at}: * stands alone`);
    }
    return items;
  },
  resource_scope: ascending(listOf(scope, 1)),
  obligations: ascending(listOf(oneOf(...obligations))),
  constraints: record({}, {
    doors: ascending(listOf(text)),
    source_networks: ascending(listOf(text)),
    by_model: (node, at) => {
      if (boolean(node, at)) {
        throw new FormatError(`${at}: only false can stand here`);
      }
      return false;
    },
  }),
  issued_at: time,
  expires_at: time,
  key_id: text,
  signature: base64(64),
}, { parent_id: grantId });

function grant(node, at) {
  const read = grantShape(node, at);
  if (milliseconds(read.issued_at) >= milliseconds(read.expires_at)) {
    throw new FormatError(`${at}: a grant is issued before it expires`);
  }
  return read;
}

const factProof = record({ index: count, path });
const revocationShape = record({ at: time, grant_id: grantId, id: grantId, reason: text });

function revocation(node, at) {
  const read = revocationShape(node, at);
  if (read.id !== read.grant_id) {
    throw new FormatError(`${at}: the fact of a revocation has the id of its grant`);
  }
  return read;
}
const neighbours = (fact) => listOf(record({ fact, proof: factProof }), 0, 2);

/** The most grants, revocations and votes. */
const MAX_LIST = 1024;

const knownGrant = record({ grant, proof: factProof });
const missingGrant = record({ grant_id: text, absent: neighbours(grant) });
const grants = listOf((node, at) => (object(node, at).has('grant') ? knownGrant : missingGrant)(node, at), 0, MAX_LIST);

const revocations = listOf((node, at) => {
  const read = record({ grant_id: grantId }, { present: record({ fact: revocation, proof: factProof }), absent: neighbours(revocation) })(node, at);
  if ((read.present === undefined) === (read.absent === undefined)) {
    throw new FormatError(`${at}: a revocation is either present or absent`);
  }
  return read;
}, 0, MAX_LIST);

const voteShape = record({
  version: exactly(1),
  node_id: matching(/^[a-z0-9][a-z0-9_.-]{0,63}$/, 'the id of a node'),
  decision_id: uuid7,
  alpha_hash: hash,
  gamma_hash: hash,
  theorem_hash: hash,
  vote: oneOf('yes', 'no'),
  reason: text,
  at: time,
  nonce: hex(16),
  key_id: text,
  signature: base64(64),
});

const REFUSALS = ['evidence_mismatch', 'policies_not_trusted', 'not_a_node', ...PREDICATES.slice(0, 5)];

function vote(node, at) {
  const read = voteShape(node, at);
  if (!(read.vote === 'yes' ? read.reason === 'holds' : REFUSALS.includes(read.reason)) || Buffer.byteLength(canonicalText(node)) > 2048) {
    throw new FormatError(`${at}: the reason does not fit the vote, or the vote is too long`);
  }
  return read;
}

/** The longest text that is a document of its own. */
const document = textUpTo(16 * 1024 * 1024);

const bundleShape = record({
  version: exactly(1),
  certificate: object,
  entry: record({ json: document, index: count, proof: path }),
  checkpoint: document,
}, {
  alpha,
  gamma,
  settings,
  erased: isTrue,
  policies: ascending(listOf(record({ id: text, kind: oneOf('policy', 'template'), json: document }), 0, 65_536), (each) => each.id),
  grants,
  revocations,
  votes: listOf(vote, 0, MAX_LIST),
});

/** Reads a bundle; its certificate must be the one given apart, if there is one. */
export function readBundle(node, certificate) {
  checkNumbers(node);
  const bundle = bundleShape(node, 'bundle');
  if (certificate !== null && canonicalText(bundle.certificate) !== canonicalText(certificate)) {
    throw new FormatError('the certificate is not the one of the bundle');
  }
  return bundle;
}
