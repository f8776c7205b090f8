// What a list rests on: protests, cures, the stage before; procurement/bidder/resting.py. A hearing is
// {answer, data, list, policy, keep, trust, at}: the closing as the task tells it, and what this trustee
// knows itself. Nothing is believed that is not under the signature of whom it binds.

import { digestOf, fromBase64, utf8 } from "../lib/bytes.js";
import { Refused, refusal, refuse, refuseAll } from "../lib/refused.js";
import { readList, readMarks } from "./closing.js";
import { Told, cureFaults, readCure, readCuredMarks } from "./cures.js";
import { readManifest } from "./manifest.js";
import { cureUntil, readMoment, sound, when } from "./moments.js";
import { TREE, checkProtest, readProtest, saidOf } from "./protests.js";
import { entryOf, included, leafOf } from "./receipts.js";
import { correctingFaults, followingFaults, readResult } from "./results.js";
import { enough, readSignatures } from "../trust/bundles.js";
import { checkCms } from "../trust/cms.js";

const RESULT = "procurement.opening.result";

// Each bid on the list with its row in the answer.
export function pairs({ answer, list }) {
  const told = answer.bids.map(({ bidder }) => bidder).join();
  if (told !== list.bids.map(({ bidder }) => bidder).join()) refuse("bidder.list.bids");
  return list.bids.map((bid, i) => [bid, answer.bids[i]]);
}

// The manifests of the list by their hashes.
export function manifests(here) {
  return new Map(pairs(here).map(([bid, row]) => {
    const manifest = readManifest(utf8(row.manifest));
    if (manifest.sha256 !== bid.manifest_sha256) refuse("bidder.list.bids");
    return [manifest.sha256, manifest];
  }));
}

export const envelopesOf = ({ policy, list }) => policy.stages.find(({ name }) => name === list.stage).envelopes;

// Marks, cures and marks of cures of this list, each under the signature of whom it binds.
export async function told(here) {
  const { answer } = here;
  const marks = await saidByHolders(here, answer.marks, "marks", readMarks);
  const cured = await saidByHolders(here, answer.cured_marks, "cured_marks", readCuredMarks);
  // Of a trustee's marks the last count; its marks of cures come as cures come.
  const last = new Map(marks.map((each) => [each.trustee, each]));
  return new Told([...last.values()], await curesOf(here), cured);
}

async function saidByHolders({ policy, list, trust, at }, rows, name, reading) {
  const found = [];
  for (const row of rows) {
    const data = utf8(row[name]);
    const said = reading(data);
    const holder = policy.trustees.some(({ uscc }) => uscc === said.trustee);
    if (said.list_sha256 !== list.sha256 || !holder) continue;
    await trust.verifySaid(fromBase64(row.p7s), data, said.trustee, list.closed_at, at);
    found.push(said);
  }
  return found;
}

async function curesOf(here) {
  const { answer, list, policy, trust, at } = here;
  const [listed, found] = [manifests(here), new Map()];
  for (const row of answer.cures) {
    const data = utf8(row.cure);
    const cure = readCure(data);
    const manifest = listed.get(cure.manifest_sha256);
    if (!manifest) refuse("sealing.cure.other", { part: "manifest_sha256" });
    await trust.verifySaid(fromBase64(row.p7s), data, manifest.bidder, list.closed_at, at);
    refuseAll(cureFaults(cure, manifest, policy, list.sha256));
    found.set(Told.place(cure.manifest_sha256, cure.envelope), cure);
  }
  return found;
}

// After a release nothing is cured or corrected: refuse while something still may be.
export async function checkReady(here, said) {
  const { list, policy, at } = here;
  const needed = policy.threshold;
  if (said.marks.length < needed) refuse("bidder.release.marks", { found: said.marks.length, needed });
  const { missing, dead, dated } = await heard(here, list);
  const open = missing.size + dead.size + dated;
  if (open) refuse("bidder.release.protest", { found: open });
  const places = list.bids.flatMap((bid) => envelopesOf(here).map((name) => [bid.manifest_sha256, name]));
  const waiting = places.filter((place) => said.good(...place) < needed);
  const since = waiting.length ? when(await momentsOf(here), "marked", list.sha256) : undefined;
  if (waiting.length && (since === undefined || at < cureUntil(policy, since))) {
    refuse("bidder.release.cure", { found: waiting.length });
  }
}

// The signed moments of this opening's lists that can be; none of another lot.
export async function momentsOf({ answer, data: text, list, policy, trust, at }) {
  const [found, closed, signed] = [[], new Map([[list.sha256, list.closed_at]]), new Map()];
  const operator = async (p7s, data) => trust.verifySaid(fromBase64(p7s), data, policy.operator.uscc, list.closed_at, at);
  for (const row of answer.moments) {
    const data = utf8(row.moment);
    await operator(row.p7s, data);
    found.push(readMoment(data));
  }
  for (const row of answer.replaced) {
    const data = utf8(row.list);
    await operator(row.p7s, data);
    closed.set(digestOf(data), (await readList(data)).closed_at);
  }
  for (const { p7s } of answer.signatures) {
    const each = fromBase64(p7s);
    signed.set(digestOf(each), (await checkCms(each, text)).signingTime);
  }
  return sound(found.filter(({ lot }) => lot === policy.lot), closed, signed, list.sha256, at);
}

// What founded protests say of a list, and how many more say that something is dated back. One that does not
// hold is no reason to wait: it is the platform's affair why it shows it.
async function heard({ answer, policy, trust, at }, listed) {
  const found = { missing: new Set(), dead: new Set(), dated: 0 };
  for (const row of answer.protests) {
    const data = utf8(row.protest);
    try {
      const said = readProtest(data);
      await trust.verifySaid(fromBase64(row.p7s), data, said.bidder, listed.closed_at, at);
      await checkProtest(said, policy, listed, trust);
      const { missing, dead } = saidOf(said, listed);
      missing.forEach((name) => found.missing.add(name));
      dead.forEach((name) => found.dead.add(name));
    } catch (fault) {
      if (!(fault instanceof Refused)) throw fault;
      if (fault.refusals.length === 1 && fault.refusals[0].code === TREE) found.dated += 1;
    }
  }
  return found;
}

// The withdrawn bids that founded protests took off the lists that this one follows upon.
async function struck(here) {
  const found = new Set();
  for (const { list } of here.list.corrects ? here.answer.replaced : []) {
    (await heard(here, await readList(utf8(list)))).dead.forEach((name) => found.add(name));
  }
  return found;
}

// A second list of a stage is signed only where it corrects the first for founded protests.
export async function checkCorrection(here) {
  const { list, keep: { state }, answer } = here;
  const own = state[`list-${list.stage}`];
  if (own === list.sha256) return;
  if (own !== undefined && own !== list.corrects) refuse("bidder.list.second");
  if (state[`released-${list.stage}`]) refuse("bidder.list.released");
  const before = answer.replaced.map((row) => utf8(row.list)).find((data) => digestOf(data) === list.corrects);
  if (!before) refuse("bidder.list.second");
  const listed = await readList(before);
  const { missing, dead } = await heard(here, listed);
  refuseAll(correctingFaults(list, listed, missing, dead));
}

// Why a later stage's list does not follow from a logged, signed result: every reason.
export async function following(here) {
  const { answer: { earlier }, list, policy, keep: { state }, trust, at } = here;
  if (!earlier) refuse("bidder.server.answer", { part: "earlier" });
  const reasons = [];
  if (!state[`rehearsed-${list.stage}`]) reasons.push(refusal("bidder.stage.not_rehearsed", { stage: list.stage }));
  const text = utf8(earlier.list);
  const before = await readList(text);
  await enough({ text, signatures: readSignatures(earlier.signatures) }, policy, trust, at, before.closed_at);
  const own = state[`list-${before.stage}`];
  if (own !== undefined && own !== before.sha256) reasons.push(refusal("bidder.list.second"));
  const data = utf8(earlier.result);
  await trust.verifySaid(fromBase64(earlier.result_p7s), data, policy.procuring_entity.uscc, list.closed_at, at);
  const result = readResult(data);
  reasons.push(...followingFaults(list, before, result, policy, await struck(here)));
  if (!isLogged(list, earlier, result)) reasons.push(refusal("bidder.stage.not_logged", { stage: before.stage }));
  return reasons;
}

function isLogged(list, { log, proof }, result) {
  const { kind, body } = entryOf(log);
  return kind === RESULT && body.result_sha256 === result.sha256 &&
    included(leafOf(log), log.index, list.tree_size, proof, list.tree_root);
}
