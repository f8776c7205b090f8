// What a trustee says before the bids: its key for one lot, and that it can open;
// kernel/sealing/bids/trustees.py.

import { digestOf, fromBase64, hex, toBase64 } from "../lib/bytes.js";
import { digest as canonicalDigest } from "../lib/canonical.js";
import { digest, octets, read, text, uscc, write } from "../lib/fields.js";
import { OVERHEAD, openSealed } from "../lib/hpke.js";
import { refuse } from "../lib/refused.js";

export const NONCE_SIZE = 32;
const KEY_FORMAT = "zhuxin-opening-key/1";
const CHALLENGE_FORMAT = "zhuxin-rehearsal/1";
const ANSWER_FORMAT = "zhuxin-rehearsal-answer/1";
const COMMITMENT = "zhuxin-draw-nonce/1";
const PURPOSE = "zhuxin-rehearsal/1";
const NONCE_OF_KEY = "zhuxin-draw-nonce-of-key/1";

const CHALLENGE = {
  lot: text(80), uscc, key_sha256: digest, sealed: octets(OVERHEAD + NONCE_SIZE, OVERHEAD + NONCE_SIZE),
};

// The nonce for the draw follows from the key, so nothing more has to be kept secret.
export const nonceOf = (lot, key) => canonicalDigest([NONCE_OF_KEY, lot, hex(key.scalar)]);

export const commitmentTo = (lot, party, nonce) => hex(canonicalDigest([COMMITMENT, lot, party, hex(nonce)]));

// point: 65 bytes, none for a procuring entity that holds no share.
export const announcement = (lot, { uscc: code, organisation }, point, commitment) =>
  write(KEY_FORMAT, {
    lot,
    uscc: code,
    name: organisation,
    key: toBase64(point),
    key_sha256: point.length ? digestOf(point) : "",
    nonce_commitment: commitment,
  });

// The answer of whoever holds the key; it tells a hash of the secret only.
export async function answerChallenge(challenge, lot, party, key) {
  const asked = read(challenge, CHALLENGE_FORMAT, CHALLENGE);
  if (asked.lot !== lot || asked.uscc !== party || asked.key_sha256 !== key.sha256) {
    refuse("sealing.rehearsal.other");
  }
  const secret = await openSealed(fromBase64(asked.sealed), key, [PURPOSE, lot, party, key.sha256]);
  const name = digestOf(challenge);
  return write(ANSWER_FORMAT, {
    lot,
    uscc: party,
    key_sha256: key.sha256,
    challenge_sha256: name,
    answer: hex(canonicalDigest([ANSWER_FORMAT, name, hex(secret)])),
  });
}
