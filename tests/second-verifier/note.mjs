// Signed notes, checkpoints and cosignatures: c2sp.org/signed-note, c2sp.org/tlog-checkpoint, c2sp.org/tlog-cosignature.
import { sha256 } from './canonical.mjs';
import { fromBase64 } from './base64.mjs';
import { FormatError } from './json.mjs';

/** Types of signatures: Ed25519 over the note, and an Ed25519 cosignature with its time. */
export const ED25519 = 1;
export const COSIGNATURE_V1 = 4;

/** A note has at most this many characters and signatures. */
const MAX_LENGTH = 1_000_000;
const MAX_SIGNATURES = 100;

/** The four bytes that name a key inside a note. */
export const noteKeyId = (name, type, key) => sha256(Buffer.from(`${name}\n`, 'utf8'), Buffer.of(type), key).subarray(0, 4);

export const isKeyName = (name) => name !== '' && !/[\s+]/u.test(name);

/** Takes a note apart. */
export function parseNote(note) {
  if (note.length > MAX_LENGTH || !note.isWellFormed() || /[\u0000-\u0009\u000b-\u001f]/.test(note)) {
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
  const lines = text.slice(0, -1).split('\n');
  const [origin, size, root] = lines;
  const hash = fromBase64(root ?? null);
  if (lines.length < 3 || origin === '' || !/^(?:0|[1-9][0-9]{0,15})$/.test(size) || !Number.isSafeInteger(Number(size)) || hash?.length !== 32 || lines.slice(3).includes('')) {
    throw new FormatError('the note is no checkpoint');
  }
  return { origin, size: Number(size), root: hash };
}

/** Whether a key signed the note under a name. */
export function isSignedBy(note, name, key) {
  const id = noteKeyId(name, ED25519, key.raw);
  return note.signatures.some((each) => each.name === name && each.keyId.equals(id) && key.verify(Buffer.from(note.text, 'utf8'), each.value));
}

/** When a witness cosigned the note (seconds since 1970, as BigInt), or null. */
export function cosignedAt(note, name, key) {
  const id = noteKeyId(name, COSIGNATURE_V1, key.raw);
  for (const each of note.signatures) {
    if (each.name !== name || !each.keyId.equals(id) || each.value.length !== 72) {
      continue;
    }
    const time = each.value.readBigUInt64BE(0);
    if (key.verify(Buffer.from(`cosignature/v1\ntime ${time}\n${note.text}`, 'utf8'), each.value.subarray(8))) {
      return time;
    }
  }
  return null;
}
