// Chains of grants: docs/formats/delegation.md.
import { IpRange } from './cedar-values.mjs';
import { callFunction } from './cedar-functions.mjs';
import { milliseconds } from './shape.mjs';

const MAX_DEPTH = 8;

/** Takes a scope apart; the scope of everything has no type. */
function parseScope(text) {
  const colon = text.indexOf(':');
  return text === '*' ? { type: null, pattern: '*' } : { type: text.slice(0, colon), pattern: text.slice(colon + 1) };
}

/** Whether an id is below the point of a pattern that ends in an asterisk, and does not lead out of it again. */
function isBelow(id, pattern) {
  const prefix = pattern.slice(0, -1);
  const rest = id.slice(prefix.length);
  return id.startsWith(prefix) && rest !== '' && !rest.split('/').some((segment) => segment === '.' || segment === '..');
}

/** Whether a resource is one of a scope's. */
export function coversResource(scope, resource) {
  const { type, pattern } = parseScope(scope);
  if (type === null) {
    return true;
  }
  if (resource.type.split('::').at(-1) !== type) {
    return false;
  }
  return pattern === '*' || (pattern.endsWith('/*') ? isBelow(resource.id, pattern) : pattern === resource.id);
}

/** Whether every resource of one scope is one of another's. */
export function coversScope(wide, narrow) {
  const [a, b] = [parseScope(wide), parseScope(narrow)];
  if (a.type === null || wide === narrow) {
    return true;
  }
  if (a.type !== b.type || !a.pattern.endsWith('*')) {
    return false;
  }
  if (a.pattern === '*') {
    return true;
  }
  if (b.pattern === '*') {
    return false;
  }
  const point = b.pattern.slice(0, -1);
  return b.pattern.endsWith('/*') ? point === a.pattern.slice(0, -1) || isBelow(point, a.pattern) : isBelow(b.pattern, a.pattern);
}

const isSubset = (narrow, wide) => narrow.every((each) => wide.includes(each));

/** The network a text names, or null. */
function network(text) {
  try {
    return callFunction('ip', [text]);
  } catch {
    return null;
  }
}

function areConstraintsNarrower(child, parent) {
  if (parent.doors !== undefined && !(child.doors !== undefined && isSubset(child.doors, parent.doors))) {
    return false;
  }
  if (parent.source_networks !== undefined) {
    const wide = parent.source_networks.map(network).filter((each) => each !== null);
    const isInside = (text) => wide.some((each) => network(text)?.isIn(each));
    if (child.source_networks === undefined || !child.source_networks.every(isInside)) {
      return false;
    }
  }
  return parent.by_model === undefined || child.by_model === false;
}

/** The word for what a child has that its parent does not give, or null. */
function widened(child, parent) {
  if (!parent.actions.includes('*') && !isSubset(child.actions, parent.actions)) {
    return 'action_attenuation';
  }
  if (!child.resource_scope.every((narrow) => parent.resource_scope.some((wide) => coversScope(wide, narrow)))) {
    return 'scope_attenuation';
  }
  if (!isSubset(parent.obligations, child.obligations)) {
    return 'obligation_attenuation';
  }
  if (!areConstraintsNarrower(child.constraints, parent.constraints)) {
    return 'constraint_attenuation';
  }
  return milliseconds(child.issued_at) < milliseconds(parent.issued_at) || milliseconds(child.expires_at) > milliseconds(parent.expires_at)
    ? 'expiry_attenuation'
    : null;
}

function doConstraintsHold(constraints, context) {
  const value = (name) => context.fields.get(name);
  if (constraints.doors !== undefined && !constraints.doors.includes(value('door'))) {
    return false;
  }
  if (constraints.source_networks !== undefined) {
    const source = value('sourceIp');
    if (!(source instanceof IpRange) || !constraints.source_networks.map(network).some((each) => each !== null && source.isIn(each))) {
      return false;
    }
  }
  return constraints.by_model === undefined || value('byModel') === false;
}

/**
 * Follows the chain from α's delegation, without judging it.
 * @param {Map<string, object>} known grants by id
 * @returns {{chain: object[], reason: string|null, link: number|null}}
 */
export function followChain(leaf, known) {
  const chain = [];
  let id = leaf;
  while (id !== undefined) {
    if (chain.length === MAX_DEPTH) {
      return { chain, reason: 'depth', link: MAX_DEPTH };
    }
    const grant = known.get(id);
    if (grant === undefined) {
      return { chain, reason: chain.length === 0 ? 'grant_missing' : 'parent_missing', link: chain.length };
    }
    chain.push(grant);
    id = grant.parent_id;
  }
  return { chain, reason: null, link: null };
}

/**
 * Checks the chain that α names.
 * @param {Array} asked the questions that demand a permit: action and resource as `{type, id}`, context as a Cedar record
 * @param {Set<string>} revoked ids of revoked grants
 */
export function checkChain(alpha, asked, known, revoked) {
  const found = followChain(alpha.delegation_ref, known);
  if (found.reason !== null) {
    return found;
  }
  const { chain } = found;
  const at = milliseconds(alpha.at);
  const first = (test) => {
    for (const [link, grant] of chain.entries()) {
      const reason = test(grant, link);
      if (reason !== null) {
        return { chain, reason, link };
      }
    }
    return null;
  };
  const inQuestions = (test) => {
    for (const question of asked) {
      const reason = test(question);
      if (reason !== null) {
        return reason;
      }
    }
    return null;
  };
  return first((grant) => (grant.tenant === alpha.tenant ? null : 'cross_tenant'))
    ?? first((grant, link) => (grant.delegate === (link === 0 ? alpha.principal : chain[link - 1].principal) ? null : 'delegate_mismatch'))
    ?? first((grant, link) => (revoked.has(grant.id) ? (link === 0 ? 'revoked' : 'parent_revoked') : null))
    ?? first((grant, link) => {
      if (at < milliseconds(grant.issued_at)) {
        return 'not_yet_valid';
      }
      return at < milliseconds(grant.expires_at) ? null : link === 0 ? 'expired' : 'parent_expired';
    })
    ?? first((grant, link) => (link + 1 < chain.length ? widened(grant, chain[link + 1]) : null))
    ?? first((grant) => inQuestions(({ action, resource }) => {
      if (!grant.actions.includes('*') && !grant.actions.includes(action.id)) {
        return 'action_not_granted';
      }
      return grant.resource_scope.some((scope) => coversResource(scope, resource)) ? null : 'scope_not_granted';
    }))
    ?? first((grant) => inQuestions(({ context }) => (doConstraintsHold(grant.constraints, context) ? null : 'constraint_failed')))
    ?? found;
}
