// Finds a nonce so that SHA-256 of "challenge:nonce" begins with enough zero bits. The platform's digest is asynchronous, and a hundred
// times as slow for texts this short; hence the rounds of FIPS 180-4 here. Nothing secret passes through them.
const K = new Int32Array(64);
const H = new Int32Array(8);
{
  const fraction = (root) => ((root - Math.floor(root)) * 4294967296) | 0;
  let found = 0;
  for (let n = 2; found < 64; n++) {
    let prime = true;
    for (let d = 2; d * d <= n; d++) if (n % d === 0) { prime = false; break; }
    if (!prime) continue;
    if (found < 8) H[found] = fraction(Math.sqrt(n));
    K[found++] = fraction(Math.cbrt(n));
  }
}
const W = new Int32Array(64);

function block(state, bytes, at) {
  for (let i = 0; i < 16; i++, at += 4) W[i] = (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
  for (let i = 16; i < 64; i++) {
    const x = W[i - 15];
    const y = W[i - 2];
    W[i] = (W[i - 16] + ((x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ (x >>> 3)) + W[i - 7] + ((y >>> 17 | y << 15) ^ (y >>> 19 | y << 13) ^ (y >>> 10))) | 0;
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let i = 0; i < 64; i++) {
    const t = (h + ((e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7)) + ((e & f) ^ (~e & g)) + K[i] + W[i]) | 0;
    const u = (((a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g; g = f; f = e; e = (d + t) | 0; d = c; c = b; b = a; a = (t + u) | 0;
  }
  state[0] += a; state[1] += b; state[2] += c; state[3] += d; state[4] += e; state[5] += f; state[6] += g; state[7] += h;
}

onmessage = ({ data: { challenge, difficulty } }) => {
  const text = new TextEncoder().encode(`${challenge}:`);
  const whole = text.length - (text.length % 64);

  // The blocks that no nonce reaches are digested once.
  const start = Int32Array.from(H);
  for (let at = 0; at < whole; at += 64) block(start, text, at);
  const rest = text.subarray(whole);
  const state = new Int32Array(8);
  for (let n = 0; ; n++) {
    const nonce = n.toString(36);
    const length = rest.length + nonce.length;
    const bytes = new Uint8Array(length + 9 > 64 ? 128 : 64);
    bytes.set(rest);
    for (let i = 0; i < nonce.length; i++) bytes[rest.length + i] = nonce.charCodeAt(i);
    bytes[length] = 0x80;
    new DataView(bytes.buffer).setUint32(bytes.length - 4, (whole + length) * 8);
    state.set(start);
    for (let at = 0; at < bytes.length; at += 64) block(state, bytes, at);
    const zeros = state[0] !== 0 ? Math.clz32(state[0]) : 32 + Math.clz32(state[1]);
    if (zeros >= difficulty) {
      postMessage({ answer: `${challenge}:${nonce}` });
      return;
    }
    if (n % 200000 === 199999) postMessage({ tried: n + 1 });
  }
};
