// The closing as `GET /closing` tells it (docs/sealed-bids.md), in a task or in a file of its own.

import {
  boolean, digest, isObject, listing, octets, record, text, uscc, wrong,
} from "../lib/fields.js";
import { refuse } from "../lib/refused.js";
import { MAX_BIDS } from "./closing.js";
import { LOG } from "./receipts.js";

export const MAX_TEXT = 4 * 1024 * 1024;

export const said = (least = 2) => (value, path) =>
  typeof value === "string" && value.length >= least && value.length <= MAX_TEXT ? value : wrong(path, "text");
export const orNone = (shape) => (value, path) => (value === null ? null : shape(value, path));
const table = (key, shape) => (value, path) => {
  if (!isObject(value)) wrong(path, "object");
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [key(name, path), shape(each, `${path}.${name}`)]));
};
const p7s = octets(1, 256 * 1024);
export const signatures = listing(record({ uscc, p7s }), 0, 64);
const MOST = 4 * MAX_BIDS;
const SHAPES = {
  state: text(40),
  over: boolean,
  list: said(),
  p7s,
  signatures,
  bids: listing(
    record({ bidder: uscc, manifest: said(), p7s, receipt: said(), receipt_p7s: p7s, proof: listing(digest, 0, 64) }), 0, MAX_BIDS,
  ),
  sealed_shares: table(digest, table(text(80), octets(1, 1024))),
  nonces: listing(record({ uscc, nonce: digest }), 0, 64),
  draw: orNone(said()),
  moments: listing(record({ moment: said(), p7s }), 0, MAX_BIDS),
  timestamp: orNone(record({ authority: text(80), token: octets(1, MAX_TEXT) })),
  marks: listing(record({ uscc, marks: said(), p7s }), 0, 64),
  cures: listing(record({ uscc, cure: said(), p7s }), 0, MOST),
  cured_marks: listing(record({ uscc, cured_marks: said(), p7s }), 0, MOST),
  protests: listing(record({ uscc, protest: said(), p7s }), 0, MAX_BIDS),
  replaced: listing(record({ list: said(), p7s }), 0, MAX_BIDS),
  earlier: orNone(record({
    list: said(), p7s, signatures, result: said(), result_p7s: p7s, log: LOG, proof: listing(digest, 0, 64),
  })),
};
export const CLOSING = record(SHAPES);

// What an answer says of the closing; what stands beside it, whom and which time to believe, is read elsewhere.
export function closingOf(answer) {
  const rows = Object.keys(SHAPES).filter((name) => Object.hasOwn(answer, name)).map((name) => [name, answer[name]]);
  if (!rows.length) refuse("bidder.server.answer", { part: "list" });
  return CLOSING(Object.fromEntries(rows), "$");
}
