// Signed texts with the signatures of organisations beside them; kernel/sealing/bids/bundles.py.

import { fromBase64 } from "../lib/bytes.js";
import { isObject } from "../lib/fields.js";
import { refusal, refuse, refuseAll } from "../lib/refused.js";
import { partiesOf, readPolicy } from "../bids/policy.js";

// Signatures out of an answer's list of {"uscc", "p7s"}.
export function readSignatures(rows) {
  return rows.map((row) => {
    const shaped = isObject(row) && Object.keys(row).sort().join() === "p7s,uscc";
    const p7s = shaped && typeof row.p7s === "string" ? fromBase64(row.p7s) : null;
    if (p7s === null || typeof row.uscc !== "string") refuse("sealing.signature.shape");
    return { uscc: row.uscc, p7s };
  });
}

// Which of the allowed organisations signed a text; one bad signature refuses all. since: when the text came to
// be, where it suffices that a signature held then; stamped: when the signatures were time-stamped, likewise.
export async function signers({ text, signatures }, trust, at, allowed, since = at, stamped = null) {
  const found = new Set();
  for (const { uscc, p7s } of signatures) {
    if (!allowed.includes(uscc)) refuse("sealing.signature.stranger", { found: uscc });
    if (stamped) await trust.verifyStamped(p7s, text, uscc, stamped, at);
    else await trust.verifySaid(p7s, text, uscc, since, at);
    found.add(uscc);
  }
  return found;
}

// The policy under the signatures of the procuring entity and of every trustee. stamped: when a token that was
// verified says that these signatures were there.
export async function verifyPolicy(bundle, trust, at, expected = [], stamped = null) {
  const policy = readPolicy(bundle.text);
  const parties = Object.keys(partiesOf(policy));
  const reasons = [];
  const strange = [...parties.filter((each) => !expected.includes(each)),
    ...expected.filter((each) => !parties.includes(each))].sort();
  if (expected.length && strange.length) {
    reasons.push(refusal("sealing.policy.organisations", { organisations: strange }));
  }
  if (!trust.anchors.some(({ sha256 }) => policy.authorities.includes(sha256))) {
    reasons.push(refusal("sealing.policy.authority"));
  }
  const signed = await signers(bundle, trust, at, parties, at, stamped);
  const missing = parties.filter((each) => !signed.has(each)).sort();
  reasons.push(...missing.map((party) => refusal("sealing.policy.unsigned", { party })));
  refuseAll(reasons);
  return policy;
}

// The trustees who signed a text, at least k of them.
export async function enough(bundle, policy, trust, at, since = at) {
  const found = await signers(bundle, trust, at, policy.trustees.map(({ uscc }) => uscc), since);
  if (found.size < policy.threshold) {
    refuse("sealing.signature.too_few", { found: found.size, needed: policy.threshold });
  }
  return found;
}
