// Protests: a receipted bid is missing on a list, or a withdrawn one stands on it; kernel/sealing/bids/protests.py.

import { fromBase64 } from "../lib/bytes.js";
import { digest, formOf, octets, read, text, uscc, write } from "../lib/fields.js";
import { Refused, refusal, refuseAll } from "../lib/refused.js";
import { ARTICLE } from "./closing.js";
import { WITHDRAWAL_ENTRY, checkEntry, included, leafOf, readReceipt, readWithdrawn } from "./receipts.js";

const FORMAT = "zhuxin-protest/1";
// With the receipt of a withdrawal: what stands on the list is dead.
const DEAD_FORMAT = "zhuxin-protest/2";
// The one fault of a protest that leaves open who dated back.
export const TREE = "sealing.protest.tree";
const receipt = octets(2, 256 * 1024);
const p7s = octets(1, 64 * 1024);
const SHAPES = { lot: text(80), list_sha256: digest, bidder: uscc, receipt, receipt_p7s: p7s, reason: text(500, 0) };

export function readProtest(bytes) {
  if (formOf(bytes) !== DEAD_FORMAT) return { ...read(bytes, FORMAT, SHAPES), withdrawn: "" };
  return read(bytes, DEAD_FORMAT, { ...SHAPES, withdrawn: receipt, withdrawn_p7s: p7s });
}

// The bytes of a protest; receipts and signatures in base64, `withdrawn` empty where the bid is missing.
export function writeProtest({ withdrawn, withdrawn_p7s: withdrawnP7s, ...values }) {
  const dead = withdrawn ? { withdrawn, withdrawn_p7s: withdrawnP7s } : null;
  const bytes = dead ? write(DEAD_FORMAT, { ...values, ...dead }) : write(FORMAT, values);
  readProtest(bytes);
  return bytes;
}

// What a protest says of a list by its receipts, {missing, dead}: hashes of manifests. A withdrawal ends the
// version that it names and every one before it.
export function saidOf(protest, listed) {
  const { bidder, version, manifest_sha256: manifest } = readReceipt(fromBase64(protest.receipt));
  const ended = listed.bids.filter((bid) => bid.bidder === bidder && bid.version <= version);
  if (protest.withdrawn) return { missing: [], dead: ended.map((bid) => bid.manifest_sha256) };
  return { missing: listed.bids.some((bid) => bid.manifest_sha256 === manifest) ? [] : [manifest], dead: [] };
}

const fault = (what, facts) => refusal(`sealing.protest.${what}`, facts, ARTICLE);

// Refuse a protest that is not founded by what stands in it and on the list: every reason.
export async function checkProtest(protest, policy, listed, trust) {
  const data = fromBase64(protest.receipt);
  const made = readReceipt(data);
  const reasons = same(protest, made, policy, listed);
  const said = [[made, data, protest.receipt_p7s, undefined]];
  if (protest.withdrawn) {
    const text = fromBase64(protest.withdrawn);
    const gone = readWithdrawn(text);
    said.push([gone, text, protest.withdrawn_p7s, WITHDRAWAL_ENTRY]);
    reasons.push(...notDead(made, gone, policy, listed));
  } else {
    reasons.push(...notMissing(made, policy, listed));
  }
  for (const [each, bytes, signature, kind] of said) {
    for (const check of [
      () => trust.verify(fromBase64(signature), bytes, policy.operator.uscc, each.received_at),
      () => checkEntry(each, kind),
    ]) {
      try {
        await check();
      } catch (refused) {
        if (!(refused instanceof Refused)) throw refused;
        reasons.push(...refused.refusals);
      }
    }
    const { leaf, index, size, proof, root } = each.log;
    if (leafOf(each.log) !== leaf || !included(leaf, index, size, proof, root)) reasons.push(fault("log", { index }));
  }
  refuseAll(reasons);
}

function same(protest, made, policy, listed) {
  const equal = (...values) => values.every((value) => value === values[0]);
  const parts = {
    lot: equal(protest.lot, made.lot, policy.lot, listed.lot),
    list_sha256: protest.list_sha256 === listed.sha256,
    bidder: protest.bidder === made.bidder,
  };
  return Object.keys(parts).filter((part) => !parts[part]).map((part) => fault("other", { part }));
}

function notMissing(made, policy, listed) {
  const { index } = made.log;
  const found = index >= listed.tree_size ? [fault("log", { index })] : [];
  if (made.received_at > policy.deadline) found.push(fault("late", { at: made.received_at }));
  for (const { bidder, version, manifest_sha256: manifest } of listed.bids) {
    if (bidder === made.bidder && version > made.version) found.push(fault("superseded", { version }));
    else if (manifest === made.manifest_sha256) found.push(fault("listed", { manifest_sha256: manifest }));
  }
  return found;
}

function notDead(made, gone, policy, listed) {
  const found = ["lot", "bidder", "manifest_sha256"]
    .filter((part) => gone[part] !== made[part]).map((part) => fault("other", { part }));
  if (gone.received_at > policy.deadline) found.push(fault("late", { at: gone.received_at }));
  const own = listed.bids.filter(({ bidder }) => bidder === made.bidder);
  if (!own.length) found.push(fault("unlisted", { bidder: made.bidder }));
  for (const { version } of own) if (version > made.version) found.push(fault("superseded", { version }));
  const [{ index }, size] = [gone.log, listed.tree_size];
  if (index >= size) found.push(fault("tree", { index, size }));
  return found;
}
