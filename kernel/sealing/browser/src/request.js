// Checks that a request asks for a signature on exactly the document at hand, with exactly the
// certificate at hand, and on nothing else. Only then may the key be used.

import { fromBER, ObjectIdentifier, OctetString, Sequence, Set as Asn1Set } from "asn1js";

import { canonical, equal, fromBase64, hex, sha256 } from "./bytes.js";
import { Fault } from "./fault.js";

const FORMAT = "zhuxin-sign-request/1";
const DATA = "1.2.840.113549.1.7.1";
const SHA256 = "2.16.840.1.101.3.4.2.1";
const CONTENT_TYPE = "1.2.840.113549.1.9.3";
const MESSAGE_DIGEST = "1.2.840.113549.1.9.4";
const SIGNING_CERTIFICATE = "1.2.840.113549.1.9.16.2.47";
const KNOWN = [CONTENT_TYPE, MESSAGE_DIGEST, SIGNING_CERTIFICATE];

export const requestDigest = async (request) =>
  hex(await sha256(new TextEncoder().encode(canonical(request))));

// The bytes to sign, or a Fault that says what does not fit.
export async function checkRequest(request, pdf, keyfile) {
  if (request.format !== FORMAT) throw new Fault("request_unknown");
  if (request.certificate_sha256 !== keyfile.fingerprint) throw new Fault("certificate_differs");
  const digest = await sha256(covered(pdf, request.byte_range));
  if (hex(digest) !== request.document_sha256) throw new Fault("document_differs");
  const attributes = fromBase64(request.signed_attributes);
  const values = read(attributes);
  if (values.get(CONTENT_TYPE).valueBlock.toString() !== DATA) throw new Fault("attributes_differ");
  if (!equal(octets(values.get(MESSAGE_DIGEST)), digest)) throw new Fault("document_differs");
  if (!equal(certificateHash(values.get(SIGNING_CERTIFICATE)), await sha256(keyfile.der))) {
    throw new Fault("certificate_differs");
  }
  return attributes;
}

// What the signature covers: the whole file but the empty place where it will stand.
function covered(pdf, range) {
  const whole =
    Array.isArray(range) &&
    range.length === 4 &&
    range.every(Number.isSafeInteger) &&
    range[0] === 0 &&
    range[1] > 0 &&
    range[1] < range[2] &&
    range[2] + range[3] === pdf.length;
  if (!whole) throw new Fault("document_differs");
  const [, first, second] = range;
  const gap = pdf.subarray(first, second);
  // <000…0> and nothing else, so that nothing hides where the digest does not look.
  const empty =
    gap[0] === 0x3c && gap.at(-1) === 0x3e && gap.subarray(1, -1).every((byte) => byte === 0x30);
  if (!empty) throw new Fault("document_differs");
  const bytes = new Uint8Array(pdf.length - gap.length);
  bytes.set(pdf.subarray(0, first));
  bytes.set(pdf.subarray(second), first);
  return bytes;
}

// Exactly the attributes of PAdES-B-B, each once with one value: an attribute that we do not know
// could turn the signature into something that nobody was shown.
function read(der) {
  const { result, offset } = fromBER(der);
  if (offset !== der.length || !(result instanceof Asn1Set)) throw new Fault("attributes_differ");
  const values = new Map();
  for (const attribute of result.valueBlock.value) {
    const [type, content] = attribute instanceof Sequence ? attribute.valueBlock.value : [];
    const single = content instanceof Asn1Set && content.valueBlock.value.length === 1;
    if (!(type instanceof ObjectIdentifier) || !single) throw new Fault("attributes_differ");
    const oid = type.valueBlock.toString();
    if (!KNOWN.includes(oid) || values.has(oid)) throw new Fault("attributes_differ");
    values.set(oid, content.valueBlock.value[0]);
  }
  if (values.size !== KNOWN.length) throw new Fault("attributes_differ");
  return values;
}

// SigningCertificateV2 ::= SEQUENCE { certs SEQUENCE OF ESSCertIDv2, … }; the hash algorithm is
// left out where it is SHA-256 (RFC 5035, section 4).
function certificateHash(value) {
  const own = value.valueBlock.value?.[0]?.valueBlock.value?.[0]?.valueBlock.value;
  if (!own) throw new Fault("attributes_differ");
  if (own[0] instanceof OctetString) return octets(own[0]);
  const algorithm = own[0].valueBlock.value[0].valueBlock.toString();
  if (algorithm !== SHA256) throw new Fault("attributes_differ");
  return octets(own[1]);
}

function octets(value) {
  if (!(value instanceof OctetString)) throw new Fault("attributes_differ");
  return value.valueBlock.valueHexView;
}
