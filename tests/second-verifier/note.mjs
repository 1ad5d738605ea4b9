// Signed notes, checkpoints and cosignatures: c2sp.org/signed-note, c2sp.org/tlog-checkpoint, c2sp.org/tlog-cosignature.
import { sha256 } from './canonical.mjs';
import { fromBase64 } from './base64.mjs';
import { FormatError } from './json.mjs';

/** Types of signatures: Ed25519 over the note, and an Ed25519 cosignature with its time. */
const ED25519 = 1;
const COSIGNATURE_V1 = 4;

/** What a note and a checkpoint may have at most. */
const MAX_BYTES = 256 * 1024;
const MAX_SIGNATURES = 64;
const MAX_ORIGIN = 255;
const MAX_EXTENSIONS = 32;

/** The latest second of year 9999. */
const LATEST = 253_402_300_799n;

const idOf = (name, type, raw) => sha256(Buffer.from(`${name}\n`, 'utf8'), Buffer.of(type), raw).subarray(0, 4);

/** The four bytes that name a log's key inside a note. For P-256 they hash the SubjectPublicKeyInfo alone, as Sigstore's logs do. */
const logKeyId = (name, key) => (key.algorithm === 'Ed25519' ? idOf(name, ED25519, key.raw) : sha256(key.spki()).subarray(0, 4));

export const isKeyName = (name) => name !== '' && !/[\p{White_Space}+\u0000-\u001f]/u.test(name);

/** Takes a note apart. */
export function parseNote(note) {
  if (Buffer.byteLength(note, 'utf8') > MAX_BYTES || !note.isWellFormed() || /[\u0000-\u0009\u000b-\u001f]/.test(note)) {
    throw new FormatError('the note is too long or holds what no note may');
  }
  const split = note.lastIndexOf('\n\n');
  if (split < 0 || !note.endsWith('\n')) {
    throw new FormatError('the note has no signatures');
  }
  const text = note.slice(0, split + 1);
  const lines = note.slice(split + 2, -1).split('\n');
  if (lines.length > MAX_SIGNATURES) {
    throw new FormatError('the note has too many signatures');
  }
  const signatures = lines.map((line) => {
    const match = /^\u2014 ([^ ]+) ([A-Za-z0-9+/=]+)$/.exec(line);
    const bytes = match === null ? null : fromBase64(match[2]);
    if (bytes === null || bytes.length < 5 || !isKeyName(match[1])) {
      throw new FormatError('a line of the note is no signature');
    }
    return { name: match[1], keyId: bytes.subarray(0, 4), value: bytes.subarray(4) };
  });
  return { text, signatures };
}

/** Reads the text of a checkpoint: origin, size, root; lines that follow are extensions. */
export function parseCheckpoint(text) {
  const [origin, size, root, ...extensions] = text.slice(0, -1).split('\n');
  const hash = fromBase64(root);
  const isReserved = /^(?:cosignature|agentgate(?:\/.*)?)\/v[0-9]+$/s.test(origin);
  if (origin === '' || origin.length > MAX_ORIGIN || isReserved || !/^(?:0|[1-9][0-9]{0,18})$/.test(size) || BigInt(size) >= 2n ** 63n
    || hash?.length !== 32 || extensions.length > MAX_EXTENSIONS || extensions.includes('')) {
    throw new FormatError('the note is no checkpoint');
  }
  return { origin, size: BigInt(size), root: hash };
}

/**
 * Whether known keys signed the note: at least one of them, and no signature in the name of any is wrong. Signatures of others
 * count as nothing.
 * @param {Array<{name: string, key: object}>} signers
 */
export function isSignedBy(note, signers) {
  const text = Buffer.from(note.text, 'utf8');
  const verdicts = signers.flatMap(({ name, key }) => {
    const id = logKeyId(name, key);
    return note.signatures
      .filter((each) => each.name === name && each.keyId.equals(id))
      .map((each) => (key.algorithm === 'Ed25519' ? key.verify(text, each.value) : key.verifyDer(text, each.value)));
  });
  return verdicts.length > 0 && verdicts.every(Boolean);
}

/** Whether a witness cosigned the note: an Ed25519 key under a name. */
export function isCosignedBy(note, { name, key }) {
  const id = idOf(name, COSIGNATURE_V1, key.raw);
  return note.signatures.some((each) => {
    if (each.name !== name || !each.keyId.equals(id) || each.value.length !== 72) {
      return false;
    }
    const time = each.value.readBigUInt64BE(0);
    return time > 0n && time <= LATEST && key.verify(Buffer.from(`cosignature/v1\ntime ${time}\n${note.text}`, 'utf8'), each.value.subarray(8));
  });
}

/** A witness's verifier key (c2sp.org/signed-note): name, id and key, joined by plus signs. */
export function parseWitnessKey(text, publicKey) {
  const match = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/s.exec(text);
  const bytes = match === null ? null : fromBase64(match[3]);
  if (bytes === null || bytes[0] !== COSIGNATURE_V1 || !isKeyName(match[1])) {
    throw new FormatError('this is no verifier key of a witness');
  }
  const key = publicKey('Ed25519', bytes.subarray(1));
  if (key === null || idOf(match[1], COSIGNATURE_V1, key.raw).toString('hex') !== match[2]) {
    throw new FormatError('the id of the witness key does not fit');
  }
  return { name: match[1], key };
}
