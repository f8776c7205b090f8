// The key of an envelope among its trustees; kernel/sealing/bids/shares.py.

import { split } from "shamir-secret-sharing";

import { digestOf } from "../lib/bytes.js";
import { OVERHEAD, openSealed, seal } from "../lib/hpke.js";
import { refuse } from "../lib/refused.js";
import { commitmentOf, shareInfo } from "./manifest.js";

const SHARE_SIZE = 33;
const NO_DIGEST = "0".repeat(64);
export const SEALED_SIZE = SHARE_SIZE + OVERHEAD;

// An identity (32 bytes) as k of n shares, in the trustees' order.
export const splitKey = (policy, identity) => split(identity, policy.trustees.length, policy.threshold);

// Seal each share of an identity to its trustee: the manifest's row and the sealed shares.
export async function deal(policy, context, name, { identity, shares }, ciphertext) {
  const { rows, sealed } = await dealt(policy, context, name, shares, ciphertext.sha256);
  const commitment = commitmentOf(context, name, identity);
  const { sha256, size } = ciphertext;
  return { row: { name, sha256, size, commitment, shares: rows }, sealed };
}

// The committed identity of an envelope dealt afresh for one closing list: {rows, sealed}. Refused where it is
// another than the manifest commits to.
export async function dealAgain(policy, manifest, name, identity, listSha256) {
  const { commitment, sha256 } = manifest.envelopes.find((each) => each.name === name);
  if (commitmentOf(manifest, name, identity) !== commitment) refuse("sealing.share.commitment", { envelope: name });
  return dealt(policy, manifest, name, await splitKey(policy, identity), sha256, listSha256);
}

async function dealt(policy, context, name, shares, ciphertext, curedFor) {
  const [rows, sealed] = [[], []];
  for (const [index, { point, key_sha256: key }] of policy.trustees.entries()) {
    const share = shares[index];
    sealed.push(await seal(share, point, shareInfo(context, name, ciphertext, index, key, curedFor)));
    rows.push({
      trustee_key_sha256: key,
      x: share.at(-1),
      sealed_sha256: digestOf(sealed[index]),
      opened_sha256: digestOf(share),
    });
  }
  return { rows, sealed };
}

// A row as long as that of these shares will be, before anything is encrypted.
export const rowBefore = (policy, name, shares, size) => ({
  name,
  sha256: NO_DIGEST,
  size,
  commitment: NO_DIGEST,
  shares: policy.trustees.map(({ key_sha256: key }, index) => ({
    trustee_key_sha256: key, x: shares[index].at(-1), sealed_sha256: NO_DIGEST, opened_sha256: NO_DIGEST,
  })),
});

// A trustee's share (33 bytes), opened and compared with both hashes that its bidder signed. again:
// {list_sha256, rows} where the key was dealt anew for one closing list; those rows count then.
export async function openShare(manifest, envelope, index, sealed, key, again = null) {
  const facts = { envelope, index };
  const { sha256, shares } = manifest.envelopes.find(({ name }) => name === envelope);
  const row = (again?.rows ?? shares)[index];
  if (digestOf(sealed) !== row.sealed_sha256) refuse("sealing.share.sealed", facts);
  if (key.sha256 !== row.trustee_key_sha256) refuse("sealing.share.other_key", facts);
  const info = shareInfo(manifest, envelope, sha256, index, row.trustee_key_sha256, again?.list_sha256);
  const share = await openSealed(sealed, key, info);
  const same = digestOf(share) === row.opened_sha256;
  if (share.length !== SHARE_SIZE || share.at(-1) !== row.x || !same) refuse("sealing.share.opened", facts);
  return share;
}
