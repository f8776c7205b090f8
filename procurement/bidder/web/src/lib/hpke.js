// HPKE (RFC 9180): DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM; kernel/sealing/hpke.py. The
// encapsulated key stands in front of the ciphertext; `info` is always canonical JSON.

import { Aes256Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } from "@hpke/core";

import { concat, digestOf } from "./bytes.js";
import { encode } from "./canonical.js";
import { refuse } from "./refused.js";

export const SUITE_NAME = "DHKEM(P-256,HKDF-SHA256)/HKDF-SHA256/AES-256-GCM";
export const OVERHEAD = 65 + 16;

const suite = new CipherSuite({
  kem: new DhkemP256HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm(),
});
const CURVE = { name: "ECDH", namedCurve: "P-256" };

// The key of an uncompressed point of 65 bytes.
export async function loadPublic(point) {
  try {
    if (point.length !== 65) throw new Error("size");
    return await crypto.subtle.importKey("raw", point, CURVE, true, []);
  } catch {
    return refuse("sealing.hpke.bad_key");
  }
}

export async function seal(plaintext, point, info) {
  const recipientPublicKey = await loadPublic(point);
  const sender = await suite.createSenderContext({ recipientPublicKey, info: encode(info) });
  const sealed = await sender.seal(plaintext);
  return concat(new Uint8Array(sender.enc), new Uint8Array(sealed));
}

// key: as of `newKey` or `loadPrivate`.
export async function openSealed(sealed, key, info) {
  if (sealed.length < OVERHEAD) refuse("sealing.hpke.cannot_open");
  try {
    const recipient = await suite.createRecipientContext({
      recipientKey: key.pair, enc: sealed.slice(0, 65), info: encode(info),
    });
    return new Uint8Array(await recipient.open(sealed.slice(65)));
  } catch {
    return refuse("sealing.hpke.cannot_open");
  }
}

export async function newKey() {
  const pair = await crypto.subtle.generateKey(CURVE, true, ["deriveBits"]);
  return described(pair);
}

// The opening key of PKCS #8 bytes.
export async function loadPrivate(pkcs8) {
  try {
    const privateKey = await crypto.subtle.importKey("pkcs8", pkcs8, CURVE, true, ["deriveBits"]);
    const { d: _, ...jwk } = await crypto.subtle.exportKey("jwk", privateKey);
    const publicKey = await crypto.subtle.importKey("jwk", { ...jwk, key_ops: [] }, CURVE, true, []);
    return await described({ privateKey, publicKey });
  } catch {
    return refuse("sealing.hpke.bad_key");
  }
}

// pair for HPKE, point (65 bytes), its name, the private scalar (32 bytes), PKCS #8.
async function described(pair) {
  const point = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
  const { d } = await crypto.subtle.exportKey("jwk", pair.privateKey);
  const padded = `${d.replace(/-/g, "+").replace(/_/g, "/")}=`;
  return {
    pair,
    point,
    sha256: digestOf(point),
    scalar: Uint8Array.from(atob(padded), (character) => character.charCodeAt(0)),
    pkcs8: new Uint8Array(await crypto.subtle.exportKey("pkcs8", pair.privateKey)),
  };
}
