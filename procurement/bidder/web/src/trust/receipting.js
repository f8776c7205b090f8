// A receipt judged line by line, as `receipt verify` of procurement/bidder/submit.py judges it, without a network.
// What a line needs and nobody brought is not checked, and said so; the first line that fails is the one that the
// command line is refused with.

import { digestOf, fromBase64 } from "../lib/bytes.js";
import { isObject } from "../lib/fields.js";
import { Refused, refusal, refuse, refuseAll } from "../lib/refused.js";
import { readPolicy } from "../bids/policy.js";
import { checkEntry, checkLog, checkReceipt, readReceipt } from "../bids/receipts.js";
import { rawOf, readAnswer, rowsOf, textOf } from "./answers.js";
import { prove } from "./timestamps.js";
import { checkWitnessed } from "./witnessed.js";

// A token further than this (microseconds) from the time of receipt does not make the receipt whole.
const NEAR = 60e6;

// bytes: the receipt's file. bid: () → the bid as readBid gives it, null where none was brought. answer: what
// GET /policy gives, or null. trust: whom to believe, null where no roots are at hand. stampRoots: certificates.
// witnesses: {anchors, head, consistency} in bytes, or null. {lines: [{name, state, facts, refusals}], receipt,
// provisional, verdict}; state is passed, failed or unchecked, verdict failed, partly, provisional or whole.
export async function judgeReceipt({ bytes, bid, answer, trust, stampRoots = [], witnesses = null }) {
  const judged = { lines: [], receipt: null, provisional: [], verdict: "" };
  const line = async (name, needs, check) => {
    const row = { name, state: "unchecked", facts: {}, refusals: [] };
    judged.lines.push(row);
    if (!needs) return null;
    try {
      const found = await check(row);
      if (row.state === "unchecked" && !row.facts.why) row.state = "passed";
      return found;
    } catch (fault) {
      if (!(fault instanceof Refused)) throw fault;
      Object.assign(row, { state: "failed", refusals: fault.refusals });
      return null;
    }
  };

  const received = await line("bid", bid, bid);
  // A receipt that cannot be read names no policy, so it is looked at first, and told in its place.
  const said = await line("form", true, () => read(bytes));
  const receipt = judged.receipt = said?.receipt ?? null;
  judged.provisional = [...(receipt?.provisional ?? [])];
  const named = received?.manifest.policy_sha256 ?? receipt?.policy_sha256;
  const policy = await line("policy", answer && named, () => policyByHash(named, answer));
  judged.lines.splice(1, 2, judged.lines[2], judged.lines[1]);

  await line("signature", receipt && policy && trust, () =>
    trust.verify(said.p7s, said.data, policy.operator.uscc, receipt.received_at));
  await line("time", receipt && policy, (row) => {
    row.facts = { at: receipt.received_at };
    if (receipt.received_at > policy.deadline) refuse("bidder.receipt.late", { at: receipt.received_at });
  });
  await line("hashes", receipt && received, () => checkHashes(receipt, received));
  await line("entry", receipt, () => checkEntry(receipt));
  await line("named", receipt && received, () => checkNamed(receipt, received));
  await line("log", receipt, (row) => {
    row.facts = { index: receipt.log.index };
    checkLog(receipt.log);
  });
  await line("stamp", receipt && policy && trust, (row) => checkStamp(row, judged, { policy, trust, stampRoots }));
  await line("witnesses", receipt && witnesses?.anchors && witnesses.head, async (row) => {
    row.facts = await checkWitnessed(receipt.log, witnesses);
  });
  return Object.assign(judged, { verdict: verdictOf(judged) });
}

function read(bytes) {
  const told = readReceiptFile(bytes);
  const data = textOf(told, "receipt");
  const p7s = rawOf(told, "p7s");
  return { data, p7s, receipt: readReceipt(data) };
}

// What a file that was kept says; a file of another kind is no receipt.
export function readReceiptFile(bytes) {
  try {
    return readAnswer(bytes);
  } catch (fault) {
    if (fault instanceof Refused) refuse("bidder.server.answer", { part: "receipt" });
    throw fault;
  }
}

// The policy that a bid was sealed under; its bidder verified it then, so the hash will do.
export function policyByHash(sha256, answer) {
  for (const each of [answer, ...rowsOf(answer, "previous")]) {
    const data = isObject(each) ? textOf(each, "policy") : new Uint8Array(0);
    if (digestOf(data) === sha256) return readPolicy(data);
  }
  return refuse("bidder.bid.other_policy");
}

function checkHashes(receipt, { text, signature }) {
  try {
    checkReceipt(receipt, text, signature);
  } catch (fault) {
    // Its entry of the log is a line of its own.
    if (!(fault instanceof Refused) || fault.refusals[0].code !== "sealing.receipt.entry") throw fault;
  }
}

function checkNamed(receipt, { manifest, size }) {
  const { lot, bidder, version, policy_sha256: policy } = manifest;
  const wanted = { lot, bidder, version, policy_sha256: policy, size };
  refuseAll(Object.keys(wanted).filter((part) => receipt[part] !== wanted[part])
    .map((part) => refusal("sealing.receipt.other", { part })));
}

// Without roots of time-stamp authorities nobody vouches for a token, and the receipt stays as provisional as if
// there were none.
async function checkStamp(row, judged, { policy, trust, stampRoots }) {
  const { receipt } = judged;
  const token = fromBase64(receipt.timestamp);
  if (!token.length) {
    if (!receipt.provisional.includes("timestamp")) refuse("bidder.receipt.no_timestamp");
    row.facts = { why: "check.no_token" };
    return;
  }
  const roots = [...stampRoots, ...(trust.demonstration ? trust.anchors : [])];
  if (!roots.length) {
    judged.provisional = [...new Set([...receipt.provisional, "timestamp"])];
    row.facts = { why: "check.no_roots" };
    return;
  }
  const { demonstration, crls, intermediates } = trust;
  const believed = { roots, demonstration, crls, intermediates };
  const { authority, genTime } = await prove(token, receipt.manifest_sha256, policy.timestamp_authorities, believed);
  row.facts = { authority, at: genTime };
  if (!receipt.provisional.includes("timestamp")) checkNear(genTime, receipt.received_at);
}

function checkNear(genTime, received) {
  const apart = Math.abs(microseconds(genTime) - microseconds(received));
  if (apart > NEAR) refuse("sealing.timestamp.time", { seconds: Math.floor(apart / 1e6), limit: NEAR / 1e6 });
}

const microseconds = (instant) => 1000 * Date.parse(`${instant.slice(0, 19)}Z`) + Number(instant.slice(20, 26));

// What the command line needs to say anything at all; a head that witnesses signed is asked for beside it.
const NEEDED = ["bid", "policy", "form", "signature", "time", "hashes", "entry", "named", "log"];

function verdictOf({ lines, provisional }) {
  if (lines.some(({ state }) => state === "failed")) return "failed";
  if (lines.some(({ name, state }) => state === "unchecked" && NEEDED.includes(name))) return "partly";
  return provisional.length ? "provisional" : "whole";
}
