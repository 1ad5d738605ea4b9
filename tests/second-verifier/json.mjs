// A strict reader of JSON (RFC 8259). Unlike JSON.parse it refuses members that repeat a name, text that is not Unicode and
// nesting beyond a bound, and it keeps the digits of a number, so that 64-bit integers are not rounded and 1.0 is not 1.
// Objects become Maps: no name, `__proto__` included, has a meaning of its own.

/** What a reader throws: the document is not what it must be. */
export class FormatError extends Error {}

/** A number with the digits that were written. */
export class JsonNumber {
  constructor(text) {
    this.text = text;
  }

  /** The nearest double; infinite when it is out of range. */
  get value() {
    return Number(this.text);
  }
}

/** How deep a document may be nested unless the caller says otherwise: arrays and objects that are open at the same time. */
export const MAX_DEPTH = 64;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const PLAIN = /[^"\\\u0000-\u001f]*/y;
const ESCAPES = { '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/** Decodes UTF-8; bytes that are not UTF-8 are refused, a byte order mark is kept (and is no JSON). */
export function decodeUtf8(bytes) {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new FormatError('the bytes are not UTF-8');
  }
}

/** Reads one JSON document from bytes or from a string. */
export function parseJson(input, maxDepth = MAX_DEPTH) {
  const text = typeof input === 'string' ? input : decodeUtf8(input);
  if (!text.isWellFormed()) {
    throw new FormatError('the text is not Unicode');
  }

  let at = 0;
  const fail = (what) => new FormatError(`${what} at character ${at}`);

  function skip() {
    for (;;) {
      const c = text.charCodeAt(at);
      if (c !== 32 && c !== 10 && c !== 13 && c !== 9) {
        return;
      }
      at++;
    }
  }

  function string() {
    at++;
    let out = '';
    for (;;) {
      PLAIN.lastIndex = at;
      out += PLAIN.exec(text)[0];
      at = PLAIN.lastIndex;
      if (at >= text.length) {
        throw fail('a string does not end');
      }
      const c = text[at];
      if (c === '"') {
        at++;
        if (!out.isWellFormed()) {
          throw fail('a string holds half a surrogate pair');
        }
        return out;
      }
      if (c !== '\\') {
        throw fail('a string holds a control character');
      }
      const escape = text[at + 1];
      if (escape === 'u') {
        const digits = text.slice(at + 2, at + 6);
        if (!/^[0-9a-fA-F]{4}$/.test(digits)) {
          throw fail('an escape is not \\uXXXX');
        }
        out += String.fromCharCode(parseInt(digits, 16));
        at += 6;
      } else if (escape !== undefined && Object.hasOwn(ESCAPES, escape)) {
        out += ESCAPES[escape];
        at += 2;
      } else {
        throw fail('an escape is unknown');
      }
    }
  }

  function word(expected, value) {
    if (!text.startsWith(expected, at)) {
      throw fail('something that is not JSON stands');
    }
    at += expected.length;
    return value;
  }

  function array(depth) {
    at++;
    const out = [];
    skip();
    if (text[at] === ']') {
      at++;
      return out;
    }
    for (;;) {
      out.push(value(depth));
      skip();
      const c = text[at];
      if (c === ']') {
        at++;
        return out;
      }
      if (c !== ',') {
        throw fail('a comma or ] is missing');
      }
      at++;
    }
  }

  function object(depth) {
    at++;
    const out = new Map();
    skip();
    if (text[at] === '}') {
      at++;
      return out;
    }
    for (;;) {
      skip();
      if (text[at] !== '"') {
        throw fail('a name is missing');
      }
      const name = string();
      if (out.has(name)) {
        throw fail(`the name ${JSON.stringify(name.slice(0, 40))} stands twice in one object`);
      }
      skip();
      if (text[at] !== ':') {
        throw fail('a colon is missing');
      }
      at++;
      out.set(name, value(depth));
      skip();
      const c = text[at];
      if (c === '}') {
        at++;
        return out;
      }
      if (c !== ',') {
        throw fail('a comma or } is missing');
      }
      at++;
    }
  }

  function value(depth) {
    skip();
    const c = text[at];
    if (c === '{' || c === '[') {
      if (depth >= maxDepth) {
        throw fail(`the document is nested deeper than ${maxDepth} levels`);
      }
      return c === '{' ? object(depth + 1) : array(depth + 1);
    }
    switch (c) {
      case '"':
        return string();
      case 't':
        return word('true', true);
      case 'f':
        return word('false', false);
      case 'n':
        return word('null', null);
      default: {
        NUMBER.lastIndex = at;
        const match = NUMBER.exec(text);
        if (match === null) {
          throw fail('something that is not JSON stands');
        }
        at = NUMBER.lastIndex;
        return new JsonNumber(match[0]);
      }
    }
  }

  const root = value(0);
  skip();
  if (at !== text.length) {
    throw fail('something follows the document');
  }
  return root;
}
