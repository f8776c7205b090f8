// Detached CMS signatures (RFC 5652) as CAdES-B: made, and checked by structure and mathematics;
// kernel/sealing/cms.py and cmsquick.py.

import {
  INTEGER, OCTETS, OID, SEQUENCE, SET, UTC_TIME, GENERAL_TIME, compare, context, inside, item, oid,
  oidText, parts, setOf, timeText, within,
} from "../lib/der.js";
import { concat, equal, hex, utf8 } from "../lib/bytes.js";
import { Refused, refuse } from "../lib/refused.js";
import { sha256 } from "../lib/sha256.js";
import { extension, keyAlgorithm, readCertificate } from "./certificates.js";
import { HASHES, checkSignature } from "./verifying.js";

const MAX_SIZE = 256 * 1024;
const MAX_CERTIFICATES = 10;
const ATTEMPTS = 32;
const SIGNED_DATA = "1.2.840.113549.1.7.2";
const DATA = "1.2.840.113549.1.7.1";
const CONTENT_TYPE = "1.2.840.113549.1.9.3";
const MESSAGE_DIGEST = "1.2.840.113549.1.9.4";
const SIGNING_TIME = "1.2.840.113549.1.9.5";
const SIGNING_CERTIFICATE = "1.2.840.113549.1.9.16.2.47";
const ALGORITHM_PROTECTION = "1.2.840.113549.1.9.52";
const TIMESTAMP_TOKEN = "1.2.840.113549.1.9.16.2.14";
const SHA256_NULL = item(SEQUENCE, oid("2.16.840.1.101.3.4.2.1"), Uint8Array.of(5, 0));
const ECDSA_SHA256 = item(SEQUENCE, oid("1.2.840.10045.4.3.2"));
const RSA_SHA256 = item(SEQUENCE, oid("1.2.840.113549.1.1.11"), Uint8Array.of(5, 0));
const ONE = item(INTEGER, Uint8Array.of(1));

// What a key signs for content of this SHA-256 (RFC 5652 §11, RFC 5035): DER of a SET OF Attribute.
export function signedAttributes(digest, certificate, signingTime) {
  const issuer = item(SEQUENCE, item(context(4), certificate.issuer));
  const reference = item(
    SEQUENCE,
    item(OCTETS, sha256(certificate.der)),
    item(SEQUENCE, issuer, item(INTEGER, certificate.serial)),
  );
  const attribute = (kind, value) => item(SEQUENCE, oid(kind), item(SET, value));
  return setOf([
    attribute(CONTENT_TYPE, oid(DATA)),
    attribute(MESSAGE_DIGEST, item(OCTETS, digest)),
    attribute(SIGNING_CERTIFICATE, item(SEQUENCE, item(SEQUENCE, reference))),
    attribute(SIGNING_TIME, timeOf(signingTime)),
  ]);
}

// The CMS of attributes that the certificate's key signed.
export function assemble(attributes, signature, certificate, chain) {
  const elliptic = keyAlgorithm(certificate).name === "ECDSA";
  const info = item(
    SEQUENCE,
    ONE,
    item(SEQUENCE, certificate.issuer, item(INTEGER, certificate.serial)),
    SHA256_NULL,
    concat(Uint8Array.of(context(0)), attributes.subarray(1)),
    elliptic ? ECDSA_SHA256 : RSA_SHA256,
    item(OCTETS, signature),
  );
  const together = new Map([certificate, ...chain].map(({ der }) => [hex(der), der]));
  const signed = item(
    SEQUENCE,
    ONE,
    item(SET, SHA256_NULL),
    item(SEQUENCE, oid(DATA)),
    setOf(together.values(), context(0)),
    item(SET, info),
  );
  return item(SEQUENCE, oid(SIGNED_DATA), item(context(0), signed));
}

// A detached signature over data by a signer ({certificate, chain, sign}); at: instant text. size: that
// the CMS should have: one of ECDSA has some bytes more or fewer each time, and is made again for a while.
export async function signCms(data, signer, at, size = 0) {
  const attributes = signedAttributes(sha256(data), signer.certificate, at);
  const sign = async () =>
    assemble(attributes, await signer.sign(attributes), signer.certificate, signer.chain);
  let made = await sign();
  for (let left = ATTEMPTS; size && made.length !== size && left; left--) made = await sign();
  await checkCms(made, data);
  return made;
}

// Structure and mathematics of a detached signature: {certificate, certificates, signingTime}.
export async function checkCms(cms, data) {
  if (cms.length > MAX_SIZE) refuse("sealing.cms.too_large", { limit: MAX_SIZE });
  const { rows, info } = shape(() => structureOf(cms));
  if (!rows.length || rows.length > MAX_CERTIFICATES || rows.some(({ tag }) => tag !== SEQUENCE)) {
    refuse("sealing.cms.certificate");
  }
  const certificates = rows.map(({ whole }) => readable(whole)).filter(Boolean);
  const hash = shape(() => HASHES[oidText(within(info[2], SEQUENCE)[0])]);
  if (!hash) refuse("sealing.cms.algorithm", { algorithm: hex(info[2].content) });
  const attributes = shape(() => attributesOf(info[3]));
  if (!equal(await hashed(hash, data), attributes.messageDigest)) refuse("sealing.cms.digest");
  const certificate = signerOf(info[1], certificates);
  if (!equal(await hashed(attributes.certificateHashName, certificate.der), attributes.certificateHash)) {
    refuse("sealing.cms.certificate");
  }
  const { names } = attributes;
  if (names && !(equal(names.issuer, certificate.issuer) && equal(names.serial, certificate.serial))) {
    refuse("sealing.cms.certificate");
  }
  checkProtection(attributes, info);
  // What is signed is the SET OF, not the [0] that stands in its place (RFC 5652 §5.4).
  const raw = concat(Uint8Array.of(SET), info[3].whole.subarray(1));
  await checkSignature(certificate, info[5].content, raw, info[4].whole, hash);
  return { certificate, certificates, signingTime: attributes.signingTime };
}

function structureOf(cms) {
  const [kind, content] = inside(cms, SEQUENCE);
  if (oidText(kind) !== SIGNED_DATA) throw new Error("not SignedData");
  const fields = inside(content.content, SEQUENCE);
  const [, algorithms, encapsulated] = fields;
  const inner = within(encapsulated, SEQUENCE);
  if (inner.length !== 1 || oidText(inner[0]) !== DATA) throw new Error("not detached");
  const rows = fields.find(({ tag }) => tag === context(0));
  const infos = within(fields.at(-1), SET);
  if (infos.length !== 1 || within(algorithms, SET).length !== 1) throw new Error("not one signer");
  const info = within(infos[0], SEQUENCE);
  if (info[3]?.tag !== context(0)) throw new Error("no signed attributes");
  if (info[5]?.tag !== OCTETS || info.length > 7) throw new Error("signer");
  for (const each of info[6] ? within(info[6], context(1)) : []) {
    if (oidText(within(each, SEQUENCE)[0]) !== TIMESTAMP_TOKEN) throw new Error("unsigned attributes");
  }
  return { rows: rows ? parts(rows.content) : [], info };
}

// Strict: each attribute once and with one value, in DER's order.
function attributesOf(outer) {
  const rows = parts(outer.content);
  if (rows.some((row, i) => i && compare(rows[i - 1].whole, row.whole) > 0)) throw new Error("not DER");
  const values = new Map();
  for (const row of rows) {
    const [kind, set] = within(row, SEQUENCE);
    const found = within(set, SET);
    if (found.length !== 1 || values.has(oidText(kind))) throw new Error("not single");
    values.set(oidText(kind), found[0]);
  }
  if (oidText(values.get(CONTENT_TYPE)) !== DATA) throw new Error("content type");
  const digest = values.get(MESSAGE_DIGEST);
  if (digest?.tag !== OCTETS) throw new Error("message digest");
  const [references] = within(values.get(SIGNING_CERTIFICATE), SEQUENCE);
  const fields = within(within(references, SEQUENCE)[0], SEQUENCE);
  // SHA-256 is the default and then left out.
  const named = fields[0].tag === SEQUENCE ? HASHES[oidText(within(fields.shift(), SEQUENCE)[0])] : "SHA-256";
  if (!named) refuse("sealing.cms.algorithm", { algorithm: "signingCertificateV2" });
  const time = values.get(SIGNING_TIME);
  return {
    messageDigest: digest.content,
    certificateHashName: named,
    certificateHash: fields[0].content,
    names: fields[1] ? namesOf(fields[1]) : null,
    signingTime: time ? timeText(time) : "",
    protection: values.get(ALGORITHM_PROTECTION),
  };
}

// Issuer and number of the certificate that is meant (IssuerSerial, RFC 5035): others than its own would
// make other readers take another signer.
function namesOf(row) {
  const [names, serial] = within(row, SEQUENCE);
  const [name, ...more] = within(names, SEQUENCE);
  if (name.tag !== context(4) || more.length || serial?.tag !== INTEGER) throw new Error("issuer and number");
  return { issuer: name.content, serial: serial.content };
}

// RFC 6211: where the signer repeats the algorithms in what is signed, they must agree.
function checkProtection({ protection }, info) {
  if (!protection) return;
  const fields = shape(() => within(protection, SEQUENCE));
  const first = (part) => hex(parts(part.content)[0].whole);
  const same = fields.length === 2 && first(fields[0]) === first(info[2]) && first(fields[1]) === first(info[4]);
  if (!same) refuse("sealing.cms.algorithm", { algorithm: "RFC 6211" });
}

// A certificate, or null: one that came along and cannot be read is nobody's, and stops nobody, for it
// would stop whoever opens the bids of a whole lot.
function readable(der) {
  try {
    return readCertificate(der);
  } catch (fault) {
    if (fault instanceof Refused) return null;
    throw fault;
  }
}

// The one certificate that a signer's name means: two under one name are nobody's.
function signerOf(sid, certificates) {
  const means = (each) => {
    if (sid.tag !== SEQUENCE) {
      const own = extension(each, "2.5.29.14");
      return own && equal(parts(own.value)[0].content, sid.content);
    }
    const [issuer, serial] = shape(() => parts(sid.content));
    return equal(issuer.whole, each.issuer) && equal(serial.content, each.serial);
  };
  const found = new Map(certificates.filter(means).map((each) => [hex(each.der), each]));
  return found.size === 1 ? [...found.values()][0] : refuse("sealing.cms.certificate");
}

function shape(reading) {
  try {
    return reading();
  } catch (fault) {
    if (fault instanceof Refused) throw fault;
    return refuse("sealing.cms.malformed", { reason: String(fault.message).slice(0, 200) });
  }
}

const hashed = async (name, data) =>
  name === "SHA-256" ? sha256(data) : new Uint8Array(await crypto.subtle.digest(name, data));

// RFC 5652 §11.3: UTCTime until 2049, GeneralizedTime from 2050; whole seconds.
function timeOf(at) {
  const digits = `${at.slice(0, 19).replace(/\D/g, "")}Z`;
  return at < "2050" ? item(UTC_TIME, utf8(digits.slice(2))) : item(GENERAL_TIME, utf8(digits));
}
