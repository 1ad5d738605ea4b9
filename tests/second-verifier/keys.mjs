// The server's public keys: a JWKS (RFC 7517, RFC 8037) with what docs/formats/bundle.md adds.
import { sha256 } from './canonical.mjs';
import { fromBase64Url } from './base64.mjs';
import { FormatError, parseJson } from './json.mjs';
import { isKeyName } from './note.mjs';
import { publicKey } from './signatures.mjs';

function coordinate(node) {
  const bytes = fromBase64Url(node);
  if (bytes?.length !== 32) {
    throw new FormatError('a coordinate is 32 bytes in base64url without padding');
  }
  return bytes;
}

/** The id that a key has by its algorithm and its bytes. */
const idOf = (algorithm, raw) => `k${sha256(Buffer.from(`agentgate-key-v1\n${algorithm}\n`), raw).toString('hex').slice(0, 16)}`;

function readRoles(node) {
  if (node === undefined) {
    return { roles: [], name: null };
  }
  const [roles, name] = node instanceof Map ? [node.get('role'), node.get('name') ?? null] : [];
  if (!Array.isArray(roles) || !roles.every((role) => typeof role === 'string') || (name !== null && typeof name !== 'string')) {
    throw new FormatError('agentgate has an array of roles and perhaps a name');
  }
  if (roles.includes('checkpoints') && (name === null || !isKeyName(name))) {
    throw new FormatError('a key for checkpoints has a name that can stand in a note');
  }
  return { roles, name };
}

/** What a key set may have at most. */
const MAX_BYTES = 64 * 1024;
const MAX_KEYS = 64;
const MAX_DEPTH = 8;

/** Reads a key set: a Map from key id to `{key, roles, name}`. Keys of other types are passed over. */
export function readKeys(bytes) {
  if (Buffer.byteLength(bytes) > MAX_BYTES) {
    throw new FormatError('a key set has at most 64 KiB');
  }
  const node = parseJson(bytes, MAX_DEPTH);
  const list = node instanceof Map ? node.get('keys') : undefined;
  if (!Array.isArray(list) || list.length > MAX_KEYS) {
    throw new FormatError('a key set has an array of at most 64 keys');
  }
  const keys = new Map();
  for (const item of list) {
    if (!(item instanceof Map) || typeof item.get('kty') !== 'string') {
      throw new FormatError('a key is an object with kty');
    }
    const isEd25519 = item.get('kty') === 'OKP' && item.get('crv') === 'Ed25519';
    if (!isEd25519 && !(item.get('kty') === 'EC' && item.get('crv') === 'P-256')) {
      continue;
    }
    const algorithm = isEd25519 ? 'Ed25519' : 'ES256';
    if (item.has('d') || item.get('use') !== 'sig' || item.get('alg') !== (isEd25519 ? 'EdDSA' : 'ES256')) {
      throw new FormatError('a key has a private part, or a use or alg that does not fit');
    }
    const raw = isEd25519 ? coordinate(item.get('x')) : Buffer.concat([Buffer.of(4), coordinate(item.get('x')), coordinate(item.get('y'))]);
    const key = publicKey(algorithm, raw);
    const id = idOf(algorithm, raw);
    if (key === null || item.get('kid') !== id || keys.has(id)) {
      throw new FormatError('a key is no public key, has another id than its own, or stands twice');
    }
    keys.set(id, { id, key, ...readRoles(item.get('agentgate')) });
  }
  return keys;
}
