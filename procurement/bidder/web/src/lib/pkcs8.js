// A private key under a passphrase as PEM (PKCS #8, PBES2: PBKDF2 with HMAC-SHA256, AES-256-CBC), as
// OpenSSL and kernel/sealing/hpke.py read and write it.

import { INTEGER, OCTETS, SEQUENCE, inside, item, oid, oidText, within } from "./der.js";
import { random, toBase64, utf8 } from "./bytes.js";
import { refuse } from "./refused.js";
import { pemBlocks } from "../trust/certificates.js";

const PBES2 = "1.2.840.113549.1.5.13";
const PBKDF2 = "1.2.840.113549.1.5.12";
const HMAC_SHA256 = "1.2.840.113549.2.9";
const AES_256_CBC = "2.16.840.1.101.3.4.1.42";
// What trying one passphrase of a stolen file costs.
const ROUNDS = 600_000;
const LABEL = "ENCRYPTED PRIVATE KEY";

export async function lockKey(pkcs8, passphrase) {
  if (!passphrase) refuse("sealing.hpke.no_passphrase");
  const [salt, iv] = [random(16), random(16)];
  const key = await derive(passphrase, salt, ROUNDS, ["encrypt"]);
  const data = new Uint8Array(await crypto.subtle.encrypt({ name: "AES-CBC", iv }, key, pkcs8));
  const rounds = Uint8Array.of(0, ROUNDS >> 16, (ROUNDS >> 8) & 255, ROUNDS & 255);
  const parameters = item(SEQUENCE, item(OCTETS, salt), item(INTEGER, rounds[1] & 0x80 ? rounds : rounds.subarray(1)),
    item(SEQUENCE, oid(HMAC_SHA256), Uint8Array.of(5, 0)));
  const scheme = item(SEQUENCE, item(SEQUENCE, oid(PBKDF2), parameters), item(SEQUENCE, oid(AES_256_CBC), item(OCTETS, iv)));
  const whole = item(SEQUENCE, item(SEQUENCE, oid(PBES2), scheme), item(OCTETS, data));
  return `-----BEGIN ${LABEL}-----\n${toBase64(whole).replace(/.{1,64}/g, "$&\n")}-----END ${LABEL}-----\n`;
}

// PKCS #8 bytes; a wrong passphrase and a broken file look alike: sealing.hpke.bad_key.
export async function unlockKey(pem, passphrase) {
  try {
    const [whole] = pemBlocks(pem, LABEL);
    const [algorithm, data] = inside(whole, SEQUENCE);
    const [kind, scheme] = within(algorithm, SEQUENCE);
    const [derivation, cipher] = within(scheme, SEQUENCE);
    const [kdf, parameters] = within(derivation, SEQUENCE);
    const [salt, rounds, ...rest] = within(parameters, SEQUENCE);
    const [name, iv] = within(cipher, SEQUENCE);
    const [prf] = within(rest.at(-1), SEQUENCE);
    const found = [kind, kdf, prf, name].map(oidText).join();
    if (found !== [PBES2, PBKDF2, HMAC_SHA256, AES_256_CBC].join()) throw new Error(found);
    const count = rounds.content.reduce((sum, byte) => sum * 256 + byte, 0);
    const key = await derive(passphrase, salt.content, count, ["decrypt"]);
    return new Uint8Array(await crypto.subtle.decrypt({ name: "AES-CBC", iv: iv.content }, key, data.content));
  } catch {
    return refuse("sealing.hpke.bad_key");
  }
}

async function derive(passphrase, salt, iterations, uses) {
  const base = await crypto.subtle.importKey("raw", utf8(passphrase), "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations };
  return crypto.subtle.deriveKey(how, base, { name: "AES-CBC", length: 256 }, false, uses);
}
