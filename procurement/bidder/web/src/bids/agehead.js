// The header of an age file to one X25519 recipient, narrower than the format; kernel/sealing/age.py.

import { fromBase64 } from "../lib/bytes.js";
import { refuse } from "../lib/refused.js";

export const MAX_HEADER = 2048;
const [CHUNK, TAG, NONCE] = [64 * 1024, 16, 16];
const VERSION = "age-encryption.org/v1\n";
const STANZA = /-> ([\x21-\x7e]+(?: [\x21-\x7e]+)*)\n((?:[A-Za-z0-9+/]{64}\n)*)([A-Za-z0-9+/]{0,63})\n/y;
const MAC = /--- ([A-Za-z0-9+/]{43})\n/y;

// The header's length in bytes, of a file that begins with these.
export function inspectAge(beginning) {
  const text = Array.from(beginning.subarray(0, MAX_HEADER), (byte) => String.fromCharCode(byte)).join("");
  if (!text.startsWith(VERSION)) refuse("sealing.age.not_binary");
  let [place, grease] = [VERSION.length, 0];
  const shares = [];
  for (let found; (found = matched(STANZA, text, place)); place += found[0].length) {
    const [kind, ...rest] = found[1].split(" ");
    const content = unpacked(found[2].replaceAll("\n", "") + found[3]);
    if (kind === "X25519" && rest.length === 1 && content.length === 32) shares.push(unpacked(rest[0]));
    else if (kind.endsWith("-grease")) grease += 1;
    else refuse("sealing.age.stanzas", { kind: kind.slice(0, 40) });
  }
  const mac = matched(MAC, text, place);
  if (!mac) {
    const seen = text.indexOf("\n--- ");
    const cut = text.length === MAX_HEADER && (seen < 0 || seen > MAX_HEADER - 53);
    refuse(cut ? "sealing.age.header_too_long" : "sealing.age.header");
  }
  unpacked(mac[1]);
  if (shares.length !== 1 || grease > 1 || shares[0].length !== 32) {
    refuse("sealing.age.stanzas", { kind: `X25519 x${shares.length}` });
  }
  return place + mac[0].length;
}

// Refuse a size that no plaintext gives behind a header of this length.
export function checkAgeSize(length, fileSize) {
  const body = fileSize - length - NONCE;
  const chunks = Math.ceil(body / (CHUNK + TAG));
  const size = body - chunks * TAG;
  // Only an empty plaintext has an empty last chunk.
  if (chunks < 1 || size < 0 || (chunks > 1 && size <= (chunks - 1) * CHUNK)) {
    refuse("sealing.age.size", { size: fileSize });
  }
}

function matched(pattern, text, place) {
  pattern.lastIndex = place;
  return pattern.exec(text);
}

// Base64 without padding, in its one spelling.
function unpacked(text) {
  const padded = text.padEnd(Math.ceil(text.length / 4) * 4, "=");
  return (text.length % 4 === 1 ? null : fromBase64(padded)) ?? refuse("sealing.age.header");
}
