// The values of Cedar: true/false, BigInt (64 bits), strings, and the classes below. `keyOf` names a value: two values are
// equal exactly when their keys are.
import { FormatError, JsonNumber } from './json.mjs';

/** What evaluating an expression may end with instead of a value. */
export class EvaluationError extends Error {}

export class Entity {
  constructor(type, id) {
    this.type = type;
    this.id = id;
    this.key = `e${type}::${JSON.stringify(id)}`;
  }
}

export class CedarSet {
  /** @param {Array} items values, repeated ones too */
  constructor(items) {
    this.byKey = new Map(items.map((item) => [keyOf(item), item]));
  }

  get items() {
    return [...this.byKey.values()];
  }
}

export class CedarRecord {
  /** @param {Map<string, *>} fields */
  constructor(fields) {
    this.fields = fields;
  }
}

/** A decimal (value × 10⁴), a datetime (ms since 1970) or a duration (ms). */
export class Scalar {
  constructor(kind, value) {
    this.kind = kind;
    this.value = value;
  }
}

export class IpRange {
  constructor(isV6, address, prefix) {
    this.isV6 = isV6;
    this.address = address;
    this.prefix = prefix;
  }

  get bits() {
    return this.isV6 ? 128 : 32;
  }

  get first() {
    const host = BigInt(this.bits - this.prefix);
    return (this.address >> host) << host;
  }

  get last() {
    return this.first + (1n << BigInt(this.bits - this.prefix)) - 1n;
  }

  isIn(other) {
    return this.isV6 === other.isV6 && this.first >= other.first && this.last <= other.last;
  }
}

export function keyOf(value) {
  switch (typeof value) {
    case 'boolean':
      return value ? 't' : 'f';
    case 'bigint':
      return `l${value}`;
    case 'string':
      return `s${JSON.stringify(value)}`;
    default:
  }
  if (value instanceof Entity) {
    return value.key;
  }
  if (value instanceof CedarSet) {
    return `[${[...value.byKey.keys()].sort().join(',')}]`;
  }
  if (value instanceof CedarRecord) {
    return `{${[...value.fields.keys()].sort().map((name) => `${JSON.stringify(name)}:${keyOf(value.fields.get(name))}`).join(',')}}`;
  }
  if (value instanceof IpRange) {
    return `i${value.isV6 ? 6 : 4}/${value.address}/${value.prefix}`;
  }
  return `x${value.kind}/${value.value}`;
}

const MIN = -(2n ** 63n);
const MAX = 2n ** 63n - 1n;

/** The integer itself when 64 bits hold it. */
export function checked(value) {
  if (value < MIN || value > MAX) {
    throw new EvaluationError('the result needs more than 64 bits');
  }
  return value;
}

const RESERVED = new Set(['true', 'false', 'if', 'then', 'else', 'in', 'is', 'like', 'has', '__cedar']);

/** Whether a text is an identifier of the language. */
export const isIdentifier = (text) => /^[_a-zA-Z][_a-zA-Z0-9]*$/.test(text) && !RESERVED.has(text);

/** The entity that `{"type", "id"}` names. */
export function entityOf(type, id) {
  if (typeof type !== 'string' || typeof id !== 'string') {
    throw new FormatError('an entity is {"type": string, "id": string}');
  }
  if (!type.split('::').every(isIdentifier)) {
    throw new FormatError(`${JSON.stringify(type.slice(0, 60))} is no entity type`);
  }
  return new Entity(type, id);
}

/** A number of a document as a 64-bit integer: digits only, no -0. */
export function longOf(number) {
  if (!(number instanceof JsonNumber) || !/^-?[0-9]{1,19}$/.test(number.text) || number.text === '-0') {
    throw new FormatError('a number is not a 64-bit integer');
  }
  const value = BigInt(number.text);
  if (value < MIN || value > MAX) {
    throw new FormatError('a number is not a 64-bit integer');
  }
  return value;
}
