// A trustee's part in the opening: close, draw, check, release, in this order and no other;
// procurement/bidder/opening.py. A step gives {statement, told}: what is said, and rows to be read.

import { fromBase64, hex, toBase64, utf8 } from "../lib/bytes.js";
import { Refused, refusal, refuse, refuseAll } from "../lib/refused.js";
import { bidFaults, listFaults, readList, reseal, tryShare, writeMarks, writeRelease } from "../bids/closing.js";
import { Told, writeCuredMarks } from "../bids/cures.js";
import { readDraw } from "../bids/draw.js";
import { manifestFaults, readManifest } from "../bids/manifest.js";
import { checkDraw as fair } from "../bids/moments.js";
import { indexOf } from "../bids/policy.js";
import { readProtest } from "../bids/protests.js";
import { checkLog, checkReceipt, included, readReceipt } from "../bids/receipts.js";
import { nonceOf } from "../bids/trustees.js";
import { enough, readSignatures } from "../trust/bundles.js";
import { checkCms } from "../trust/cms.js";
import { prove } from "../trust/timestamps.js";
import { checkSigner } from "../trust/trust.js";
import { checkCorrection, checkReady, envelopesOf, following, manifests, momentsOf, pairs, told } from "../bids/resting.js";
import { ownKey, signed, textOf } from "./steps.js";

// The closing as the task tells it, and what this trustee knows itself.
async function hear({ task: { closing }, keep, trust, at, handed = [] }) {
  const answer = { ...closing, protests: [...closing.protests, ...handed] };
  const data = utf8(answer.list);
  return { answer, data, list: await readList(data), policy: keep.newest(), keep, trust, at };
}

// A protest that its bidder handed over itself, lest the operator show it to nobody; by the receipt of a
// withdrawal only, for nothing that the operator could answer makes such a bid live again.
export function readHanded(bytes, name) {
  let row;
  try {
    row = JSON.parse(new TextDecoder().decode(bytes));
    fromBase64(row.p7s);
  } catch {
    refuse("bidder.server.answer", { part: "protest" });
  }
  if (typeof row.protest !== "string") refuse("bidder.server.answer", { part: "protest" });
  if (!readProtest(utf8(row.protest)).withdrawn) refuse("bidder.protest.handed", { file: name });
  return row;
}

// Check the closing list and every bid on it; sign it.
export async function signList(desk) {
  const here = await hear(desk);
  const { answer, data, list, policy, keep, trust, at } = here;
  const reasons = listFaults(list, policy, at);
  await trust.verify(fromBase64(answer.p7s), data, policy.operator.uscc, at);
  const stamped = await checkStamp(desk, here);
  for (const [bid, row] of pairs(here)) reasons.push(...(await bidReasons(here, bid, row)));
  if (list.follows) reasons.push(...(await following(here)));
  refuseAll(reasons);
  const name = `list-${list.stage}`;
  const before = keep.state[name] ?? list.sha256;
  if (before !== list.sha256 || list.corrects) await checkCorrection(here);
  if (before !== list.sha256) keep.state[`replaced-${before}`] = list.sha256;
  keep.state[name] = list.sha256;
  return { statement: { kind: "closing-signature", p7s: await signed(desk, data) }, told: stamped };
}

// The list was made after the deadline by another clock than the operator's; required where the policy
// names authorities.
async function checkStamp({ stampRoots, trust }, { answer, list, policy }) {
  const { timestamp_authorities: names, deadline } = policy;
  if (!names.length) return [];
  if (!answer.timestamp) refuse("bidder.list.no_timestamp");
  // In a sandbox its own roots vouch for its authority too.
  const roots = [...stampRoots, ...(trust.demonstration ? trust.anchors : [])];
  if (!roots.length) refuse("bidder.usage.needs", { option: "--tsa-anchors" });
  const believed = { roots, demonstration: trust.demonstration, crls: trust.crls, intermediates: trust.intermediates };
  const found = await prove(fromBase64(answer.timestamp.token), list.sha256, names, believed);
  if (found.genTime <= deadline) refuse("bidder.list.timestamp", { at: found.genTime, deadline });
  return [["stamp", "moment", found.genTime], ["stamp.authority", "text", found.authority]];
}

// Reveal the nonce for the draw, once k trustees signed the list that this one signed.
export async function reveal(desk) {
  const { answer, list, keep } = await signedList(desk);
  // From now on a draw without it is not this one's doing.
  if (!answer.draw) keep.state.revealed = list.draw_sha256;
  const nonce = hex(nonceOf(desk.task.lot, await ownKey(desk)));
  return { statement: { kind: "nonce", nonce }, told: [] };
}

// Open this trustee's shares here and sign, for each, whether it is good.
export async function mark(desk) {
  const here = await signedList(desk);
  const marks = (await shares(desk, here, new Told())).map((each) => each.mark);
  const said = writeMarks({ ...named(desk, here), marks });
  return { statement: { kind: "marks", marks: textOf(said), p7s: await signed(desk, said) }, told: counted(marks) };
}

// The same of bidders' cures, for each that this trustee did not mark before. A cure counts under its
// bidder's signature, for this list and the old commitment only.
export async function markCures(desk) {
  const here = await signedList(desk);
  const said = await told(here);
  const [key, index, listed] = [await ownKey(desk), indexOf(here.policy, desk.who.uscc), manifests(here)];
  const own = said.cured.filter(({ trustee }) => trustee === desk.who.uscc);
  const before = new Set(own.flatMap(({ marks }) => marks.map((each) => each.cure_sha256)));
  const marks = [];
  for (const cure of said.cures.values()) {
    if (before.has(cure.sha256)) continue;
    const manifest = listed.get(cure.manifest_sha256);
    const { mark: found } = await tryShare(manifest, cure.envelope, index, cure.sealed[index], key, cure.again);
    marks.push({ cure_sha256: cure.sha256, ...found });
  }
  if (!marks.length) return { statement: null, told: counted(marks) };
  const data = writeCuredMarks({ ...named(desk, here), marks });
  const statement = { kind: "cured-marks", cured_marks: textOf(data), p7s: await signed(desk, data) };
  return { statement, told: counted(marks) };
}

// Send the good shares, sealed to the opening's session, after the draw and the marks; not while a founded
// protest lies with the list, nor while a bidder may still cure.
export async function release(desk) {
  const here = await signedList(desk);
  const { list, keep } = here;
  await checkDraw(desk, here);
  const said = await told(here);
  await checkReady(here, said);
  const sent = [];
  for (const { mark: { envelope }, manifest, share } of await shares(desk, here, said)) {
    if (share) sent.push(await reseal(list, manifest, envelope, desk.who.uscc, share));
  }
  // From now on no corrected list is signed.
  keep.state[`released-${list.stage}`] = list.sha256;
  const data = writeRelease({ ...named(desk, here), shares: sent });
  const statement = { kind: "shares", release: textOf(data), p7s: await signed(desk, data) };
  return { statement, told: [["released", "text", String(sent.length)]] };
}

const named = ({ task, who }, { list }) => ({ lot: task.lot, list_sha256: list.sha256, trustee: who.uscc });

function counted(marks) {
  const bad = marks.filter(({ good }) => !good);
  return [["marks.good", "text", String(marks.length - bad.length)], ["marks.bad", "text", String(bad.length)],
    ...bad.map((each) => ["marks.which", "code", `${each.manifest_sha256} ${each.envelope} ${each.reason}`])];
}

// The closing under k signatures, of the very list that this trustee signed; who holds no share signs
// none, and relies on those of k trustees.
async function signedList(desk) {
  const here = await hear(desk);
  const { answer, data: text, list, policy, keep, trust, at } = here;
  if (desk.task.share && keep.state[`list-${list.stage}`] !== list.sha256) refuse("bidder.list.none");
  await enough({ text, signatures: readSignatures(answer.signatures) }, policy, trust, at, list.closed_at);
  return here;
}

// Every reason against one bid; where it cannot even be read, that reason.
async function bidReasons({ list, policy, keep, trust }, bid, row) {
  let manifest;
  let receipt;
  try {
    const [head, said, p7s] = [utf8(row.manifest), utf8(row.receipt), fromBase64(row.p7s)];
    [manifest, receipt] = [readManifest(head), readReceipt(said)];
    const signature = await checkCms(p7s, head);
    checkSigner(signature, manifest.bidder);
    if (!receipt.provisional.includes("crl")) await trust.trusted(signature, receipt.received_at);
    await trust.verify(fromBase64(row.receipt_p7s), said, policy.operator.uscc, receipt.received_at);
    checkReceipt(receipt, head, p7s);
    checkLog(receipt.log);
  } catch (fault) {
    if (fault instanceof Refused) return fault.refusals;
    throw fault;
  }
  const reasons = bidFaults(list, bid, manifest, receipt, keep.policies);
  const own = keep.policies.find(({ sha256 }) => sha256 === manifest.policy_sha256);
  if (own) reasons.push(...manifestFaults(manifest, own));
  const { leaf, index } = receipt.log;
  if (!included(leaf, index, list.tree_size, row.proof, list.tree_root)) {
    reasons.push(refusal("bidder.list.proof", { bidder: bid.bidder }));
  }
  return reasons;
}

// A mark for each bid and envelope of the stage, and the share where it is good; of an envelope whose cure
// k trustees found good, the cured share.
async function shares(desk, here, said) {
  const { answer, policy } = here;
  const [key, index, found] = [await ownKey(desk), indexOf(policy, desk.who.uscc), []];
  for (const [digest, manifest] of manifests(here)) {
    const mine = answer.sealed_shares[digest] ?? {};
    for (const name of envelopesOf(here)) {
      const cure = said.helping(digest, name, policy.threshold);
      const given = Object.hasOwn(mine, name) ? fromBase64(mine[name]) : new Uint8Array(0);
      const sealed = cure ? cure.sealed[index] : given;
      found.push({ manifest, ...(await tryShare(manifest, name, index, sealed, key, cure?.again)) });
    }
  }
  return found;
}

// No share leaves before the draw, nor under one that others could have chosen. Whoever came too late to
// reveal releases all the same; whoever told its nonce does not under a draw that leaves it out.
async function checkDraw({ who }, here) {
  const { answer, list, policy, keep } = here;
  if (!policy.draws.length) return;
  if (!answer.draw) refuse("bidder.release.no_draw");
  const data = utf8(answer.draw);
  const drawn = readDraw(data, policy, list.draw_sha256);
  if (drawn.withheld.includes(who.uscc) && keep.state.revealed === list.draw_sha256) refuse("bidder.release.nonce");
  // In a later stage the draw is long over, and was judged in the first.
  if (!list.follows) fair(drawn, data, policy, await momentsOf(here));
}
