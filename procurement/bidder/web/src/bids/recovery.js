// The recovery file: identities under a passphrase, as kernel/sealing/bids/recovery.py writes and reads it: an
// age file with one scrypt stanza and one chunk. The passphrase is stretched in a worker meanwhile.

import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { bech32 } from "@scure/base";

import { concat, equal, fromBase64, random, toBase64, utf8 } from "../lib/bytes.js";
import { refuse } from "../lib/refused.js";

export const LOG_ROUNDS = 16;
// Beyond this a passphrase takes a gibibyte and minutes: no file of ours, nor one that is worth waiting for.
const MOST_ROUNDS = 20;
const MAX_RECOVERY = 64 * 1024;
const HEAD = /^age-encryption\.org\/v1\n-> scrypt ([\w+/]{22}) (\d{1,2})\n([\w+/]{43})\n---/;
const LINE = /# envelope ([a-z_]{1,40})\n(AGE-SECRET-KEY-1[0-9A-Z]+)\n/g;

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
  const sealed = chacha20poly1305(await derive(key, nonce, "payload"), LAST).encrypt(plaintext);
  return concat(head, utf8(` ${b64(await macOf(key, head))}\n`), nonce, sealed);
}

// {manifest_sha256, identities: envelope → 32 bytes} of a recovery file. stretch: async ({passphrase, salt,
// rounds}) → the wrapping key.
export async function openRecovery(bytes, passphrase, stretch) {
  const [whole, salt, rounds, body] = HEAD.exec(String.fromCharCode(...bytes.subarray(0, 400))) ?? [];
  const cannot = () => refuse("sealing.recovery.cannot_open");
  if (!whole || bytes.length > MAX_RECOVERY || Number(rounds) > MOST_ROUNDS || !unb64(salt)) cannot();
  const wrapping = await stretch({ passphrase, salt: unb64(salt), rounds: Number(rounds) });
  try {
    const key = chacha20poly1305(wrapping, new Uint8Array(12)).decrypt(unb64(body));
    const mac = utf8(` ${b64(await macOf(key, bytes.subarray(0, whole.length)))}\n`);
    const rest = bytes.subarray(whole.length);
    if (!equal(rest.subarray(0, mac.length), mac)) throw new Error("mac");
    const payload = rest.subarray(mac.length);
    const cipher = chacha20poly1305(await derive(key, payload.subarray(0, 16), "payload"), LAST);
    return readLines(new TextDecoder("utf-8", { fatal: true }).decode(cipher.decrypt(payload.subarray(16))));
  } catch {
    return cannot();
  }
}

function readLines(text) {
  const [whole, manifest] = /^# zhuxin-recovery\/1 ([0-9a-f]{64})\n/.exec(text);
  const lines = text.slice(whole.length);
  if (lines.replace(LINE, "")) throw new Error("not a recovery file");
  const rows = [...lines.matchAll(LINE)].map(([, name, identity]) => {
    const { prefix, bytes } = bech32.decodeToBytes(identity.toLowerCase());
    if (prefix !== "age-secret-key-" || bytes.length !== 32) throw new Error("identity");
    return [name, bytes];
  });
  return { manifest_sha256: manifest, identities: Object.fromEntries(rows) };
}

// The last chunk's nonce: counter 0, and the byte that says that no other follows.
const LAST = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);

async function macOf(key, head) {
  const how = { name: "HMAC", hash: "SHA-256" };
  const secret = await crypto.subtle.importKey("raw", await derive(key, new Uint8Array(0), "header"), how, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", secret, head));
}

// HKDF with SHA-256, 32 bytes; also of an age file's payload key.
export async function derive(key, salt, purpose) {
  const base = await crypto.subtle.importKey("raw", key, "HKDF", false, ["deriveBits"]);
  const how = { name: "HKDF", hash: "SHA-256", salt, info: utf8(purpose) };
  return new Uint8Array(await crypto.subtle.deriveBits(how, base, 256));
}

const b64 = (bytes) => toBase64(bytes).replace(/=+$/, "");

const unb64 = (text) => fromBase64(text.padEnd(Math.ceil(text.length / 4) * 4, "="));
