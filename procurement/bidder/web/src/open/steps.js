// A trustee's steps in the protocol's order, each with its checks: procurement/bidder/trustee.py and
// opening.py. A desk is {task, keep, signer, who, passphrase, trust, at}; a step gives the statement.

import { fromBase64, hex, toBase64, utf8 } from "../lib/bytes.js";
import { Refused, refusal, refuse, refuseAll } from "../lib/refused.js";
import { bidFaults, listFaults, readList, readMarks, reseal, tryShare, writeMarks, writeRelease } from "../bids/closing.js";
import { readDraw } from "../bids/draw.js";
import { manifestFaults, readManifest } from "../bids/manifest.js";
import { checkKeys, checkSuccessor, indexOf, partiesOf, readPolicy } from "../bids/policy.js";
import { checkLog, checkReceipt, included, readReceipt } from "../bids/receipts.js";
import { announcement, answerChallenge, commitmentTo, nonceOf } from "../bids/trustees.js";
import { enough, readSignatures } from "../trust/bundles.js";
import { checkCms, signCms } from "../trust/cms.js";
import { checkSigner } from "../trust/trust.js";

const signed = async (desk, data) => toBase64(await signCms(data, desk.signer, desk.at));
const textOf = (bytes) => new TextDecoder().decode(bytes);
const ownKey = (desk) => desk.keep.key(desk.passphrase);

// Make the opening key, or announce again the one that is there: an answer may get lost on its way.
export async function announce(desk) {
  const { task, keep, who } = desk;
  if (keep.pem && keep.policies.length) refuse("bidder.keep.key_exists", { lot: task.lot });
  const own = keep.pem ? await ownKey(desk) : await keep.makeKey(desk.passphrase);
  const commitment = commitmentTo(task.lot, who.uscc, nonceOf(task.lot, own));
  const said = announcement(task.lot, who, task.share ? own.point : new Uint8Array(0), commitment);
  keep.state.announced = "yes";
  return { kind: "trustee-key", announcement: textOf(said), p7s: await signed(desk, said) };
}

export async function rehearse(desk) {
  const { task, keep, who } = desk;
  const answer = await answerChallenge(utf8(task.challenge), task.lot, who.uscc, await ownKey(desk));
  keep.state.rehearsed = "yes";
  return { kind: "rehearsal", answer: textOf(answer), p7s: await signed(desk, answer) };
}

// expected: the organisations that the reader ticked, as the notice names them.
export async function signPolicy(desk, expected) {
  const { task, keep } = desk;
  const data = utf8(task.draft.policy);
  const policy = readPolicy(data);
  await checkKeys(policy);
  await checkDraft(desk, policy, expected);
  const p7s = await signed(desk, data);
  keep.addPolicy(policy, task.draft.policy);
  return { kind: "policy-signature", p7s };
}

async function checkDraft(desk, policy, expected) {
  const { task, keep, who } = desk;
  const parties = partiesOf(policy);
  const named = Object.keys(parties);
  const strange = [...named.filter((each) => !expected.includes(each)),
    ...expected.filter((each) => !named.includes(each))].sort();
  if (strange.length) refuse("bidder.policy.expected", { organisations: strange });
  const own = await ownKey(desk);
  const shares = policy.trustees.filter(({ uscc }) => uscc === who.uscc);
  const mine = task.share
    ? shares.length === 1 && shares[0].key_sha256 === own.sha256
    : shares.length === 0;
  // An earlier commitment stays empty where nothing is drawn.
  const commitment = parties[who.uscc];
  const committed = commitment === "" || commitment === commitmentTo(task.lot, who.uscc, nonceOf(task.lot, own));
  if (policy.lot !== task.lot || !mine || !committed) refuse("bidder.policy.own");
  if (shares.length && !keep.state.rehearsed) refuse("bidder.policy.not_rehearsed");
  const before = keep.policies.at(-1);
  if (before && policy.sha256 !== before.sha256) {
    if (policy.version <= before.version) refuse("bidder.policy.second", { version: policy.version });
    checkSuccessor(policy, before);
  }
}

// The closing as the task tells it, and what this trustee knows itself.
async function hear(desk) {
  const data = utf8(desk.task.closing.list);
  return { data, list: await readList(data), policy: desk.keep.newest() };
}

export async function signList(desk) {
  const { task: { closing }, keep, trust, at } = desk;
  const here = await hear(desk);
  const { list, policy } = here;
  const reasons = listFaults(list, policy, at);
  await trust.verify(fromBase64(closing.p7s), here.data, policy.operator.uscc, at);
  for (const [bid, row] of pairs(desk, list)) reasons.push(...(await bidReasons(desk, here, bid, row)));
  refuseAll(reasons);
  const name = `list-${list.stage}`;
  if ((keep.state[name] ?? list.sha256) !== list.sha256) refuse("bidder.list.second");
  keep.state[name] = list.sha256;
  return { kind: "closing-signature", p7s: await signed(desk, here.data) };
}

export async function reveal(desk) {
  await signedList(desk);
  return { kind: "nonce", nonce: hex(nonceOf(desk.task.lot, await ownKey(desk))) };
}

export async function mark(desk) {
  const { list } = await signedList(desk);
  const marks = (await shares(desk, list)).map((each) => each.mark);
  const said = writeMarks({ lot: desk.task.lot, list_sha256: list.sha256, trustee: desk.who.uscc, marks });
  return { kind: "marks", marks: textOf(said), p7s: await signed(desk, said) };
}

export async function release(desk) {
  const { list, policy } = await signedList(desk);
  checkDraw(desk, list, policy);
  await checkMarks(desk, list, policy);
  const sent = [];
  for (const { mark: { envelope }, manifest, share } of await shares(desk, list)) {
    if (share) sent.push(await reseal(list, manifest, envelope, desk.who.uscc, share));
  }
  const said = writeRelease({ lot: desk.task.lot, list_sha256: list.sha256, trustee: desk.who.uscc, shares: sent });
  return { kind: "shares", release: textOf(said), p7s: await signed(desk, said) };
}

// The closing under k signatures, of the very list that this trustee signed; who holds no share signs
// none, and relies on those of k trustees.
async function signedList(desk) {
  const { task, keep, trust, at } = desk;
  const here = await hear(desk);
  if (task.share && keep.state[`list-${here.list.stage}`] !== here.list.sha256) refuse("bidder.list.none");
  const bundle = { text: here.data, signatures: readSignatures(task.closing.signatures) };
  await enough(bundle, here.policy, trust, at);
  return here;
}

function pairs({ task: { closing } }, list) {
  const told = closing.bids.map(({ bidder }) => bidder).join();
  if (told !== list.bids.map(({ bidder }) => bidder).join()) refuse("bidder.list.bids");
  return list.bids.map((bid, i) => [bid, closing.bids[i]]);
}

// Every reason against one bid; where it cannot even be read, that reason.
async function bidReasons({ keep, trust }, { list, policy }, bid, row) {
  let manifest;
  let receipt;
  try {
    const [head, told, p7s] = [utf8(row.manifest), utf8(row.receipt), fromBase64(row.p7s)];
    [manifest, receipt] = [readManifest(head), readReceipt(told)];
    const signature = await checkCms(p7s, head);
    checkSigner(signature, manifest.bidder);
    if (!receipt.provisional.includes("crl")) await trust.trusted(signature, receipt.received_at);
    await trust.verify(fromBase64(row.receipt_p7s), told, policy.operator.uscc, receipt.received_at);
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

// A mark for each bid and envelope of the stage, and the share where it is good.
async function shares(desk, list) {
  const policy = desk.keep.newest();
  const [key, index] = [await ownKey(desk), indexOf(policy, desk.who.uscc)];
  const { envelopes } = policy.stages.find(({ name }) => name === list.stage);
  const found = [];
  for (const [bid, row] of pairs(desk, list)) {
    const manifest = readManifest(utf8(row.manifest));
    if (manifest.sha256 !== bid.manifest_sha256) refuse("bidder.list.bids");
    const mine = desk.task.closing.sealed_shares[manifest.sha256] ?? {};
    for (const name of envelopes) {
      const given = Object.hasOwn(mine, name) ? fromBase64(mine[name]) : new Uint8Array(0);
      found.push({ manifest, ...(await tryShare(manifest, name, index, given, key)) });
    }
  }
  return found;
}

// No share leaves before the draw, and none after one that left out this one's nonce.
function checkDraw({ task: { closing }, who }, list, policy) {
  if (!policy.draws.length) return;
  if (!closing.draw) refuse("bidder.release.no_draw");
  const { withheld } = readDraw(utf8(closing.draw), policy, list.sha256);
  if (withheld.includes(who.uscc)) refuse("bidder.release.nonce");
}

// After release nothing is cured: k trustees must have told their marks before.
async function checkMarks({ task: { closing }, trust, at }, list, policy) {
  const marked = new Set();
  for (const row of closing.marks) {
    const data = utf8(row.marks);
    const marks = readMarks(data);
    const holder = policy.trustees.some(({ uscc }) => uscc === marks.trustee);
    if (marks.list_sha256 !== list.sha256 || !holder) continue;
    await trust.verify(fromBase64(row.p7s), data, marks.trustee, at);
    marked.add(marks.trustee);
  }
  if (marked.size < policy.threshold) {
    refuse("bidder.release.marks", { found: marked.size, needed: policy.threshold });
  }
}
