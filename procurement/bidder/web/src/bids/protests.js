// Protests: a receipted bid is missing on a list; kernel/sealing/bids/protests.py.

import { fromBase64 } from "../lib/bytes.js";
import { digest, octets, read, text, uscc } from "../lib/fields.js";
import { Refused, refusal, refuseAll } from "../lib/refused.js";
import { ARTICLE } from "./closing.js";
import { checkEntry, included, leafOf, readReceipt } from "./receipts.js";

const FORMAT = "zhuxin-protest/1";
const SHAPES = {
  lot: text(80),
  list_sha256: digest,
  bidder: uscc,
  receipt: octets(2, 256 * 1024),
  receipt_p7s: octets(1, 64 * 1024),
  reason: text(500, 0),
};

export const readProtest = (bytes) => read(bytes, FORMAT, SHAPES);

const fault = (what, facts) => refusal(`sealing.protest.${what}`, facts, ARTICLE);

// The receipt of a protest that is founded by what stands in it and on the list; every reason else.
export async function checkProtest(protest, policy, listed, trust) {
  const data = fromBase64(protest.receipt);
  const receipt = readReceipt(data);
  const reasons = faults(protest, receipt, policy, listed);
  for (const check of [
    () => trust.verify(fromBase64(protest.receipt_p7s), data, policy.operator.uscc, receipt.received_at),
    () => checkEntry(receipt),
  ]) {
    try {
      await check();
    } catch (refused) {
      if (!(refused instanceof Refused)) throw refused;
      reasons.push(...refused.refusals);
    }
  }
  const { leaf, index, size, proof, root } = receipt.log;
  if (leafOf(receipt.log) !== leaf || !included(leaf, index, size, proof, root)) reasons.push(fault("log", { index }));
  refuseAll(reasons);
  return receipt;
}

function faults(protest, receipt, policy, listed) {
  const same = (...values) => values.every((value) => value === values[0]);
  const parts = {
    lot: same(protest.lot, receipt.lot, policy.lot, listed.lot),
    list_sha256: protest.list_sha256 === listed.sha256,
    bidder: protest.bidder === receipt.bidder,
  };
  const found = Object.keys(parts).filter((part) => !parts[part]).map((part) => fault("other", { part }));
  const { index } = receipt.log;
  if (index >= listed.tree_size) found.push(fault("log", { index }));
  if (receipt.received_at > policy.deadline) found.push(fault("late", { at: receipt.received_at }));
  for (const { bidder, version, manifest_sha256: manifest } of listed.bids) {
    if (bidder === receipt.bidder && version > receipt.version) found.push(fault("superseded", { version }));
    else if (manifest === receipt.manifest_sha256) found.push(fault("listed", { manifest_sha256: manifest }));
  }
  return found;
}
