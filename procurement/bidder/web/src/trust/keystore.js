// Where a signing key lives. A Signer is {certificate, chain, sign(bytes)}: `sign` gives the raw
// signature over SHA-256 of the bytes (ECDSA as DER, or RSA PKCS #1 v1.5). Here it is a PKCS #12 file
// under a PIN; a middleware for hardware keys would be another object of the same three names.

import { PFX } from "pkijs";

import { random, utf8 } from "../lib/bytes.js";
import { refuse } from "../lib/refused.js";
import { keyAlgorithm, readCertificate, CURVES } from "./certificates.js";
import { ecdsaDer } from "./verifying.js";

const MAX_SIZE = 1024 * 1024;
const KEY_BAG = "1.2.840.113549.1.12.10.1.1";
const SHROUDED_KEY_BAG = "1.2.840.113549.1.12.10.1.2";
const CERTIFICATE_BAG = "1.2.840.113549.1.12.10.1.3";

export async function openP12(bytes, pin) {
  if (bytes.length > MAX_SIZE) refuse("sealing.keystore.cannot_open");
  const { keys, certificates } = await unwrapped(bytes, utf8(pin).buffer);
  if (keys.length !== 1 || !certificates.length) refuse("sealing.keystore.no_key");
  const { key, algorithm } = await usable(keys[0]);
  const sign = async (data) => {
    const raw = new Uint8Array(await crypto.subtle.sign({ ...algorithm, hash: "SHA-256" }, key, data));
    return algorithm.name === "ECDSA" ? ecdsaDer(raw) : raw;
  };
  const certificate = await belonging(key, algorithm, certificates);
  return { certificate, chain: certificates.filter((each) => each !== certificate), sign };
}

async function unwrapped(bytes, password) {
  try {
    const pfx = PFX.fromBER(bytes);
    await pfx.parseInternalValues({ password, checkIntegrity: true });
    const { authenticatedSafe } = pfx.parsedValue;
    const each = authenticatedSafe.safeContents.map(() => ({ password }));
    await authenticatedSafe.parseInternalValues({ safeContents: each });
    return await contents(authenticatedSafe.parsedValue.safeContents, password);
  } catch {
    // A wrong PIN and a broken file cannot be told apart: both fail the integrity check.
    return refuse("sealing.keystore.cannot_open");
  }
}

async function contents(safes, password) {
  const keys = [];
  const certificates = [];
  for (const { bagId, bagValue } of safes.flatMap((safe) => safe.value.safeBags)) {
    if (bagId === KEY_BAG) keys.push(bagValue);
    if (bagId === SHROUDED_KEY_BAG) {
      await bagValue.parseInternalValues({ password });
      keys.push(bagValue.parsedValue);
    }
    if (bagId === CERTIFICATE_BAG) {
      certificates.push(readCertificate(new Uint8Array(bagValue.certValue.valueBlock.valueHexView)));
    }
  }
  return { keys, certificates };
}

async function usable(info) {
  const { algorithmId, algorithmParams } = info.privateKeyAlgorithm;
  const namedCurve = algorithmId === "1.2.840.10045.2.1" && CURVES[algorithmParams?.valueBlock.toString()];
  const rsa = algorithmId === "1.2.840.113549.1.1.1";
  if (!namedCurve && !rsa) refuse("sealing.keystore.unsupported");
  const algorithm = namedCurve ? { name: "ECDSA", namedCurve } : { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
  try {
    const pkcs8 = info.toSchema().toBER(false);
    const key = await crypto.subtle.importKey("pkcs8", pkcs8, algorithm, false, ["sign"]);
    return { key, algorithm };
  } catch {
    return refuse("sealing.keystore.unsupported");
  }
}

// The file may hold issuers too: ours is the certificate whose key verifies what our key signed.
async function belonging(key, algorithm, certificates) {
  const probe = random(32);
  const scheme = { ...algorithm, hash: "SHA-256" };
  const value = await crypto.subtle.sign(scheme, key, probe);
  for (const certificate of certificates) {
    try {
      const { name, namedCurve } = keyAlgorithm(certificate);
      if (name !== algorithm.name || namedCurve !== algorithm.namedCurve) continue;
      const form = { ...algorithm };
      const own = await crypto.subtle.importKey("spki", certificate.key, form, false, ["verify"]);
      if (await crypto.subtle.verify(scheme, own, value, probe)) return certificate;
    } catch {
      // Another kind of key, hence not ours.
    }
  }
  return refuse("sealing.keystore.no_key");
}
