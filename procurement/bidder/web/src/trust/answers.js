// What a server tells (docs/sealed-bids.md), read out of files: policy, whom to believe, which time.

import { digestOf, fromBase64, utf8 } from "../lib/bytes.js";
import { instant, instantText, isObject } from "../lib/fields.js";
import { Refused, refuse } from "../lib/refused.js";
import { checkKeys, checkSuccessor, readPolicy } from "../bids/policy.js";
import { checkMoment, checkProof, unproven } from "../bids/policyproof.js";
import { readSignatures, verifyPolicy } from "./bundles.js";
import { readCertificates } from "./certificates.js";
import { readCrl } from "./revocation.js";
import { prove } from "./timestamps.js";
import { Trust } from "./trust.js";

export function readAnswer(bytes) {
  let answer;
  try {
    answer = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    refuse("bidder.server.answer", { part: "JSON" });
  }
  if (!isObject(answer)) refuse("bidder.server.answer", { part: "JSON" });
  return answer;
}

export function textOf(answer, name) {
  // JSON can spell a lone surrogate, which no text is.
  const whole = typeof answer[name] === "string" && !/\p{Surrogate}/u.test(answer[name]);
  return whole ? utf8(answer[name]) : refuse("bidder.server.answer", { part: name });
}

export function rawOf(answer, name) {
  textOf(answer, name);
  return fromBase64(answer[name]) ?? refuse("bidder.server.answer", { part: name });
}

export function rowsOf(answer, name) {
  const rows = name in answer ? answer[name] : [];
  return Array.isArray(rows) ? rows : refuse("bidder.server.answer", { part: name });
}

// What the lot's notice asks of a bid beyond its policy, as the server tells it beside: no signature stands
// for it, so it is nothing but a warning's ground. null where it is not told.
export function asksOf({ asks }) {
  if (!isObject(asks)) return null;
  const fen = (value) => (Number.isSafeInteger(value) && value > 0 ? value : 0);
  return { ceiling: fen(asks.ceiling_fen), security: fen(asks.security_fen), bill: asks.bill === true };
}

export const bundleOf = (answer, name) =>
  ({ text: textOf(answer, name), signatures: readSignatures(rowsOf(answer, "signatures")) });

// Whom to believe: the reader's own roots, or a demonstration's own where that was accepted; issuers
// and lists may come with the answer, for a list is signed by its authority.
export function trustOf(answer, roots, demonstration) {
  const own = demonstration && !roots ? textOf(answer, "anchors") : roots;
  if (!own) refuse("bidder.usage.needs", { option: "--anchors" });
  const issuers = answer.chain ? readCertificates(textOf(answer, "chain")) : [];
  const crls = rowsOf(answer, "crls").map((each) => readCrl(fromBase64(String(each)) ?? new Uint8Array(0)));
  return new Trust(readCertificates(own), demonstration, crls, issuers);
}

// The time that counts: this machine's, under a demonstration's anchors the answer's.
export function momentOf(answer, demonstration) {
  return demonstration && "time" in answer ? instant(answer.time, "$.time") : instantText(new Date());
}

// stampRoots: those of time-stamp authorities. The policy, and what proves by when it was signed, if anything.
export async function checkedPolicy(answer, trust, at, expected, stampRoots = []) {
  const bundle = bundleOf(answer, "policy");
  const stamp = await stampOf(answer, bundle, trust, at, stampRoots);
  const policy = await verifyPolicy(bundle, trust, at, expected, stamp?.genTime).catch((fault) => {
    throw (answer.proof ?? null) === null ? unproven(fault, readPolicy(bundle.text)) : fault;
  });
  await checkKeys(policy);
  // Where the older versions are told, each must be extended by the next, up to this one.
  const versions = rowsOf(answer, "previous").map((row) => readPolicy(textOf(isObject(row) ? row : {}, "policy")));
  [...versions, policy].reduce((older, newer) => {
    if (older) checkSuccessor(newer, older);
    return newer;
  }, null);
  return { policy, stamp };
}

// An authority that is revoked, or of whom no list speaks up to now: its tokens prove nothing, and its fault, or its
// list's, is nobody's who signed.
const NO_PROOF = ["sealing.certificate.revoked", "sealing.certificate.crl_missing", "sealing.certificate.crl_stale"];

// By when a policy was under its signatures; null where there is no token, no root for one, or its authority cannot
// be believed any more. One that is there and false is refused, since somebody put it there.
async function stampOf({ proof = null }, bundle, trust, at, stampRoots) {
  if (proof === null) return null;
  if (!isObject(proof)) refuse("bidder.server.answer", { part: "proof" });
  const [said, token] = [textOf(proof, "text"), rawOf(proof, "token")];
  checkProof(said, bundle);
  // In a sandbox its own roots vouch for its authority too.
  const roots = [...stampRoots, ...(trust.demonstration ? trust.anchors : [])];
  if (!roots.length) return null;
  const policy = readPolicy(bundle.text);
  const { demonstration, crls, intermediates } = trust;
  const believed = { roots, demonstration, crls, intermediates };
  let found;
  try {
    found = await prove(token, digestOf(said), policy.timestamp_authorities, believed, at);
  } catch (fault) {
    if (fault instanceof Refused && fault.refusals.every(({ code }) => NO_PROOF.includes(code))) return null;
    throw fault;
  }
  checkMoment(found.genTime, policy);
  return found;
}

// What a policy says of its parties before anything is verified, to compare with the notice.
export function partiesToCheck(answer) {
  const { procuring_entity: entity, trustees } = readPolicy(textOf(answer, "policy"));
  const rows = [{ ...entity, role: "entity" }, ...trustees.map((row) => ({ ...row, role: "trustee" }))];
  return rows.filter(({ uscc }, i) => rows.findIndex((row) => row.uscc === uscc) === i);
}
