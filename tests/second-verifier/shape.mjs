// Shapes of documents. A shape is a function from a node (of json.mjs) to a plain value; it throws FormatError with the place.
import { FormatError, JsonNumber } from './json.mjs';
import { fromBase64, fromHex } from './base64.mjs';

/** Where the object's own node is kept, from which hashes are taken. */
export const RAW = Symbol('node');

const fail = (at, what) => {
  throw new FormatError(`${at}: ${what}`);
};

/** Any text up to a length in UTF-16 code units. */
export const textUpTo = (max) => (node, at) => (typeof node === 'string' && node.length <= max ? node : fail(at, `a string of at most ${max} code units is expected`));

/** Any text. */
export const text = textUpTo(1024 * 1024);

/** One of some words. */
export const oneOf = (...words) => (node, at) => (words.includes(node) ? node : fail(at, `one of ${words.join(', ')} is expected`));

/** A text of a form. */
export const matching = (pattern, what) => (node, at) => (pattern.test(text(node, at)) ? node : fail(at, `${what} is expected`));

export const boolean = (node, at) => (typeof node === 'boolean' ? node : fail(at, 'true or false is expected'));

/** An integer from 0 to 2^53 - 1, written with digits alone. */
export function count(node, at) {
  if (!(node instanceof JsonNumber) || !/^[0-9]+$/.test(node.text) || !Number.isSafeInteger(node.value)) {
    fail(at, 'an integer from 0 to 2^53 - 1 is expected');
  }
  return node.value;
}

/** One number. */
export const exactly = (number) => (node, at) => (count(node, at) === number ? number : fail(at, `${number} is expected`));

/** Bytes in lower-case hexadecimal; the text is kept. */
export const hex = (bytes) => (node, at) => (fromHex(node, bytes) === null ? fail(at, `${2 * bytes} lower-case hexadecimal digits are expected`) : node);

export const hash = hex(32);

export const base64 = (bytes) => (node, at) => {
  const value = fromBase64(node);
  return value?.length === bytes ? value : fail(at, `${bytes} bytes in base64 are expected`);
};

/** The milliseconds since 1970 of a time, or null where the text is none. */
export function milliseconds(value) {
  if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z$/.test(value) || value.startsWith('0000')) {
    return null;
  }
  const time = Date.parse(value);
  return Number.isNaN(time) || new Date(time).toISOString() !== value ? null : time;
}

/** A time; the text is kept. */
export const time = (node, at) => (milliseconds(text(node, at)) === null ? fail(at, 'a time in UTC with milliseconds is expected') : node);

/** A JSON object or array that is read elsewhere. */
export const object = (node, at) => (node instanceof Map ? node : fail(at, 'an object is expected'));
export const array = (node, at) => (Array.isArray(node) ? node : fail(at, 'an array is expected'));

/** An array of one shape, with bounds on its length. */
export const listOf = (shape, min = 0, max = Infinity) => (node, at) => {
  if (array(node, at).length < min || node.length > max) {
    fail(at, `the array has ${node.length} items`);
  }
  return node.map((item, index) => shape(item, `${at}[${index}]`));
};

/** An array that is in strictly ascending order of a key: sorted, and nothing twice. */
export const ascending = (shape, keyOf = (item) => item) => (node, at) => {
  const items = shape(node, at);
  for (let i = 1; i < items.length; i++) {
    if (!(keyOf(items[i - 1]) < keyOf(items[i]))) {
      fail(`${at}[${i}]`, 'the array is not sorted, or holds something twice');
    }
  }
  return items;
};

/** An object with these members, those of the second list perhaps absent, and no others. */
export const record = (required, optional = {}) => {
  const shapes = new Map([...Object.entries(required), ...Object.entries(optional)]);
  return (node, at) => {
    object(node, at);
    const out = { [RAW]: node };
    for (const [name, value] of node) {
      const shape = shapes.get(name);
      if (shape === undefined) {
        fail(at, `the member ${JSON.stringify(name.slice(0, 40))} is unknown`);
      }
      out[name] = shape(value, `${at}.${name}`);
    }
    for (const name of Object.keys(required)) {
      if (!node.has(name)) {
        fail(at, `the member ${name} is missing`);
      }
    }
    return out;
  };
};
