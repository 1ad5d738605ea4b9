// The Merkle tree of RFC 9162 §2.1. Hashes are Buffers of 32 bytes; sizes and indexes are integers up to 2^53 - 1, as BigInt or number.
import { sha256 } from './canonical.mjs';

const LEAF = Buffer.of(0);
const NODE = Buffer.of(1);

export const leafHash = (bytes) => sha256(LEAF, bytes);
export const nodeHash = (left, right) => sha256(NODE, left, right);

const isHash = (value) => Buffer.isBuffer(value) && value.length === 32;

/** The root of a tree of few leaves. */
export function rootOf(leaves) {
  if (leaves.length === 0) {
    return sha256();
  }
  if (leaves.length === 1) {
    return leaves[0];
  }
  let split = 1;
  while (split * 2 < leaves.length) {
    split *= 2;
  }
  return nodeHash(rootOf(leaves.slice(0, split)), rootOf(leaves.slice(split)));
}

/** The proof that a leaf is in the tree of these leaves. */
export function inclusionPath(leaves, index) {
  if (leaves.length <= 1) {
    return [];
  }
  let split = 1;
  while (split * 2 < leaves.length) {
    split *= 2;
  }
  return index < split
    ? [...inclusionPath(leaves.slice(0, split), index), rootOf(leaves.slice(split))]
    : [...inclusionPath(leaves.slice(split), index - split), rootOf(leaves.slice(0, split))];
}

/** The root that an inclusion proof leads to, or null where the proof does not fit (RFC 9162 §2.1.3.2). */
export function rootFromInclusion(index, size, leaf, path) {
  let [fn, sn] = [BigInt(index), BigInt(size) - 1n];
  if (fn < 0n || fn > sn || !isHash(leaf) || !path.every(isHash)) {
    return null;
  }
  let root = leaf;
  for (const sibling of path) {
    if (sn === 0n) {
      return null;
    }
    if (fn % 2n === 1n || fn === sn) {
      root = nodeHash(sibling, root);
      while (fn % 2n === 0n && fn !== 0n) {
        fn /= 2n;
        sn /= 2n;
      }
    } else {
      root = nodeHash(root, sibling);
    }
    fn /= 2n;
    sn /= 2n;
  }
  return sn === 0n ? root : null;
}

/** Whether a leaf is at its place in the tree with this root. */
export function isIncluded(index, size, leaf, path, root) {
  return isHash(root) && (rootFromInclusion(index, size, leaf, path)?.equals(root) ?? false);
}

/**
 * Whether the smaller tree is the beginning of the larger one (RFC 9162 §2.1.4.2). Between equal sizes the proof is empty; a proof
 * from an empty tree would say nothing and is refused.
 */
export function isConsistent(size1, size2, root1, root2, path) {
  const [first, second] = [BigInt(size1), BigInt(size2)];
  if (first <= 0n || first > second) {
    return false;
  }
  if (first === second) {
    return path.length === 0 && root1.equals(root2);
  }
  if (!isHash(root1) || !isHash(root2) || !path.every(isHash)) {
    return false;
  }
  const isPower = (first & (first - 1n)) === 0n;
  const hashes = isPower ? [root1, ...path] : path;
  if (hashes.length === 0) {
    return false;
  }
  let [fn, sn] = [first - 1n, second - 1n];
  while (fn % 2n === 1n) {
    fn /= 2n;
    sn /= 2n;
  }
  let [fr, sr] = [hashes[0], hashes[0]];
  for (const hash of hashes.slice(1)) {
    if (sn === 0n) {
      return false;
    }
    if (fn % 2n === 1n || fn === sn) {
      fr = nodeHash(hash, fr);
      sr = nodeHash(hash, sr);
      while (fn % 2n === 0n && fn !== 0n) {
        fn /= 2n;
        sn /= 2n;
      }
    } else {
      sr = nodeHash(sr, hash);
    }
    fn /= 2n;
    sn /= 2n;
  }
  return sn === 0n && fr.equals(root1) && sr.equals(root2);
}
