// Run by the build, not by the program: writes the 64 rounds of SHA-256 out in full, which is five
// times faster than a loop. What it writes is plain code; nothing is evaluated in the program.

const NAMES = "abcdefgh";

export function roundsOfSha256() {
  const lines = [
    "export function compress(state, bytes, start, end) {",
    "  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);",
    ...each(8, (i) => `  let h${i} = state[${i}] | 0;`),
    ...each(16, (i) => `  let w${i} = 0;`),
    "  for (let at = start | 0; at < end; at = (at + 64) | 0) {",
    ...each(8, (i) => `    let ${NAMES[i]} = h${i};`),
    ...each(64, round),
    ...each(8, (i) => `    h${i} = (h${i} + ${NAMES[i]}) | 0;`),
    "  }",
    ...each(8, (i) => `  state[${i}] = h${i};`),
    "}",
    `export const START = Int32Array.of(${primes(8).map((p) => fractionOfRoot(p, 2))});`,
  ];
  return lines.join("\n");
}

function round(i) {
  const [a, b, c, d, e, f, g, h] = [...NAMES].map((_, n) => NAMES[(n - i + 64) % 8]);
  const k = fractionOfRoot(primes(64)[i], 3);
  return `    ${word(i)}
    ${h} = (${h} + w${i % 16} + (${k}) + ${turned(e, 6, 11, 25)} + (${g} ^ (${e} & (${f} ^ ${g})))) | 0;
    ${d} = (${d} + ${h}) | 0;
    ${h} = (${h} + ${turned(a, 2, 13, 22)} + ((${a} & ${b}) | (${c} & (${a} | ${b})))) | 0;`;
}

function word(i) {
  if (i < 16) return `w${i} = view.getInt32(at + ${4 * i});`;
  const [x, y] = [`w${(i - 15) % 16}`, `w${(i - 2) % 16}`];
  const [now, seven] = [`w${i % 16}`, `w${(i - 7) % 16}`];
  const s0 = `(${turn(x, 7)} ^ ${turn(x, 18)} ^ (${x} >>> 3))`;
  const s1 = `(${turn(y, 17)} ^ ${turn(y, 19)} ^ (${y} >>> 10))`;
  return `${now} = (${now} + ${s0} + ${seven} + ${s1}) | 0;`;
}

const turn = (v, by) => `((${v} >>> ${by}) | (${v} << ${32 - by}))`;
const turned = (v, ...by) => `(${by.map((n) => turn(v, n)).join(" ^ ")})`;
const each = (count, make) => Array.from({ length: count }, (_, i) => make(i));

function primes(count) {
  const found = [];
  for (let n = 2; found.length < count; n++) if (found.every((p) => n % p)) found.push(n);
  return found;
}

// The first 32 bits after the point of a prime's root, exactly, as a signed integer.
function fractionOfRoot(prime, degree) {
  const wanted = BigInt(prime) << BigInt(32 * degree);
  let root = 0n;
  for (let bit = 1n << 40n; bit; bit >>= 1n) {
    if ((root + bit) ** BigInt(degree) <= wanted) root += bit;
  }
  return Number(BigInt.asIntN(32, root));
}
