// Canonical JSON: RFC 8785 (JCS) over what json.mjs reads.
import { createHash } from 'node:crypto';
import { FormatError, JsonNumber, decodeUtf8, parseJson } from './json.mjs';

/** The canonical text of a value: Map, array, string, JsonNumber, number, boolean or null. */
export function canonicalText(value) {
  if (value === null || typeof value === 'boolean') {
    return String(value);
  }
  if (typeof value === 'string') {
    if (!value.isWellFormed()) {
      throw new FormatError('a string holds half a surrogate pair');
    }
    return JSON.stringify(value);
  }
  if (value instanceof JsonNumber || typeof value === 'number') {
    const number = typeof value === 'number' ? value : value.value;
    if (!Number.isFinite(number)) {
      throw new FormatError('a number is out of range');
    }
    // ECMAScript's own form is what RFC 8785 §3.2.2.3 prescribes; -0 becomes 0.
    return String(number === 0 ? 0 : number);
  }
  if (Array.isArray(value)) {
    return `[${value.map(canonicalText).join(',')}]`;
  }
  // Array.prototype.sort without a function compares UTF-16 code units, as §3.2.3 wants.
  return `{${[...value.keys()].sort().map((name) => `${canonicalText(name)}:${canonicalText(value.get(name))}`).join(',')}}`;
}

export const canonicalBytes = (value) => Buffer.from(canonicalText(value), 'utf8');

export const sha256 = (...parts) => {
  const hash = createHash('sha256');
  for (const part of parts) {
    hash.update(part);
  }
  return hash.digest();
};

/** SHA-256 of the canonical bytes, in lower-case hexadecimal. */
export const hashOf = (value) => sha256(canonicalBytes(value)).toString('hex');

/** Reads a document whose bytes must be canonical already. */
export function parseCanonical(input, maxDepth) {
  const text = typeof input === 'string' ? input : decodeUtf8(input);
  const value = parseJson(text, maxDepth);
  if (canonicalText(value) !== text) {
    throw new FormatError('the document is not in canonical form (RFC 8785)');
  }
  return value;
}

/** A member of the canonical text without some names: what a signature covers. */
export const without = (object, ...names) => new Map([...object].filter(([name]) => !names.includes(name)));
