// Time-stamp tokens (RFC 3161), judged by roots that the reader brought along: strict DER, SHA-256, one
// signer; kernel/sealing/timestamps.py and procurement/bidder/stamps.py.

import { INTEGER, OCTETS, OID, SEQUENCE, SET, context, inside, item, parts } from "../lib/der.js";
import { concat, equal, fromHex, hex } from "../lib/bytes.js";
import { Refused, refuse } from "../lib/refused.js";
import { sha256 } from "../lib/sha256.js";
import { isDemonstration, readCertificate, subjectText } from "./certificates.js";
import { checkUnbroken } from "./revocation.js";
import { Trust } from "./trust.js";
import { algorithm, attributesOf, certificateHashes, check, fields, one, readInfo } from "./tstinfo.js";
import { HASHES, checkSignature, signedBy } from "./verifying.js";

const MAX_SIZE = 16 * 1024;
const MAX_CERTIFICATES = 10;
// Beyond this (microseconds) a token says nothing of the minute in which something happened.
const MAX_ACCURACY = 60e6;
const CONTEXT_0 = context(0);
const SIGNED_DATA = "06092a864886f70d010702";
const TST_INFO = "060b2a864886f70d0109100104";
const CONTENT_TYPE = "1.2.840.113549.1.9.3";
const MESSAGE_DIGEST = "1.2.840.113549.1.9.4";
const SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47";
// Kind of key and the digest that the name implies; plain rsaEncryption leaves it open.
const SIGNATURES = {
  "1.2.840.10045.4.3.2": "SHA-256", "1.2.840.10045.4.3.3": "SHA-384", "1.2.840.10045.4.3.4": "SHA-512",
  "1.2.840.113549.1.1.1": "", "1.2.840.113549.1.1.11": "SHA-256", "1.2.840.113549.1.1.12": "SHA-384",
  "1.2.840.113549.1.1.13": "SHA-512",
};

// Who stamped this SHA-256 (hex) and when: {authority, genTime, demonstration}. names: those whom the
// policy names. roots: certificates. demonstration: whether the reader accepted a sandbox's. known: as of verifyToken.
export async function prove(token, digest, names, { roots, demonstration, crls, intermediates }, known) {
  const own = isDemonstration((await readToken(token)).certificate) && demonstration;
  // Roots for demonstration vouch for demonstration only, and the other way round.
  const anchors = roots.filter((each) => isDemonstration(each) === own);
  const found = await verifyToken(token, digest, new Trust(anchors, own, crls, intermediates), known);
  return { authority: checkNamed(found, names), genTime: found.info.genTime, demonstration: own };
}

// A token whose signature holds over what it says; nothing is said yet about trust.
export async function readToken(data) {
  try {
    check(data.length <= MAX_SIZE, `more than ${MAX_SIZE} bytes`);
    return await read(data);
  } catch (fault) {
    if (fault instanceof Refused) throw fault;
    return refuse("sealing.timestamp.malformed", { reason: String(fault.message).slice(0, 200) });
  }
}

// A token over this SHA-256 by an authority whom the anchors vouch for at its own time. known: now, where the token
// may be old; then lists must speak up to now, and an authority revoked since must merely have gone out of use.
export async function verifyToken(data, digest, trust, known) {
  const token = await readToken(data);
  const { info: { digest: imprint, accuracy, genTime }, certificate, certificates } = token;
  if (!equal(imprint, fromHex(digest))) refuse("sealing.timestamp.imprint");
  if (accuracy > MAX_ACCURACY) refuse("sealing.timestamp.accuracy", { seconds: accuracy / 1e6 });
  const others = certificates.filter(({ sha256: name }) => name !== certificate.sha256);
  const chain = await trust.verifyCertificate(certificate, others, genTime, { profile: "timestamp", known });
  if (known && chain.length > 1) await checkUnbroken(chain[0], chain[1], trust.crls);
  await checkCompany(certificates, [...trust.intermediates, ...trust.anchors], chain);
  return token;
}

// The one of these names that a token's certificate bears: common name or organisation.
function checkNamed({ certificate }, names) {
  const borne = certificate.names.filter(({ type }) => type === "2.5.4.3" || type === "2.5.4.10");
  return names.find((name) => borne.some(({ value }) => value === name)) ??
    refuse("sealing.timestamp.authority", { found: subjectText(certificate) });
}

async function read(data) {
  const [kind, content] = fields(data, OID, CONTEXT_0);
  check(hex(kind.whole) === SIGNED_DATA, "not SignedData");
  const [version, digests, wrapped, bag, signers] =
    fields(one(content.content).whole, INTEGER, SET, SEQUENCE, CONTEXT_0, SET);
  check(hex(version.content) === "03", "version");
  const [what, inner] = fields(wrapped.whole, OID, CONTEXT_0);
  const said = one(inner.content);
  check(hex(what.whole) === TST_INFO && said.tag === OCTETS, "no TSTInfo");
  const signer = fields(one(signers.content).whole, INTEGER, SEQUENCE, SEQUENCE, CONTEXT_0, SEQUENCE, OCTETS);
  check(hex(signer[0].content) === "01", "version of the SignerInfo");
  const hash = digestName(signer[2].whole);
  check(digestName(one(digests.content).whole) === hash, "two digest algorithms");
  // What is signed is the SET OF, not the [0] that stands in its place.
  const raw = concat(Uint8Array.of(SET), signer[3].whole.subarray(1));
  const certificates = certificatesOf(bag.content);
  const certificate = signerOf(signer[1].whole, certificates);
  await checkAttributes(attributesOf(raw), hash, said.content, certificate, certificates);
  await checkToken(certificate, signer[4].whole, signer[5].content, raw, hash);
  const info = readInfo(said.content);
  if (info.tsa && !equal(info.tsa, certificate.subject)) refuse("sealing.timestamp.certificate", { part: "tsa" });
  return { info, certificate, certificates };
}

const digestName = (value) =>
  HASHES[algorithm(value)] ?? refuse("sealing.timestamp.algorithm", { algorithm: algorithm(value) });

const hashed = async (name, data) =>
  name === "SHA-256" ? sha256(data) : new Uint8Array(await crypto.subtle.digest(name, data));

function certificatesOf(data) {
  const rows = parts(data);
  check(rows.length >= 1 && rows.length <= MAX_CERTIFICATES, "certificates");
  return rows.map(({ whole }) => {
    const outer = inside(whole, SEQUENCE);
    // Unused bits of a signature are the one place where a certificate has two spellings.
    check(outer.length === 3 && outer[2].tag === 0x03 && outer[2].content[0] === 0, "certificates");
    try {
      return readCertificate(whole);
    } catch {
      throw new Error("certificates");
    }
  });
}

function signerOf(sid, certificates) {
  const named = ({ issuer, serial }) => item(SEQUENCE, issuer, item(INTEGER, serial));
  return certificates.find((each) => equal(named(each), sid)) ??
    refuse("sealing.timestamp.certificate", { part: "issuerAndSerialNumber" });
}

async function checkAttributes(found, hash, content, certificate, certificates) {
  const whole = [CONTENT_TYPE, MESSAGE_DIGEST, SIGNING_CERTIFICATE_V2].every((each) => found.has(each));
  check(whole && hex(found.get(CONTENT_TYPE)) === TST_INFO, "signed attributes");
  const digest = one(found.get(MESSAGE_DIGEST));
  if (digest.tag !== OCTETS || !equal(digest.content, await hashed(hash, content))) {
    refuse("sealing.timestamp.digest");
  }
  const named = certificateHashes(found.get(SIGNING_CERTIFICATE_V2));
  const isNamed = async ([name, value], each) => equal(await hashed(name, each.der), value);
  const some = async (each) => (await Promise.all(named.map((row) => isNamed(row, each)))).some(Boolean);
  let all = await isNamed(named[0], certificate);
  // The first is the signer's; where others are named, they are issuers that may have come along.
  if (named.length > 1) for (const each of certificates) all = all && (await some(each));
  if (!all) refuse("sealing.timestamp.certificate", { part: "signingCertificateV2" });
}

async function checkToken(certificate, value, signature, raw, hash) {
  const implied = SIGNATURES[algorithm(value)];
  const unknown = () => refuse("sealing.timestamp.algorithm", { algorithm: hex(value).slice(0, 80) });
  if (implied === undefined || !["", hash].includes(implied)) unknown();
  try {
    await checkSignature(certificate, signature, raw, value, hash);
  } catch (fault) {
    if (!(fault instanceof Refused)) throw fault;
    if (fault.refusals[0].code === "sealing.cms.algorithm") unknown();
    if (fault.refusals[0].code === "sealing.cms.signature") refuse("sealing.timestamp.signature");
    throw fault;
  }
}

// Whatever else stands in a token was issued by somebody at hand, or it was put there.
async function checkCompany(certificates, known, chain) {
  for (const each of certificates) {
    let issued = chain.some(({ sha256: name }) => name === each.sha256);
    for (const by of issued ? [] : [...certificates, ...known]) {
      issued ||= equal(each.issuer, by.subject) && (await signedBy(by, each));
    }
    if (!issued) refuse("sealing.timestamp.certificate", { part: subjectText(each) });
  }
}
