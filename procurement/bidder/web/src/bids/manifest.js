// The manifest of a bid, and what binds every share to it; kernel/sealing/bids/manifest.py.

import { digestOf, hex } from "../lib/bytes.js";
import { digest as canonicalDigest } from "../lib/canonical.js";
import {
  choice, digest, digestOrNone, integer, listing, read, record, text, uscc, write,
} from "../lib/fields.js";
import { refusal, refuse } from "../lib/refused.js";
import { ENVELOPES, MAX_BID, MAX_TRUSTEES, SUITE } from "./policy.js";

export const FORMAT = "zhuxin-bid-manifest/1";
export const MAX_MANIFEST = 256 * 1024;
const COMMITMENT = "zhuxin-key-commitment/1";
const SHARE = "zhuxin-key-share/1";
const CURED = "zhuxin-cured-share/1";
const ARTICLE = "平台开标规则：投标文件格式";

const SHARE_SHAPE = record({
  trustee_key_sha256: digest, x: integer(1, 255), sealed_sha256: digest, opened_sha256: digest,
});
const SHAPES = {
  suite: choice(SUITE),
  lot: text(80),
  policy_sha256: digest,
  bidder: uscc,
  version: integer(1, 10_000),
  replaces: digestOrNone,
  nonce: digest,
  envelopes: listing(
    record({
      name: choice(...ENVELOPES),
      sha256: digest,
      size: integer(1, MAX_BID),
      commitment: digest,
      shares: listing(SHARE_SHAPE, 2, MAX_TRUSTEES),
    }),
    1,
    ENVELOPES.length,
  ),
};

export const writeManifest = (values) => write(FORMAT, { suite: SUITE, ...values });

// context: {policy_sha256, lot, bidder, version, nonce}; a manifest is one too.
const bound = ({ policy_sha256: policy, lot, bidder, version, nonce }, envelope) =>
  [policy, lot, bidder, envelope, version, nonce];

export const commitmentOf = (context, envelope, identity) =>
  hex(canonicalDigest([COMMITMENT, ...bound(context, envelope), hex(identity)]));

// curedFor: of a share that a cure gives anew, the closing list that it is given for.
export const shareInfo = (context, envelope, ciphertext, index, key, curedFor = "") => {
  const same = [...bound(context, envelope), ciphertext, index, key];
  return curedFor ? [CURED, ...same, curedFor] : [SHARE, ...same];
};

// The manifest in canonical bytes, with its `sha256`.
export function readManifest(bytes) {
  const manifest = read(bytes, FORMAT, SHAPES, MAX_MANIFEST);
  const single = (part, values) => {
    if (new Set(values).size < values.length) refuse("sealing.manifest.shape", { part });
  };
  if ((manifest.version === 1) !== (manifest.replaces === "")) {
    refuse("sealing.manifest.shape", { part: "replaces" });
  }
  single("name", manifest.envelopes.map(({ name }) => name));
  for (const { shares } of manifest.envelopes) {
    single("x", shares.map(({ x }) => x));
    single("trustee_key_sha256", shares.map((share) => share.trustee_key_sha256));
  }
  return { ...manifest, sha256: digestOf(bytes) };
}

// Why a manifest does not belong to a policy: every reason.
export function manifestFaults(manifest, policy) {
  const fault = (what, facts) => refusal(`sealing.manifest.${what}`, facts, ARTICLE);
  const found = [];
  if (manifest.lot !== policy.lot) found.push(fault("lot", { lot: manifest.lot, wanted: policy.lot }));
  if (manifest.policy_sha256 !== policy.sha256) {
    return [...found, fault("policy", { found: manifest.policy_sha256, wanted: policy.sha256 })];
  }
  if (manifest.envelopes.map(({ name }) => name).join() !== policy.envelopes.join()) {
    found.push(fault("envelopes", { wanted: policy.envelopes }));
  }
  const keys = policy.trustees.map((trustee) => trustee.key_sha256).join();
  for (const { name, shares } of manifest.envelopes) {
    if (shares.map((share) => share.trustee_key_sha256).join() !== keys) {
      found.push(fault("shares", { envelope: name }));
    }
  }
  return found;
}
