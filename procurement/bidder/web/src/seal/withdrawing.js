// Taking a bid back: the statement over the version that is named, signed here or elsewhere, saved as
// the one file that the platform takes.

import { toBase64 } from "../lib/bytes.js";
import { refuse } from "../lib/refused.js";
import { checkCms, signCms } from "../trust/cms.js";
import { checkSigner } from "../trust/trust.js";
import { acting, bytesOf, part, save, say, tell, word } from "../ui/page.js";
import { writeWithdrawal } from "../bids/withdrawal.js";
import { nameFor, versionBefore } from "./sheet.js";

const file = (name) => part(name).files[0];
let made = null;

// told: () → {policy, signer, at}, of now.
export function offerWithdrawal(told) {
  acting(part("withdraw"), part("withdraw-error"), () => withdraw(told()));
  acting(part("save-statement"), part("withdraw-error"),
    () => save(new Blob([made.statement]), `${made.name}.statement.json`));
  part("withdraw-p7s").addEventListener("change", async () => {
    tell(part("withdraw-error"), null);
    try {
      if (file("withdraw-p7s")) await finish(await bytesOf(file("withdraw-p7s")));
    } catch (fault) {
      tell(part("withdraw-error"), fault);
    }
  });
}

export function forgetWithdrawal() {
  made = null;
  part("withdraw-outside").hidden = part("withdraw-done").hidden = true;
}

async function withdraw({ policy, signer, at }) {
  forgetWithdrawal();
  if (!file("withdraw-file")) refuse("bidder.program.choose", { what: word("withdraw.file") });
  if (at > policy.deadline) refuse("sealing.bid.deadline", { at, deadline: policy.deadline });
  const { uscc } = signer.who;
  const { sha256, version } = await versionBefore(file("withdraw-file"), policy.lot, uscc);
  const statement = writeWithdrawal({
    lot: policy.lot, bidder: uscc, manifest_sha256: sha256, reason: part("withdraw-reason").value.trim(),
  });
  made = { statement, uscc, name: nameFor(policy.lot, version) };
  if (signer.sign) await finish(await signCms(statement, signer, at));
  else part("withdraw-outside").hidden = false;
}

async function finish(signature) {
  const { statement, uscc, name } = made;
  checkSigner(await checkCms(signature, statement), uscc);
  const answer = { statement: new TextDecoder().decode(statement), p7s: toBase64(signature) };
  save(new Blob([JSON.stringify(answer)], { type: "application/json" }), `${name}.withdrawal.json`);
  say(part("withdraw-words"), "withdraw.done", { name: `${name}.withdrawal.json` });
  part("withdraw-outside").hidden = true;
  part("withdraw-done").hidden = false;
}
