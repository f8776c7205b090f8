// After the deadline: the closing list, marks, and the release of shares; kernel/sealing/bids/closing.py, releasing.py.

import { digestOf, fromBase64, toBase64 } from "../lib/bytes.js";
import {
  boolean, digest, digestOrNone, formOf, instant, integer, listing, octets, read, record, text, uscc, write,
} from "../lib/fields.js";
import { loadPublic, seal } from "../lib/hpke.js";
import { Refused, refusal, refuse } from "../lib/refused.js";
import { openShare } from "./shares.js";

const LIST_FORMAT = "zhuxin-closing-list/1";
// With what a list rests on: a list that it corrects, or an earlier stage and its result.
const RESTING_FORMAT = "zhuxin-closing-list/2";
const MARKS_FORMAT = "zhuxin-share-marks/1";
const RELEASE_FORMAT = "zhuxin-share-release/1";
export const MAX_BIDS = 2000;
export const ARTICLE = "平台开标规则：截标名单";

const LIST = {
  lot: text(80),
  policy_sha256: digest,
  policy_version: integer(1, 10_000),
  stage: text(80),
  closed_at: instant,
  tree_size: integer(1),
  tree_root: digest,
  session_key: octets(65, 65),
  bids: listing(
    record({
      bidder: uscc, version: integer(1, 10_000), manifest_sha256: digest, received_at: instant, log_index: integer(0),
    }),
    0,
    MAX_BIDS,
  ),
};
const PLAIN = { corrects: "", follows: "", result_sha256: "", drawn_for: "" };
const RESTING = Object.fromEntries(Object.keys(PLAIN).map((name) => [name, digestOrNone]));
const MARKS = {
  lot: text(80),
  list_sha256: digest,
  trustee: uscc,
  marks: listing(
    record({ manifest_sha256: digest, envelope: text(80), good: boolean, reason: text(120, 0) }), 0, 4 * MAX_BIDS,
  ),
};

const fault = (what, facts = {}) => refusal(`sealing.closing.${what}`, facts, ARTICLE);

// The closing list in canonical bytes, with its `sha256`, the session's `point`, and `draw_sha256`: the
// list that the draw is bound to, this one unless it rests on another.
export async function readList(bytes) {
  const closing = formOf(bytes) === RESTING_FORMAT ? readResting(bytes) : { ...read(bytes, LIST_FORMAT, LIST), ...PLAIN };
  const point = fromBase64(closing.session_key);
  await loadPublic(point);
  for (const part of ["bidder", "manifest_sha256", "log_index"]) {
    const values = closing.bids.map((bid) => bid[part]);
    if (new Set(values).size < values.length) refuse("sealing.closing.twice", { part });
  }
  const order = closing.bids.map((bid) => bid.log_index);
  if (order.some((index, i) => i && order[i - 1] > index)) refuse("sealing.closing.order");
  const sha256 = digestOf(bytes);
  return { ...closing, point, sha256, draw_sha256: closing.drawn_for || sha256 };
}

function readResting(bytes) {
  const closing = read(bytes, RESTING_FORMAT, { ...LIST, ...RESTING });
  const { corrects, follows, result_sha256: result, drawn_for: drawn } = closing;
  if (Boolean(follows) !== Boolean(result) || !(corrects || follows) || !drawn) refuse("sealing.closing.resting");
  return closing;
}

// Why a trustee must not sign a list, apart from its bids: every reason.
export function listFaults(closing, policy, now) {
  const found = [];
  const same = closing.lot === policy.lot && closing.policy_sha256 === policy.sha256 &&
    closing.policy_version === policy.version;
  if (!same) found.push(fault("policy", { found: closing.policy_sha256, wanted: policy.sha256 }));
  if (!policy.stages.some(({ name }) => name === closing.stage)) {
    found.push(fault("stage", { stage: closing.stage }));
  }
  if (closing.closed_at < policy.deadline || now < policy.deadline) {
    found.push(fault("too_early", { deadline: policy.deadline }));
  }
  if (closing.closed_at > now) found.push(fault("clock", { closed_at: closing.closed_at, now }));
  return found;
}

// Why a bid on the list is not what its manifest and receipt say: every reason. versions: policies of
// the lot, from the first to the list's own.
export function bidFaults(closing, bid, manifest, receipt, versions) {
  const same = (...values) => values.every((value) => value === values[0]);
  const { log } = receipt;
  const parts = {
    manifest: same(manifest.sha256, bid.manifest_sha256, receipt.manifest_sha256),
    bidder: same(manifest.bidder, bid.bidder, receipt.bidder),
    version: same(manifest.version, bid.version, receipt.version),
    lot: same(manifest.lot, closing.lot, receipt.lot),
    policy: versions.some(({ sha256 }) => same(sha256, manifest.policy_sha256, receipt.policy_sha256)),
    received_at: receipt.received_at === bid.received_at,
    log_index: log.index === bid.log_index && bid.log_index < closing.tree_size,
  };
  const found = Object.keys(parts)
    .filter((part) => !parts[part])
    .map((part) => fault("bid", { bidder: bid.bidder, part }));
  const last = versions.reduce((newest, each) => (each.version > newest.version ? each : newest));
  if (bid.received_at > last.deadline) {
    found.push(fault("late", { bidder: bid.bidder, received_at: bid.received_at }));
  }
  return found;
}

export const writeMarks = (values) => write(MARKS_FORMAT, values);

export function readMarks(bytes) {
  const marks = read(bytes, MARKS_FORMAT, MARKS);
  const keys = marks.marks.map((mark) => `${mark.manifest_sha256} ${mark.envelope}`);
  if (new Set(keys).size < keys.length) refuse("sealing.closing.twice", { part: "envelope" });
  if (marks.marks.some(({ good, reason }) => good === Boolean(reason))) {
    refuse("sealing.format.field", { path: "$.marks.reason", expected: "text" });
  }
  return marks;
}

// A trustee's mark for one share, and the share where it is good. again: where the key was dealt anew.
export async function tryShare(manifest, envelope, index, sealed, key, again = null) {
  const named = { manifest_sha256: manifest.sha256, envelope };
  try {
    const share = await openShare(manifest, envelope, index, sealed, key, again);
    return { mark: { ...named, good: true, reason: "" }, share };
  } catch (fault_) {
    if (!(fault_ instanceof Refused)) throw fault_;
    return { mark: { ...named, good: false, reason: fault_.refusals[0].code }, share: null };
  }
}

// A trustee's opened share, sealed to the opening session and to nothing else.
export async function reseal(closing, manifest, envelope, trustee, share) {
  const info = [RELEASE_FORMAT, closing.sha256, manifest.sha256, envelope, trustee];
  const sealed = await seal(share, closing.point, info);
  return { manifest_sha256: manifest.sha256, envelope, sealed: toBase64(sealed) };
}

export const writeRelease = (values) => write(RELEASE_FORMAT, values);
