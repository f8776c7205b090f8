// Receipts: read, and their place in the log; kernel/sealing/bids/receipts.py.

import { concat, digestOf, fromHex, hex, utf8 } from "../lib/bytes.js";
import { decode } from "../lib/canonical.js";
import {
  choice, digest, digestOrNone, instant, integer, isObject, listing, octets, read, record, serial, text,
  uscc, wrong,
} from "../lib/fields.js";
import { refusal, refuse, refuseAll } from "../lib/refused.js";
import { sha256 } from "../lib/sha256.js";

export const FORMAT = "zhuxin-bid-receipt/1";
const WITHDRAWN_FORMAT = "zhuxin-withdrawal-receipt/1";
const ENTRY = "procurement.bid.receipt";
export const WITHDRAWAL_ENTRY = "procurement.bid.withdrawal";
const MAX_ENTRY = 64 * 1024;

const entryText = (value, path) =>
  typeof value === "string" && value.length >= 2 && value.length <= MAX_ENTRY ? value : wrong(path, "entry");
export const LOG = record({
  log: digestOrNone,
  index: integer(0),
  size: integer(1),
  root: digest,
  leaf: digest,
  salt: digest,
  entry: entryText,
  proof: listing(digest, 0, 64),
});
const SHAPES = {
  lot: text(80),
  bidder: uscc,
  manifest_sha256: digest,
  policy_sha256: digest,
  version: integer(1, 10_000),
  signature_sha256: digest,
  size: integer(1),
  received_at: instant,
  certificate_sha256: digest,
  certificate_serial: serial,
  timestamp: octets(0, 16 * 1024),
  provisional: listing(choice("crl", "timestamp"), 0, 2),
  log: LOG,
};

const WITHDRAWN = {
  lot: text(80),
  bidder: uscc,
  manifest_sha256: digest,
  statement_sha256: digest,
  received_at: instant,
  log: LOG,
};

export const readReceipt = (bytes) => read(bytes, FORMAT, SHAPES);
export const readWithdrawn = (bytes) => read(bytes, WITHDRAWN_FORMAT, WITHDRAWN);

// Refuse a receipt that is not for this bid, or whose entry of the log is of something else.
export function checkReceipt(receipt, manifest, signature) {
  const wanted = { manifest_sha256: digestOf(manifest), signature_sha256: digestOf(signature) };
  refuseAll(Object.keys(wanted)
    .filter((part) => receipt[part] !== wanted[part])
    .map((part) => refusal("sealing.receipt.other", { part })));
  checkEntry(receipt);
}

// Refuse a receipt whose entry of the log is of something else: by kind, place, moment or manifest.
export function checkEntry({ log, manifest_sha256: manifest, received_at: moment }, wanted = ENTRY) {
  const { kind, index, at, body } = entryOf(log);
  const same = kind === wanted && index === log.index && at === moment;
  if (!same || body.manifest_sha256 !== manifest) refuse("sealing.receipt.entry");
}

// {kind, index, at, body} of a proof's entry; empty where it has none.
export function entryOf(log) {
  const entry = decode(utf8(log.entry));
  const { kind, index, at } = entry ?? {};
  return { kind, index, at, body: isObject(entry?.body) ? entry.body : {} };
}

// Refuse a proof that does not lead from the entry to the root it names.
export function checkLog({ salt, entry, leaf, index, size, proof, root }) {
  if (leafOf({ salt, entry }) !== leaf) refuse("bidder.receipt.leaf");
  if (!included(leaf, index, size, proof, root)) refuse("bidder.receipt.proof");
}

export function leafOf({ salt, entry }) {
  const inner = sha256(concat(fromHex(salt), utf8(entry)));
  return digestOf(concat(Uint8Array.of(0), inner));
}

// RFC 9162 §2.1.3.2; hashes in hex. Sizes stay below 2^53, beyond what 32-bit operators take.
export function included(leaf, index, size, proof, root) {
  if (index >= size) return false;
  let [place, last] = [index, size - 1];
  let value = fromHex(leaf);
  const odd = (n) => n % 2 === 1;
  const halve = () => [place, last] = [Math.floor(place / 2), Math.floor(last / 2)];
  for (const step of proof.map(fromHex)) {
    if (last === 0) return false;
    if (odd(place) || place === last) {
      value = sha256(concat(Uint8Array.of(1), step, value));
      while (!odd(place) && place !== 0) halve();
    } else {
      value = sha256(concat(Uint8Array.of(1), value, step));
    }
    halve();
  }
  return last === 0 && hex(value) === root;
}
