// A trustee's steps before the bids, and the key's end: procurement/bidder/trustee.py. A desk is {task,
// keep, signer, who, passphrase, trust, stampRoots, at}; a step gives {statement, told}.

import { toBase64, utf8 } from "../lib/bytes.js";
import { refuse } from "../lib/refused.js";
import { checkKeys, checkSuccessor, partiesOf, readPolicy } from "../bids/policy.js";
import { announcement, answerChallenge, commitmentTo, nonceOf } from "../bids/trustees.js";
import { signCms } from "../trust/cms.js";

// By the key at hand, or wherever it is.
export const signed = async ({ signer, at }, data) =>
  toBase64(signer.sign ? await signCms(data, signer, at) : await signer.cms(data));
export const textOf = (bytes) => new TextDecoder().decode(bytes);
export const ownKey = (desk) => desk.keep.key(desk.passphrase);

// Make the opening key, or announce again the one that is there: an answer may get lost on its way.
export async function announce(desk) {
  const { task, keep, who } = desk;
  if (keep.pem && keep.policies.length) refuse("bidder.keep.key_exists", { lot: task.lot });
  const own = keep.pem ? await ownKey(desk) : await keep.makeKey(desk.passphrase);
  const commitment = commitmentTo(task.lot, who.uscc, nonceOf(task.lot, own));
  const said = announcement(task.lot, who, task.share ? own.point : new Uint8Array(0), commitment);
  keep.state.announced = "yes";
  return spoken({ kind: "trustee-key", announcement: textOf(said), p7s: await signed(desk, said) });
}

const spoken = (statement) => ({ statement, told: [] });

// Before a later stage once more: the task says for which.
export async function rehearse(desk) {
  const { task, keep, who } = desk;
  const answer = await answerChallenge(utf8(task.challenge), task.lot, who.uscc, await ownKey(desk));
  keep.state.rehearsed = "yes";
  if (task.stage) keep.state[`rehearsed-${task.stage}`] = "yes";
  return spoken({ kind: "rehearsal", answer: textOf(answer), p7s: await signed(desk, answer) });
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
  return spoken({ kind: "policy-signature", p7s });
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

// Destroy the opening key, after the lot's last stage or its failure; to abandon is to do it without
// asking, where there is nobody any more who could say that it is over.
export function destroy({ task: { closing }, keep }, abandon) {
  if (!abandon && !closing) refuse("bidder.task.nothing", { part: "closing" });
  if (!abandon && !closing.over) refuse("bidder.destroy.early");
  keep.destroyKey();
}
