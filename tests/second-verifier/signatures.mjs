// Ed25519 and ECDSA P-256 through node:crypto. Raw public keys: 32 bytes, or the 65 bytes of an uncompressed point.
import { createPublicKey, verify } from 'node:crypto';

const P = 2n ** 255n - 19n;

/** The points of small order (and their other encodings): a signature under or with one of them proves nothing. */
const SMALL_ORDER_Y = new Set([
  0n,
  1n,
  2707385501144840649318225287225658788936804267575313519463743609750303021367n,
  P - 2707385501144840649318225287225658788936804267575313519463743609750303021367n,
  P - 1n,
]);

const littleEndian = (bytes) => BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);

/** The y coordinate of an encoded point without the sign bit, not reduced. */
const yOf = (bytes) => littleEndian(bytes) & (2n ** 255n - 1n);

const isSmallOrder = (bytes) => SMALL_ORDER_Y.has(yOf(bytes) % P);

function ed25519Key(raw) {
  if (raw.length !== 32 || yOf(raw) >= P || isSmallOrder(raw)) {
    return null;
  }
  try {
    return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') }, format: 'jwk' });
  } catch {
    return null;
  }
}

function p256Key(raw) {
  if (raw.length !== 65 || raw[0] !== 4) {
    return null;
  }
  try {
    return createPublicKey({
      key: { kty: 'EC', crv: 'P-256', x: raw.subarray(1, 33).toString('base64url'), y: raw.subarray(33).toString('base64url') },
      format: 'jwk',
    });
  } catch {
    return null;
  }
}

/**
 * A public key, or null where the bytes are none.
 * @param {'Ed25519'|'ES256'} algorithm
 * @returns {{algorithm: string, raw: Buffer, verify: (message: Buffer, signature: Buffer) => boolean}|null}
 */
export function publicKey(algorithm, raw) {
  const key = algorithm === 'Ed25519' ? ed25519Key(raw) : algorithm === 'ES256' ? p256Key(raw) : null;
  if (key === null) {
    return null;
  }
  return {
    algorithm,
    raw,
    verify(message, signature) {
      if (!Buffer.isBuffer(signature) || signature.length !== 64) {
        return false;
      }
      return algorithm === 'Ed25519'
        ? !isSmallOrder(signature.subarray(0, 32)) && verify(null, message, key, signature)
        : verify('sha256', message, { key, dsaEncoding: 'ieee-p1363' }, signature);
    },
    /** ECDSA in the DER form (RFC 3279 §2.2.3), as signed notes carry it. */
    verifyDer: (message, signature) => verify('sha256', message, { key, dsaEncoding: 'der' }, signature),
    spki: () => key.export({ format: 'der', type: 'spki' }),
  };
}
