// What a time-stamp of a policy is over: the policy and exactly these signatures;
// kernel/sealing/bids/policy_proof.py.

import { digestOf } from "../lib/bytes.js";
import { digest, listing, read, record, uscc } from "../lib/fields.js";
import { Refused, refusal, refuse } from "../lib/refused.js";
import { MAX_TRUSTEES } from "./policy.js";

const FORMAT = "zhuxin-policy-proof/1";
const ARTICLE = "平台开标规则：开启方案";
const SHAPES = {
  policy_sha256: digest,
  // The procuring entity, where it holds no share, signs beside the trustees.
  signatures: listing(record({ uscc, p7s_sha256: digest }), 1, MAX_TRUSTEES + 1),
};

export const readProof = (bytes) => ordered(read(bytes, FORMAT, SHAPES));

// The proof's values of a policy under its signatures.
export function proofOf({ text, signatures }) {
  const rows = signatures.map(({ uscc: code, p7s }) => ({ uscc: code, p7s_sha256: digestOf(p7s) }));
  const spelt = (row) => row.uscc + row.p7s_sha256;
  return ordered({ policy_sha256: digestOf(text), signatures: rows.sort((a, b) => (spelt(a) < spelt(b) ? -1 : 1)) });
}

// Refuse a text that is of another policy, or of other signatures, more or fewer.
export function checkProof(bytes, bundle) {
  const [said, own] = [readProof(bytes), proofOf(bundle)];
  if (said.policy_sha256 !== own.policy_sha256) refuse("sealing.policy_proof.other", { part: "policy" });
  const listed = ({ signatures }) => signatures.map((row) => row.uscc + row.p7s_sha256).join();
  if (listed(said) !== listed(own)) refuse("sealing.policy_proof.other", { part: "signatures" });
}

// Refuse a token that is later than the bids it should go before.
export function checkMoment(genTime, { deadline }) {
  if (genTime > deadline) refuse("sealing.policy_proof.late", { at: genTime, deadline }, ARTICLE);
}

// What a reader says who was shown no token and finds that a signer's certificate fails now.
export function unproven(fault, { timestamp_authorities: authorities }) {
  if (!(fault instanceof Refused) || !authorities.length) return fault;
  if (!fault.refusals.some(({ code }) => SINCE.includes(code))) return fault;
  return new Refused([...fault.refusals, refusal("sealing.policy_proof.missing", {}, ARTICLE)]);
}

// What may have come after the signature.
const SINCE = ["sealing.certificate.revoked", "sealing.certificate.expired"];

function ordered(proof) {
  const codes = proof.signatures.map((row) => row.uscc);
  if (codes.some((code, i) => i && codes[i - 1] >= code)) refuse("sealing.policy_proof.order");
  return proof;
}
