// Cedar, evaluated: policies in the JSON policy format, entities and contexts in their JSON formats (docs.cedarpolicy.com).
// A policy is compiled once to nested functions; what is malformed is refused then (FormatError), before anything is decided.
import { FormatError } from './json.mjs';
import { CedarRecord, CedarSet, Entity, EvaluationError, Scalar, checked, entityOf, isIdentifier, keyOf, longOf } from './cedar-values.mjs';
import { FUNCTIONS, callFunction, isConstructor } from './cedar-functions.mjs';

const MAX_LEVELS = 1000;

// ---- documents ----------------------------------------------------------------------------------------------------

function members(node, required, optional = []) {
  if (!(node instanceof Map)) {
    throw new FormatError('an object is expected');
  }
  for (const name of node.keys()) {
    if (!required.includes(name) && !optional.includes(name)) {
      throw new FormatError(`the key ${JSON.stringify(name.slice(0, 40))} has no meaning here`);
    }
  }
  for (const name of required) {
    if (!node.has(name)) {
      throw new FormatError(`the key ${name} is missing`);
    }
  }
  return node;
}

function text(node) {
  if (typeof node !== 'string') {
    throw new FormatError('a string is expected');
  }
  return node;
}

function list(node) {
  if (!Array.isArray(node)) {
    throw new FormatError('a list is expected');
  }
  return node;
}

/** Reads `{"type", "id"}`, also inside `__entity`. */
export function readEntityUid(node) {
  const inner = node instanceof Map && node.size === 1 && node.has('__entity') ? node.get('__entity') : node;
  members(inner, ['type', 'id']);
  return entityOf(inner.get('type'), inner.get('id'));
}

/** What an object with one member escapes to: an entity, a call, or nothing. */
function escapeOf(node) {
  if (node.size !== 1) {
    return null;
  }
  const [[name, inner]] = node;
  if (name === '__expr' && typeof inner === 'string') {
    throw new FormatError('the escape __expr is no longer part of Cedar');
  }
  if (!(inner instanceof Map)) {
    return null;
  }
  if (name === '__entity' && typeof inner.get('type') === 'string' && typeof inner.get('id') === 'string') {
    return { entity: entityOf(inner.get('type'), inner.get('id')) };
  }
  if (name === '__extn' && typeof inner.get('fn') === 'string') {
    if (inner.has('arg')) {
      return { call: inner.get('fn'), args: [inner.get('arg')] };
    }
    if (Array.isArray(inner.get('args'))) {
      return { call: inner.get('fn'), args: inner.get('args') };
    }
  }
  return null;
}

/** Reads a value of an entity or of a context. */
export function readValue(node) {
  switch (typeof node) {
    case 'boolean':
    case 'string':
      return node;
    default:
  }
  if (node === null) {
    throw new FormatError('Cedar has no null');
  }
  if (Array.isArray(node)) {
    return new CedarSet(node.map(readValue));
  }
  if (!(node instanceof Map)) {
    return longOf(node);
  }
  const escaped = escapeOf(node);
  if (escaped === null) {
    return readRecord(node);
  }
  if (escaped.entity) {
    return escaped.entity;
  }
  if (!FUNCTIONS.has(escaped.call)) {
    throw new FormatError(`there is no function ${JSON.stringify(escaped.call.slice(0, 40))}`);
  }
  const args = escaped.args.map(readValue);
  try {
    return callFunction(escaped.call, args);
  } catch (error) {
    throw error instanceof EvaluationError ? new FormatError(error.message) : error;
  }
}

/** Reads a record: a context, or the attributes or tags of an entity. */
export function readRecord(node) {
  if (!(node instanceof Map)) {
    throw new FormatError('a record is an object');
  }
  return new CedarRecord(new Map([...node].map(([name, value]) => [name, readValue(value)])));
}

const isAction = ({ type }) => type === 'Action' || type.endsWith('::Action');

/** Reads a list of entities: a Map from the entity's key to its attributes, tags and all of its ancestors. */
export function readEntities(node) {
  const entities = new Map();
  for (const item of list(node)) {
    members(item, ['uid', 'attrs', 'parents'], ['tags']);
    const uid = readEntityUid(item.get('uid'));
    if (entities.has(uid.key)) {
      throw new FormatError('an entity is described twice');
    }
    entities.set(uid.key, {
      uid,
      attrs: readRecord(item.get('attrs')).fields,
      tags: item.has('tags') ? readRecord(item.get('tags')).fields : new Map(),
      parents: list(item.get('parents')).map(readEntityUid),
      ancestors: null,
    });
    if (isAction(uid) && !entities.get(uid.key).parents.every(isAction)) {
      throw new FormatError('an action is in something that is no action');
    }
  }
  for (const entity of entities.values()) {
    climb(entities, entity);
  }
  return entities;
}

function climb(entities, start) {
  const ancestors = new Set();
  const open = [...start.parents];
  while (open.length > 0) {
    const { key } = open.pop();
    if (ancestors.has(key)) {
      continue;
    }
    if (key === start.uid.key) {
      throw new FormatError('an entity is its own ancestor');
    }
    ancestors.add(key);
    const known = entities.get(key);
    if (known !== undefined) {
      open.push(...(known.ancestors === null ? known.parents : [...known.ancestors].map((each) => ({ key: each }))));
    }
  }
  start.ancestors = ancestors;
}

// ---- evaluation ---------------------------------------------------------------------------------------------------

const wrong = (what) => new EvaluationError(`${what} is of the wrong type`);

function bool(value) {
  if (typeof value !== 'boolean') {
    throw wrong('a condition');
  }
  return value;
}

function long(value) {
  if (typeof value !== 'bigint') {
    throw wrong('an operand of arithmetic');
  }
  return value;
}

function set(value) {
  if (!(value instanceof CedarSet)) {
    throw wrong('the set');
  }
  return value;
}

function entity(value) {
  if (!(value instanceof Entity)) {
    throw wrong('the entity');
  }
  return value;
}

/** Both numbers of a comparison: two integers, two datetimes or two durations. */
function compared(left, right) {
  if (typeof left === 'bigint' && typeof right === 'bigint') {
    return [left, right];
  }
  if (left instanceof Scalar && right instanceof Scalar && left.kind === right.kind && left.kind !== 'decimal') {
    return [left.value, right.value];
  }
  throw wrong('an operand of a comparison');
}

function fieldsOf(value, world) {
  if (value instanceof CedarRecord) {
    return value.fields;
  }
  return world.entities.get(entity(value).key)?.attrs;
}

function get(value, name, world) {
  const fields = fieldsOf(value, world);
  if (fields === undefined) {
    throw new EvaluationError('the entity does not exist');
  }
  if (!fields.has(name)) {
    throw new EvaluationError('the attribute does not exist');
  }
  return fields.get(name);
}

const has = (value, name, world) => fieldsOf(value, world)?.has(name) ?? false;

function within(child, ancestor, world) {
  return child.key === ancestor.key || (world.entities.get(child.key)?.ancestors.has(ancestor.key) ?? false);
}

function isIn(left, right, world) {
  const child = entity(left);
  return right instanceof CedarSet
    ? right.items.map(entity).some((each) => within(child, each, world))
    : within(child, entity(right), world);
}

function tagsOf(left, name, world) {
  const owner = entity(left);
  if (typeof name !== 'string') {
    throw wrong('the name of the tag');
  }
  return world.entities.get(owner.key)?.tags;
}

function getTag(left, name, world) {
  const tags = tagsOf(left, name, world);
  if (tags === undefined || !tags.has(name)) {
    throw new EvaluationError('the tag does not exist');
  }
  return tags.get(name);
}

/** The keys of the second set; the first must be one too. */
function keys(a, b) {
  set(a);
  return [...set(b).byKey.keys()];
}

const BINARY = new Map(Object.entries({
  '==': (a, b) => keyOf(a) === keyOf(b),
  '!=': (a, b) => keyOf(a) !== keyOf(b),
  '<': (a, b) => { const [x, y] = compared(a, b); return x < y; },
  '<=': (a, b) => { const [x, y] = compared(a, b); return x <= y; },
  '>': (a, b) => { const [x, y] = compared(a, b); return x > y; },
  '>=': (a, b) => { const [x, y] = compared(a, b); return x >= y; },
  '+': (a, b) => checked(long(a) + long(b)),
  '-': (a, b) => checked(long(a) - long(b)),
  '*': (a, b) => checked(long(a) * long(b)),
  in: isIn,
  contains: (a, b) => set(a).byKey.has(keyOf(b)),
  containsAll: (a, b) => keys(a, b).every((key) => a.byKey.has(key)),
  containsAny: (a, b) => keys(a, b).some((key) => a.byKey.has(key)),
  getTag,
  hasTag: (a, b, world) => tagsOf(a, b, world)?.has(b) ?? false,
}));

const UNARY = new Map(Object.entries({
  '!': (a) => !bool(a),
  neg: (a) => checked(-long(a)),
  isEmpty: (a) => set(a).byKey.size === 0,
}));

/** Whether a text is some pieces with anything between them; the first piece begins it and the last ends it. */
function isLike(value, pieces) {
  if (typeof value !== 'string') {
    throw wrong('the text of like');
  }
  if (pieces.length === 1) {
    return value === pieces[0];
  }
  const last = pieces[pieces.length - 1];
  if (value.length < pieces[0].length + last.length || !value.startsWith(pieces[0]) || !value.endsWith(last)) {
    return false;
  }
  const end = value.length - last.length;
  let at = pieces[0].length;
  for (const piece of pieces.slice(1, -1)) {
    const found = value.indexOf(piece, at);
    if (found < 0 || found + piece.length > end) {
      return false;
    }
    at = found + piece.length;
  }
  return at <= end;
}

// ---- policies -----------------------------------------------------------------------------------------------------

const VARIABLES = ['principal', 'action', 'resource', 'context'];

function compileCall(name, args) {
  if (!FUNCTIONS.has(name)) {
    throw new FormatError(`there is no operator or function ${JSON.stringify(name.slice(0, 40))}`);
  }
  if (args.length === 0 && !isConstructor(name)) {
    throw new FormatError(`the method ${name} needs the value it is called on`);
  }
  return (world) => callFunction(name, args.map((arg) => arg(world)));
}

/** A literal: what only looks like an escape is a record. Calls are made when the policy is evaluated, and may fail then. */
function compileLiteral(node, level) {
  if (level > MAX_LEVELS) {
    throw new FormatError(`an expression is nested deeper than ${MAX_LEVELS} levels`);
  }
  if (Array.isArray(node)) {
    const items = node.map((item) => compileLiteral(item, level + 1));
    return (world) => new CedarSet(items.map((item) => item(world)));
  }
  if (node instanceof Map) {
    const escaped = escapeOf(node);
    if (escaped === null) {
      return compileRecord(node, (value) => compileLiteral(value, level + 1));
    }
    return escaped.entity ? () => escaped.entity : compileCall(escaped.call, escaped.args.map((arg) => compileLiteral(arg, level + 1)));
  }
  const value = readValue(node);
  return () => value;
}

function compileRecord(node, compileField) {
  if (!(node instanceof Map)) {
    throw new FormatError('a record is an object');
  }
  const fields = [...node].map(([name, value]) => [name, compileField(value)]);
  return (world) => new CedarRecord(new Map(fields.map(([name, value]) => [name, value(world)])));
}

function entityType(node) {
  if (!text(node).split('::').every(isIdentifier)) {
    throw new FormatError('this is no entity type');
  }
  return node;
}

function pattern(node) {
  const pieces = [''];
  for (const item of list(node)) {
    if (item === 'Wildcard') {
      pieces.push('');
    } else {
      pieces[pieces.length - 1] += text(members(item, ['Literal']).get('Literal'));
    }
  }
  return pieces;
}

function path(node) {
  const names = Array.isArray(node) ? node.map(text) : [text(node)];
  if (names.length === 0 || (names.length > 1 && !names.every(isIdentifier))) {
    throw new FormatError('the path of has must be identifiers');
  }
  return names;
}

function compile(node, level = 1) {
  if (level > MAX_LEVELS) {
    throw new FormatError(`an expression is nested deeper than ${MAX_LEVELS} levels`);
  }
  if (!(node instanceof Map) || node.size !== 1) {
    throw new FormatError('an expression is an object with one key');
  }
  const [[operator, body]] = node;
  const part = (name) => compile(body.get(name), level + 1);
  if (UNARY.has(operator)) {
    members(body, ['arg']);
    const [apply, operand] = [UNARY.get(operator), part('arg')];
    return (world) => apply(operand(world));
  }
  if (BINARY.has(operator)) {
    members(body, ['left', 'right']);
    const [apply, left, right] = [BINARY.get(operator), part('left'), part('right')];
    return (world) => apply(left(world), right(world), world);
  }
  switch (operator) {
    case 'Value':
      return compileLiteral(body, level);
    case 'Var': {
      if (!VARIABLES.includes(body)) {
        throw new FormatError('there is no such variable');
      }
      return (world) => world[body];
    }
    case '&&': {
      members(body, ['left', 'right']);
      const [left, right] = [part('left'), part('right')];
      return (world) => bool(left(world)) && bool(right(world));
    }
    case '||': {
      members(body, ['left', 'right']);
      const [left, right] = [part('left'), part('right')];
      return (world) => bool(left(world)) || bool(right(world));
    }
    case '.': {
      members(body, ['left', 'attr']);
      const [left, name] = [part('left'), text(body.get('attr'))];
      return (world) => get(left(world), name, world);
    }
    case 'has': {
      members(body, ['left', 'attr']);
      const [left, names] = [part('left'), path(body.get('attr'))];
      return (world) => {
        let value = left(world);
        for (const [index, name] of names.entries()) {
          if (!has(value, name, world)) {
            return false;
          }
          value = index === names.length - 1 ? value : get(value, name, world);
        }
        return true;
      };
    }
    case 'like': {
      members(body, ['left', 'pattern']);
      const [left, pieces] = [part('left'), pattern(body.get('pattern'))];
      return (world) => isLike(left(world), pieces);
    }
    case 'is': {
      members(body, ['left', 'entity_type'], ['in']);
      const [left, type, inside] = [part('left'), entityType(body.get('entity_type')), body.has('in') ? part('in') : null];
      return (world) => {
        const value = entity(left(world));
        return value.type === type && (inside === null || isIn(value, inside(world), world));
      };
    }
    case 'if-then-else': {
      members(body, ['if', 'then', 'else']);
      const [condition, yes, no] = [part('if'), part('then'), part('else')];
      return (world) => (bool(condition(world)) ? yes(world) : no(world));
    }
    case 'Set': {
      const items = list(body).map((item) => compile(item, level + 1));
      return (world) => new CedarSet(items.map((item) => item(world)));
    }
    case 'Record':
      return compileRecord(body, (value) => compile(value, level + 1));
    default:
      return compileCall(operator, list(body).map((arg) => compile(arg, level + 1)));
  }
}

function operatorOf(node) {
  if (!(node instanceof Map) || typeof node.get('op') !== 'string') {
    throw new FormatError('the key op is missing');
  }
  return node.get('op');
}

/** The entity of a scope, or null for the slot of a template. */
function entityOrSlot(node, variable, keys) {
  if (node.has('slot')) {
    if (members(node, [...keys, 'slot']).get('slot') !== `?${variable}`) {
      throw new FormatError('the slot is another');
    }
    return null;
  }
  return readEntityUid(members(node, [...keys, 'entity']).get('entity'));
}

/** Compiles the constraint of the principal or the resource; one with a slot decides nothing and is null. */
function compileScope(node, variable) {
  const op = operatorOf(node);
  switch (op) {
    case 'All':
    case 'all':
      members(node, ['op']);
      return () => true;
    case '==': {
      const uid = entityOrSlot(node, variable, ['op']);
      return uid === null ? null : (world) => world[variable].key === uid.key;
    }
    case 'in': {
      const uid = entityOrSlot(node, variable, ['op']);
      return uid === null ? null : (world) => within(world[variable], uid, world);
    }
    case 'is': {
      members(node, ['op', 'entity_type'], ['in']);
      const type = entityType(node.get('entity_type'));
      if (!node.has('in')) {
        return (world) => world[variable].type === type;
      }
      if (!(node.get('in') instanceof Map)) {
        throw new FormatError('an object is expected');
      }
      const uid = entityOrSlot(node.get('in'), variable, []);
      return uid === null ? null : (world) => world[variable].type === type && within(world[variable], uid, world);
    }
    default:
      throw new FormatError('this is not allowed in the scope');
  }
}

function actionUid(node) {
  const uid = readEntityUid(node);
  if (!isAction(uid)) {
    throw new FormatError('this is no action');
  }
  return uid;
}

function compileActionScope(node) {
  const op = operatorOf(node);
  if (op === 'All' || op === 'all') {
    members(node, ['op']);
    return () => true;
  }
  if (op === '==') {
    const uid = actionUid(members(node, ['op', 'entity']).get('entity'));
    return (world) => world.action.key === uid.key;
  }
  if (op === 'in') {
    const uids = node.has('entities')
      ? list(members(node, ['op', 'entities']).get('entities')).map(actionUid)
      : [actionUid(members(node, ['op', 'entity']).get('entity'))];
    return (world) => uids.some((uid) => within(world.action, uid, world));
  }
  throw new FormatError('this is not allowed for the action');
}

function compileCondition(node) {
  members(node, ['kind', 'body']);
  const body = compile(node.get('body'));
  switch (node.get('kind')) {
    case 'when':
      return (world) => bool(body(world));
    case 'unless':
      return (world) => !bool(body(world));
    default:
      throw new FormatError('a condition is when or unless');
  }
}

function readAnnotations(node) {
  if (!(node instanceof Map)) {
    throw new FormatError('annotations are an object');
  }
  return new Map([...node].map(([name, value]) => {
    if (!/^[_a-zA-Z][_a-zA-Z0-9]*$/.test(name)) {
      throw new FormatError('an annotation has the name of an identifier');
    }
    return [name, value === null ? '' : text(value)];
  }));
}

/**
 * Compiles one policy of the JSON policy format. A template is read and decides nothing: null.
 * @param {boolean} isTemplate whether it must have slots; else it must have none
 */
export function compilePolicy(id, node, isTemplate = false) {
  members(node, ['effect', 'principal', 'action', 'resource', 'conditions'], ['annotations']);
  const effect = node.get('effect');
  if (effect !== 'permit' && effect !== 'forbid') {
    throw new FormatError('the effect is permit or forbid');
  }
  const parts = [
    compileScope(node.get('principal'), 'principal'),
    compileActionScope(node.get('action')),
    compileScope(node.get('resource'), 'resource'),
    ...list(node.get('conditions')).map(compileCondition),
  ];
  const annotations = node.has('annotations') ? readAnnotations(node.get('annotations')) : new Map();
  if (parts.includes(null) !== isTemplate) {
    throw new FormatError('a template has slots, a policy has none');
  }
  return isTemplate ? null : { id, effect, annotations, isSatisfied: (world) => parts.every((part) => part(world)) };
}

/** The order of ids: by UTF-16 code units. */
export const ordinal = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

/**
 * Answers one request.
 * @param {Array} policies what compilePolicy gave
 * @param {{principal: Entity, action: Entity, resource: Entity, context: CedarRecord, entities: Map}} world the request and the facts
 * @returns {{decision: 'allow'|'deny', reason: string[], errors: string[], permits: string[], forbids: string[]}} ids in ordinal order
 */
export function authorize(policies, world) {
  const found = { permit: [], forbid: [] };
  const errors = [];
  for (const policy of policies) {
    try {
      if (policy.isSatisfied(world)) {
        found[policy.effect].push(policy.id);
      }
    } catch (error) {
      if (!(error instanceof EvaluationError)) {
        throw error;
      }
      errors.push(policy.id);
    }
  }
  for (const ids of [found.permit, found.forbid, errors]) {
    ids.sort(ordinal);
  }
  const decision = found.permit.length > 0 && found.forbid.length === 0 ? 'allow' : 'deny';
  return { decision, reason: found.forbid.length > 0 ? found.forbid : found.permit, errors, permits: found.permit, forbids: found.forbid };
}
