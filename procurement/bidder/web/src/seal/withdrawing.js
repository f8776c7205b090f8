// Taking a bid back: the statement over the version that is named, signed here or elsewhere, saved as
// the one file that the platform takes.

import { toBase64 } from "../lib/bytes.js";
import { refuse } from "../lib/refused.js";
import { acting, part, save, say, word } from "../ui/page.js";
import { writeWithdrawal } from "../bids/withdrawal.js";
import { nameFor, versionBefore } from "./sheet.js";
import { Signing } from "./signingpart.js";
import { file } from "./state.js";

let signing = null;
let made = null;

// told: () → {policy, signer, at}, of now.
export function offerWithdrawal(told) {
  signing = new Signing("withdraw", finish);
  acting(part("withdraw"), part("withdraw-error"), () => withdraw(told()));
}

export function forgetWithdrawal() {
  signing?.forget();
  part("withdraw-done").hidden = true;
}

async function withdraw({ policy, signer, at }) {
  forgetWithdrawal();
  if (!file("withdraw-file")) refuse("bidder.program.choose", { what: word("withdraw.file") });
  if (at > policy.deadline) refuse("sealing.bid.deadline", { at, deadline: policy.deadline });
  const { uscc } = signer.who;
  const { sha256, version } = await versionBefore(file("withdraw-file"), policy.lot, uscc);
  const text = writeWithdrawal({
    lot: policy.lot, bidder: uscc, manifest_sha256: sha256, reason: part("withdraw-reason").value.trim(),
  });
  made = { text, name: nameFor(policy.lot, version) };
  await signing.begin([made], signer, at);
}

function finish([signature]) {
  const answer = { statement: new TextDecoder().decode(made.text), p7s: toBase64(signature) };
  const name = `${made.name}.withdrawal.json`;
  save(new Blob([JSON.stringify(answer)], { type: "application/json" }), name);
  say(part("withdraw-words"), "withdraw.done", { name });
  part("withdraw-done").hidden = false;
}
