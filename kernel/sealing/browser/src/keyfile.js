// Opens a PKCS #12 file: the private key, which WebCrypto will never give out again, and the
// certificate that belongs to it.

import { PFX } from "pkijs";

import { ecdsaDer, hex, sha256 } from "./bytes.js";
import { Fault } from "./fault.js";

const MAX_SIZE = 1024 * 1024;
const RSA = "1.2.840.113549.1.1.1";
const EC = "1.2.840.10045.2.1";
const CURVES = {
  "1.2.840.10045.3.1.7": "P-256",
  "1.3.132.0.34": "P-384",
  "1.3.132.0.35": "P-521",
};
const COMMON_NAME = "2.5.4.3";
const ORGANISATION = "2.5.4.10";

export async function openKeyfile(file, pin) {
  if (file.size > MAX_SIZE) throw new Fault("keyfile_unreadable");
  const { keys, certificates } = await unwrap(new Uint8Array(await file.arrayBuffer()), pin);
  if (keys.length !== 1 || certificates.length === 0) throw new Fault("keyfile_empty");
  const key = await usable(keys[0]);
  const certificate = await belonging(key, certificates);
  const der = new Uint8Array(certificate.toSchema(true).toBER(false));
  return {
    der,
    fingerprint: hex(await sha256(der)),
    name: named(certificate, COMMON_NAME),
    organisation: named(certificate, ORGANISATION),
    validFrom: certificate.notBefore.value,
    validTo: certificate.notAfter.value,
    sign: (data) => signatureOf(key, data),
  };
}

async function unwrap(data, pin) {
  let pfx;
  try {
    pfx = PFX.fromBER(data);
  } catch {
    throw new Fault("keyfile_unreadable");
  }
  const password = new TextEncoder().encode(pin).buffer;
  try {
    await pfx.parseInternalValues({ password, checkIntegrity: true });
    const { authenticatedSafe } = pfx.parsedValue;
    await authenticatedSafe.parseInternalValues({
      safeContents: authenticatedSafe.safeContents.map(() => ({ password })),
    });
    return await contents(authenticatedSafe.parsedValue.safeContents, password);
  } catch {
    // A wrong PIN and a broken file cannot be told apart: both fail the integrity check.
    throw new Fault("pin_wrong");
  }
}

async function contents(safes, password) {
  const keys = [];
  const certificates = [];
  for (const bag of safes.flatMap((safe) => safe.value.safeBags)) {
    if (bag.bagId === "1.2.840.113549.1.12.10.1.1") keys.push(bag.bagValue);
    if (bag.bagId === "1.2.840.113549.1.12.10.1.2") {
      await bag.bagValue.parseInternalValues({ password });
      keys.push(bag.bagValue.parsedValue);
    }
    if (bag.bagId === "1.2.840.113549.1.12.10.1.3") certificates.push(bag.bagValue.parsedValue);
  }
  return { keys, certificates };
}

function algorithmOf({ algorithmId, algorithmParams }) {
  if (algorithmId === RSA) return { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
  const namedCurve = CURVES[algorithmParams?.valueBlock.toString()];
  if (algorithmId === EC && namedCurve) return { name: "ECDSA", namedCurve };
  throw new Fault("key_unsupported");
}

async function usable(info) {
  const algorithm = algorithmOf(info.privateKeyAlgorithm);
  const pkcs8 = info.toSchema().toBER(false);
  try {
    return await crypto.subtle.importKey("pkcs8", pkcs8, algorithm, false, ["sign"]);
  } catch {
    throw new Fault("key_unsupported");
  }
}

const forSigning = ({ algorithm }) => ({ ...algorithm, hash: "SHA-256" });

async function signatureOf(key, data) {
  const raw = new Uint8Array(await crypto.subtle.sign(forSigning(key), key, data));
  return key.algorithm.name === "ECDSA" ? ecdsaDer(raw) : raw;
}

// The file may hold issuers too. Ours is the certificate whose key verifies what our key signed.
async function belonging(key, certificates) {
  const probe = crypto.getRandomValues(new Uint8Array(32));
  const value = await crypto.subtle.sign(forSigning(key), key, probe);
  for (const certificate of certificates) {
    if (await verifies(certificate.subjectPublicKeyInfo, value, probe)) return certificate;
  }
  throw new Fault("keyfile_empty");
}

async function verifies(info, value, data) {
  try {
    const spki = info.toSchema().toBER(false);
    const algorithm = algorithmOf(info.algorithm);
    const key = await crypto.subtle.importKey("spki", spki, algorithm, false, ["verify"]);
    return await crypto.subtle.verify(forSigning(key), key, value, data);
  } catch {
    return false; // another kind of key, hence not ours
  }
}

function named(certificate, oid) {
  const found = certificate.subject.typesAndValues.find(({ type }) => type === oid);
  return found ? found.value.valueBlock.value : "";
}
