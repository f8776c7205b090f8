// Signatures under a certificate's key: ECDSA and RSA with SHA-2; kernel/sealing/algorithms.py.

import { INTEGER, SEQUENCE, inside, item, oidText, within } from "../lib/der.js";
import { concat } from "../lib/bytes.js";
import { refuse } from "../lib/refused.js";
import { keyAlgorithm } from "./certificates.js";

export const HASHES = {
  "2.16.840.1.101.3.4.2.1": "SHA-256",
  "2.16.840.1.101.3.4.2.2": "SHA-384",
  "2.16.840.1.101.3.4.2.3": "SHA-512",
};
const ECDSA = {
  "1.2.840.10045.4.3.2": "SHA-256", "1.2.840.10045.4.3.3": "SHA-384", "1.2.840.10045.4.3.4": "SHA-512",
};
const PKCS1 = {
  "1.2.840.113549.1.1.11": "SHA-256", "1.2.840.113549.1.1.12": "SHA-384", "1.2.840.113549.1.1.13": "SHA-512",
};
const PLAIN_RSA = "1.2.840.113549.1.1.1";
const PSS = "1.2.840.113549.1.1.10";
const SIZES = { "P-256": 32, "P-384": 48, "P-521": 66 };

// {name, hash, saltLength} of an AlgorithmIdentifier; `digest` is what a plain RSA one leaves open.
function schemeOf(algorithm, digest) {
  const [kind, parameters] = inside(algorithm, SEQUENCE);
  const oid = oidText(kind);
  if (ECDSA[oid]) return { name: "ECDSA", hash: ECDSA[oid] };
  if (PKCS1[oid]) return { name: "RSASSA-PKCS1-v1_5", hash: PKCS1[oid] };
  if (oid === PLAIN_RSA && digest) return { name: "RSASSA-PKCS1-v1_5", hash: digest };
  if (oid === PSS) return { name: "RSA-PSS", ...pssOf(parameters) };
  throw new Error(oid);
}

function pssOf(parameters) {
  const fields = within(parameters, SEQUENCE);
  const field = (number) => fields.find(({ tag }) => tag === (0xa0 | number));
  const hash = HASHES[oidText(inside(field(0).content, SEQUENCE)[0])];
  const [mask, of] = inside(field(1).content, SEQUENCE);
  if (oidText(mask) !== "1.2.840.113549.1.1.8" || HASHES[oidText(within(of, SEQUENCE)[0])] !== hash) {
    throw new Error("mask");
  }
  const [salt] = inside(item(SEQUENCE, field(2)?.content ?? Uint8Array.of(INTEGER, 1, 20)), SEQUENCE);
  return { hash, saltLength: salt.content.reduce((sum, byte) => sum * 256 + byte, 0) };
}

// Refuse a signature that does not hold (sealing.cms.signature) or is not of our algorithms
// (.algorithm). digest: the hash that the signature must be over, where it is told apart.
export async function checkSignature(certificate, signature, data, algorithm, digest) {
  let scheme;
  const own = keyAlgorithm(certificate);
  try {
    scheme = schemeOf(algorithm, digest);
    if (digest && scheme.hash !== digest) throw new Error("digest");
    if ((scheme.name === "ECDSA") !== (own.name === "ECDSA")) throw new Error("kind");
  } catch (fault) {
    refuse("sealing.cms.algorithm", { algorithm: fault.message });
  }
  if (!(await holds(certificate, own, scheme, signature, data))) refuse("sealing.cms.signature");
}

// Whether an issuer's key signed this; false for algorithms that are none of ours.
export async function signedBy(issuer, { tbs, algorithm, signature }) {
  try {
    await checkSignature(issuer, signature, tbs, algorithm);
    return true;
  } catch {
    return false;
  }
}

// Whether a P-256 key (SubjectPublicKeyInfo) signed this, SHA-256 and DER; false also for what is no such key.
export async function signedByKey(spki, signature, data) {
  const own = { name: "ECDSA", namedCurve: "P-256" };
  return holds({ key: spki }, own, { name: "ECDSA", hash: "SHA-256" }, signature, data);
}

async function holds(certificate, own, scheme, signature, data) {
  const curve = own.namedCurve;
  const form = curve ? own : { name: scheme.name, hash: scheme.hash };
  try {
    const key = await crypto.subtle.importKey("spki", certificate.key, form, false, ["verify"]);
    const value = curve ? rawOf(signature, SIZES[curve]) : signature;
    return await crypto.subtle.verify({ ...scheme }, key, value, data);
  } catch {
    return false;
  }
}

// SEQUENCE { INTEGER r, INTEGER s } as WebCrypto takes it: both side by side in full length.
function rawOf(signature, size) {
  const numbers = inside(signature, SEQUENCE);
  if (numbers.length !== 2) throw new Error("signature");
  return concat(...numbers.map(({ tag, content }) => {
    const digits = content[0] === 0 ? content.subarray(1) : content;
    if (tag !== INTEGER || !content.length || digits.length > size) throw new Error("signature");
    return concat(new Uint8Array(size - digits.length), digits);
  }));
}

// The other way round, for what we sign.
export function ecdsaDer(raw) {
  const half = raw.length / 2;
  const number = (bytes) => {
    let start = 0;
    while (start < bytes.length - 1 && bytes[start] === 0) start += 1;
    const digits = bytes.subarray(start);
    return item(INTEGER, digits[0] & 0x80 ? Uint8Array.of(0) : new Uint8Array(0), digits);
  };
  return item(SEQUENCE, number(raw.subarray(0, half)), number(raw.subarray(half)));
}
