// X.509 certificates: who stands in one and what it may be used for; kernel/sealing/certificates.py.

import {
  BITS, INTEGER, OCTETS, SEQUENCE, SET, context, inside, oidText, parts, stringOf, timeText, within,
} from "../lib/der.js";
import { digestOf, equal, fromBase64, hex } from "../lib/bytes.js";
import { refuse } from "../lib/refused.js";

const NAMES = {
  "2.5.4.3": "CN", "2.5.4.10": "O", "2.5.4.11": "OU", "2.5.4.6": "C", "2.5.4.7": "L",
  "2.5.4.8": "ST", "2.5.4.5": "2.5.4.5", "2.5.4.97": "2.5.4.97",
};
const USCC = /^(?:[A-Z]{3}CN-)?([0-9A-HJ-NPQRTUWXY]{18})$/;
const DEMONSTRATION_POLICY = "1.3.6.1.4.1.32473.1.1";
// Signing documents (RFC 9336), mail, client authentication, any.
const SIGNING_PURPOSES = ["1.3.6.1.5.5.7.3.36", "1.3.6.1.5.5.7.3.4", "1.3.6.1.5.5.7.3.2", "2.5.29.37.0"];
const TIME_STAMPING = "1.3.6.1.5.5.7.3.8";
const RSA = "1.2.840.113549.1.1.1";
const EC = "1.2.840.10045.2.1";
export const CURVES = {
  "1.2.840.10045.3.1.7": "P-256",
  "1.3.132.0.34": "P-384",
  "1.3.132.0.35": "P-521",
};

// What is read of a certificate; `der` are its bytes, `tbs` what its issuer signed.
export function readCertificate(der) {
  try {
    const [tbs, algorithm, signature, ...more] = inside(der, SEQUENCE);
    const fields = within(tbs, SEQUENCE);
    if (more.length || fields[0].tag !== context(0) || fields[1].tag !== INTEGER) throw new Error("version");
    const [, serial, innerAlgorithm, issuer, validity, subject, key, ...rest] = fields;
    if (!equal(innerAlgorithm.whole, algorithm.whole)) throw new Error("algorithm");
    const [from, to] = within(validity, SEQUENCE);
    return {
      der,
      tbs: tbs.whole,
      sha256: digestOf(der),
      serial: serial.content,
      issuer: issuer.whole,
      subject: subject.whole,
      validFrom: timeText(from),
      validTo: timeText(to),
      algorithm: algorithm.whole,
      signature: bitString(signature),
      key: key.whole,
      names: namesOf(subject),
      issuerNames: namesOf(issuer),
      extensions: extensionsOf(rest.find(({ tag }) => tag === context(3))),
    };
  } catch {
    refuse("sealing.certificate.malformed");
  }
}

// All certificates of a PEM bundle, or the one of DER bytes.
export function readCertificates(bytes) {
  const text = new TextDecoder("latin1").decode(bytes).trimStart();
  if (!text.startsWith("-----BEGIN")) return [readCertificate(bytes)];
  const blocks = pemBlocks(text, "CERTIFICATE");
  if (!blocks.length) refuse("sealing.certificate.malformed");
  return blocks.map(readCertificate);
}

export function pemBlocks(text, label) {
  const pattern = new RegExp(`-----BEGIN ${label}-----([^-]*)-----END ${label}-----`, "g");
  return [...text.matchAll(pattern)].map(([, body]) => {
    const bytes = fromBase64(body.replace(/\s/g, ""));
    if (bytes === null) refuse("sealing.certificate.malformed");
    return bytes;
  });
}

// Whom a certificate names: {person, organisation, uscc}.
export function identityOf(certificate) {
  const single = (type) => {
    const values = certificate.names.filter((name) => name.type === type);
    if (values.length > 1) refuse("sealing.certificate.identity", { subject: subjectText(certificate) });
    return values[0]?.value.trim() ?? "";
  };
  const organisation = single("2.5.4.10");
  const commonName = single("2.5.4.3");
  const codes = new Set(
    ["2.5.4.97", "2.5.4.5"].map((type) => USCC.exec(single(type))?.[1]).filter(Boolean),
  );
  if (codes.size > 1) refuse("sealing.certificate.identity", { subject: subjectText(certificate) });
  return {
    person: commonName === organisation ? "" : commonName,
    organisation,
    uscc: [...codes][0] ?? "",
  };
}

const nameText = (names) =>
  names.map(({ type, value }) => `${NAMES[type] ?? type}=${value}`).join(", ");
export const subjectText = (certificate) => nameText(certificate.names);
export const issuerText = (certificate) => nameText(certificate.issuerNames);
export const serialText = (certificate) => hex(certificate.serial).replace(/^0+/, "");

// Whether a certificate says by its policy or its names that it proves nothing.
export function isDemonstration(certificate) {
  const named = [...certificate.issuerNames, ...certificate.names].some(
    ({ type, value }) => type === "2.5.4.10" && value.includes("DEMONSTRATION"),
  );
  return named || policiesOf(certificate).includes(DEMONSTRATION_POLICY);
}

// profile: "signer" or "timestamp".
export function checkProfile(certificate, profile = "signer") {
  keyAlgorithm(certificate);
  const reason = profileFault(certificate, profile);
  if (reason) {
    const facts = { subject: subjectText(certificate), profile, reason };
    refuse("sealing.certificate.wrong_profile", facts);
  }
}

function profileFault(certificate, profile) {
  if (isAuthority(certificate)) return "basicConstraints";
  const usage = keyUsage(certificate);
  if (!usage || usage.keyCertSign || usage.crlSign) return "keyUsage";
  if (!usage.digitalSignature && !usage.contentCommitment) return "keyUsage";
  const purposes = purposesOf(certificate);
  if (profile === "timestamp") {
    const alone = purposes?.join() === TIME_STAMPING && extension(certificate, "2.5.29.37").critical;
    return alone ? "" : "extendedKeyUsage";
  }
  const fits = purposes === null || purposes.some((each) => SIGNING_PURPOSES.includes(each));
  return fits ? "" : "extendedKeyUsage";
}

// How WebCrypto names the certificate's key; sealing.certificate.key_unsupported for weak kinds.
export function keyAlgorithm(certificate) {
  try {
    const [algorithm, bits] = inside(certificate.key, SEQUENCE);
    const [kind, parameters] = within(algorithm, SEQUENCE);
    if (oidText(kind) === EC && CURVES[oidText(parameters)]) {
      return { name: "ECDSA", namedCurve: CURVES[oidText(parameters)] };
    }
    const [modulus] = oidText(kind) === RSA ? inside(bitString(bits), SEQUENCE) : [];
    if (modulus && bitLength(modulus.content) >= 2048) return { name: "RSASSA-PKCS1-v1_5" };
  } catch {
    // Told below.
  }
  return refuse("sealing.certificate.key_unsupported");
}

export function isAuthority(certificate) {
  const constraints = extension(certificate, "2.5.29.19");
  if (!constraints) return false;
  const [first] = inside(constraints.value, SEQUENCE);
  return first?.tag === 0x01 && first.content[0] !== 0;
}

// How many authorities may stand between this one and a signer.
export function pathLength(certificate) {
  const constraints = extension(certificate, "2.5.29.19");
  const number = constraints && inside(constraints.value, SEQUENCE).find(({ tag }) => tag === INTEGER);
  return number ? number.content.reduce((sum, byte) => sum * 256 + byte, 0) : Infinity;
}

export function keyUsage(certificate) {
  const found = extension(certificate, "2.5.29.15");
  if (!found) return null;
  const [bits] = parts(found.value);
  if (bits.tag !== BITS) throw new Error("keyUsage");
  const first = bits.content[1] ?? 0;
  const bit = (number) => Boolean(first & (0x80 >> number));
  return {
    digitalSignature: bit(0), contentCommitment: bit(1), keyCertSign: bit(5), crlSign: bit(6),
  };
}

const policiesOf = (certificate) =>
  sequenceOf(extension(certificate, "2.5.29.32")).map((policy) => oidText(within(policy, SEQUENCE)[0]));

function purposesOf(certificate) {
  const found = extension(certificate, "2.5.29.37");
  return found ? sequenceOf(found).map(oidText) : null;
}

// The addresses at which the certificate says that its lists stand, as they are encoded.
export function distributionPoints(certificate) {
  return sequenceOf(extension(certificate, "2.5.29.31")).flatMap((point) => {
    const name = within(point, SEQUENCE).find(({ tag }) => tag === context(0));
    return name ? fullNames(name) : [];
  });
}

export function fullNames(point) {
  return parts(point.content)
    .filter(({ tag }) => tag === context(0))
    .flatMap(({ content }) => parts(content).map(({ whole }) => hex(whole)));
}

export const extension = ({ extensions }, type) => extensions.find((each) => each.type === type);

const sequenceOf = (found) => (found ? inside(found.value, SEQUENCE) : []);

export function extensionsOf(outer) {
  if (!outer) return [];
  const found = inside(outer.content, SEQUENCE).map((each) => {
    const fields = within(each, SEQUENCE);
    const value = fields.at(-1);
    if (value.tag !== OCTETS) throw new Error("extension");
    const critical = fields.length === 3 && fields[1].content[0] !== 0;
    return { type: oidText(fields[0]), critical, value: value.content };
  });
  if (new Set(found.map(({ type }) => type)).size < found.length) throw new Error("extension twice");
  return found;
}

function namesOf(name) {
  return within(name, SEQUENCE).flatMap((set) =>
    within(set, SET).map((pair) => {
      const [type, value] = within(pair, SEQUENCE);
      return { type: oidText(type), value: stringOf(value) };
    }),
  );
}

export function bitString({ tag, content }) {
  if (tag !== BITS || content[0] !== 0) throw new Error("bits");
  return content.subarray(1);
}

function bitLength(integer) {
  let start = 0;
  while (integer[start] === 0) start += 1;
  return start < integer.length ? 8 * (integer.length - start - 1) + 32 - Math.clz32(integer[start]) : 0;
}
