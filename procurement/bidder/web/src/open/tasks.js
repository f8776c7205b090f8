// Task and answer files of a trustee; kernel/sealing/bids/tasks.py has the same shapes.

import {
  boolean, digest, instant, isObject, listing, octets, read, record, text, uscc, write, wrong,
} from "../lib/fields.js";
import { MAX_BIDS } from "../bids/closing.js";
import { LOG } from "../bids/receipts.js";

const TASK_FORMAT = "zhuxin-trustee-task/1";
const ANSWER_FORMAT = "zhuxin-trustee-answer/1";
const MAX_TASK = 64 * 1024 * 1024;
const MAX_TEXT = 4 * 1024 * 1024;

const said = (least = 2) => (value, path) =>
  typeof value === "string" && value.length >= least && value.length <= MAX_TEXT ? value : wrong(path, "text");
const orNone = (shape) => (value, path) => (value === null ? null : shape(value, path));
const table = (key, shape) => (value, path) => {
  if (!isObject(value)) wrong(path, "object");
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [key(name, path), shape(each, `${path}.${name}`)]));
};
const p7s = octets(1, 256 * 1024);
const signatures = listing(record({ uscc, p7s }), 0, 64);
const MOST = 4 * MAX_BIDS;
const CLOSING = record({
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
});
const TASK = {
  lot: text(80),
  party: uscc,
  share: boolean,
  time: instant,
  demonstration: boolean,
  chain: said(0),
  crls: listing(octets(1, MAX_TEXT), 0, 64),
  anchors: said(0),
  challenge: orNone(said()),
  stage: text(80, 0),
  draft: orNone(record({ policy: said(), signatures })),
  closing: orNone(CLOSING),
};

export const readTask = (bytes) => read(bytes, TASK_FORMAT, TASK, MAX_TASK);

export const writeAnswer = (lot, party, statements) => write(ANSWER_FORMAT, { lot, party, statements });
