// A bidder's statement that it takes a version back; kernel/sealing/bids/receipts.py.

import { digest, read, text, uscc, write } from "../lib/fields.js";

const FORMAT = "zhuxin-bid-withdrawal/1";
const SHAPES = { lot: text(80), bidder: uscc, manifest_sha256: digest, reason: text(500, 0) };

// The canonical bytes; values as of SHAPES.
export function writeWithdrawal(values) {
  const bytes = write(FORMAT, values);
  read(bytes, FORMAT, SHAPES);
  return bytes;
}
