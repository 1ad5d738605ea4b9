// Text forms of bytes, read strictly: one spelling each.

/** RFC 4648 §4: padded, the unused bits zero; null for anything else. */
export function fromBase64(text) {
  if (typeof text !== 'string') {
    return null;
  }
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : null;
}

/** RFC 4648 §5 without padding, as in a JWK; null for anything else. */
export function fromBase64Url(text) {
  if (typeof text !== 'string') {
    return null;
  }
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : null;
}

/** Lower-case hexadecimal of a number of bytes; null for anything else. */
export function fromHex(text, length) {
  return typeof text === 'string' && text.length === 2 * length && /^[0-9a-f]*$/.test(text) ? Buffer.from(text, 'hex') : null;
}
