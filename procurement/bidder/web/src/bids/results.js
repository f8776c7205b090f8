// The result of a stage, and what a list may rest on; kernel/sealing/bids/results.py.

import { digestOf } from "../lib/bytes.js";
import { digest, listing, read, record, text } from "../lib/fields.js";
import { refusal, refuse } from "../lib/refused.js";
import { ARTICLE, MAX_BIDS } from "./closing.js";

const FORMAT = "zhuxin-stage-result/1";
const SHAPES = {
  lot: text(80),
  stage: text(80),
  list_sha256: digest,
  report_sha256: digest,
  passed: listing(digest, 0, MAX_BIDS),
  failed: listing(record({ manifest_sha256: digest, reason: text(500) }), 0, MAX_BIDS),
};

// The result in canonical bytes, with its `sha256`.
export function readResult(bytes) {
  const result = read(bytes, FORMAT, SHAPES);
  const named = [...result.passed, ...result.failed.map((row) => row.manifest_sha256)];
  if (new Set(named).size < named.length) refuse("sealing.closing.twice", { part: "manifest_sha256" });
  return { ...result, sha256: digestOf(bytes) };
}

const same = (...values) => values.every((value) => value === values[0]);
const row = (bid) => [bid.bidder, bid.version, bid.manifest_sha256, bid.received_at, bid.log_index].join();
const failing = (parts, made) => Object.keys(parts).filter((part) => !parts[part]).map(made);

// Why a later stage's list does not follow from the earlier one's result: every reason. dead: what founded
// protests struck off this stage's lists.
export function followingFaults(closing, earlier, result, policy, dead = new Set()) {
  const fault = (what, facts) => refusal(`sealing.stage.${what}`, facts, ARTICLE);
  const place = policy.stages.findIndex(({ name }) => name === earlier.stage);
  const later = place < 0 ? undefined : policy.stages[place + 1];
  const found = failing({
    lot: same(result.lot, earlier.lot, closing.lot),
    stage: result.stage === earlier.stage && later !== undefined,
    later_stage: later?.name === closing.stage,
    list_sha256: same(result.list_sha256, earlier.sha256, closing.follows),
    result_sha256: result.sha256 === closing.result_sha256,
    drawn_for: closing.drawn_for === earlier.draw_sha256,
  }, (part) => fault("result", { part }));
  const names = result.passed.filter((name) => !dead.has(name));
  const passed = earlier.bids.filter((bid) => names.includes(bid.manifest_sha256));
  const exactly = closing.bids.map(row).join(";") === passed.map(row).join(";");
  if (!exactly || passed.length !== names.length) found.push(fault("bids", { stage: closing.stage }));
  return found;
}

// Why a corrected list does not follow from the one before: it answers founded protests, all of them. What was
// missing is there, and may take the place of an earlier version of the same bidder; what is dead is gone. Every
// other bid stays. missing, dead: hashes of manifests.
export function correctingFaults(closing, before, missing, dead = new Set()) {
  const [kept, all] = [before.bids.map(row), closing.bids.map(row)];
  const added = closing.bids.filter((bid) => !kept.includes(row(bid)));
  const newer = new Map(added.filter((bid) => missing.has(bid.manifest_sha256)).map((bid) => [bid.bidder, bid.version]));
  const isDead = (bid) => dead.has(bid.manifest_sha256);
  const held = before.bids.filter((bid) => !isDead(bid) && bid.version >= (newer.get(bid.bidder) ?? 0)).map(row);
  const there = new Set(added.map((bid) => bid.manifest_sha256));
  return failing({
    corrects: closing.corrects === before.sha256,
    drawn_for: closing.drawn_for === before.draw_sha256,
    stage: ["lot", "stage", "follows", "result_sha256"].every((name) => closing[name] === before[name]),
    closed_at: closing.closed_at >= before.closed_at,
    dropped: held.every((each) => all.includes(each)),
    dead: !closing.bids.some(isDead),
    added: (there.size > 0 || before.bids.some(isDead)) &&
      there.size === missing.size && [...missing].every((name) => there.has(name)),
  }, (part) => refusal("sealing.closing.correction", { part }, ARTICLE));
}
