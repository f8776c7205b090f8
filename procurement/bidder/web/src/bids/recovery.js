// The recovery file: identities under a passphrase, as kernel/sealing/bids/recovery.py writes it: an
// age file with one scrypt stanza and one chunk. The passphrase is stretched in a worker meanwhile.

import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { bech32 } from "@scure/base";

import { concat, random, toBase64, utf8 } from "../lib/bytes.js";
import { refuse } from "../lib/refused.js";

export const LOG_ROUNDS = 16;

export const identityText = (identity) =>
  bech32.encodeFromBytes("age-secret-key-", identity).toUpperCase();

export function newSalt(passphrase) {
  if (!passphrase) refuse("sealing.recovery.no_passphrase");
  return random(16);
}

// wrapping: the stretched passphrase (32 bytes) under this salt. identities: [envelope, 32 bytes] in
// the policy's order.
export async function makeRecovery(manifestSha256, identities, wrapping, salt) {
  const lines = identities.map(([name, identity]) => `# envelope ${name}\n${identityText(identity)}\n`);
  const plaintext = utf8(`# zhuxin-recovery/1 ${manifestSha256}\n${lines.join("")}`);
  const [key, nonce] = [random(16), random(16)];
  const body = chacha20poly1305(wrapping, new Uint8Array(12)).encrypt(key);
  const head = utf8(`age-encryption.org/v1\n-> scrypt ${b64(salt)} ${LOG_ROUNDS}\n${b64(body)}\n---`);
  const macKey = await crypto.subtle.importKey(
    "raw", await derive(key, new Uint8Array(0), "header"), { name: "HMAC", hash: "SHA-256" }, false, ["sign"],
  );
  const mac = new Uint8Array(await crypto.subtle.sign("HMAC", macKey, head));
  // The last chunk's nonce: counter 0, and the byte that says that no other follows.
  const last = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);
  const sealed = chacha20poly1305(await derive(key, nonce, "payload"), last).encrypt(plaintext);
  return concat(head, utf8(` ${b64(mac)}\n`), nonce, sealed);
}

// HKDF with SHA-256, 32 bytes; also of an age file's payload key.
export async function derive(key, salt, purpose) {
  const base = await crypto.subtle.importKey("raw", key, "HKDF", false, ["deriveBits"]);
  const how = { name: "HKDF", hash: "SHA-256", salt, info: utf8(purpose) };
  return new Uint8Array(await crypto.subtle.deriveBits(how, base, 256));
}

const b64 = (bytes) => toBase64(bytes).replace(/=+$/, "");
