// After the deadline, where a bid is about to be lost: a protest by its receipt, fresh shares out of the recovery
// file. Both are made here, and handed in on the lot's page; procurement/bidder/rescue.py.

import { toBase64, utf8 } from "../lib/bytes.js";
import { Refused, refuse } from "../lib/refused.js";
import { closingOf } from "../bids/closed.js";
import { readList } from "../bids/closing.js";
import { Told, makeCure } from "../bids/cures.js";
import { TREE, checkProtest, readProtest, writeProtest } from "../bids/protests.js";
import { readReceipt } from "../bids/receipts.js";
import { openRecovery } from "../bids/recovery.js";
import { envelopesOf, manifests, told } from "../bids/resting.js";
import { momentOf, rawOf, readAnswer, textOf, trustOf } from "../trust/answers.js";
import { policyByHash, readReceiptFile } from "../trust/receipting.js";
import { acting, bytesOf, part, save, say, word } from "../ui/page.js";
import { Bench } from "./sealing.js";
import { nameFor } from "./sheet.js";
import { Signing } from "./signingpart.js";
import { chosenRoots, demonstration, file, now } from "./state.js";

const signings = {};
const made = {};

export function offerRescue() {
  for (const [name, act] of Object.entries({ protest, cure })) {
    signings[name] = new Signing(name, (signatures) => finish(name, signatures));
    acting(part(name), part(`${name}-error`), async () => {
      forget(name);
      const { rows, signer, at } = await act();
      made[name] = rows;
      await signings[name].begin(rows, signer, at);
    });
  }
}

export function forgetRescue() {
  for (const name of Object.keys(signings)) forget(name);
}

function forget(name) {
  signings[name].forget();
  part(`${name}-done`).hidden = true;
}

const wanted = (name) => file(name) ?? refuse("bidder.program.choose", { what: word(name.replace("-file", ".file")) });

// The closing as the platform's file tells it, with the list under the operator's signature. Its own issuers and
// lists count, for those of the policy's file may be of before the deadline.
async function hear() {
  const answer = readAnswer(await bytesOf(wanted("closing-file")));
  const closing = closingOf(answer);
  const { roots } = await chosenRoots();
  const [trust, at] = [trustOf(answer, roots, demonstration()), momentOf(answer, demonstration())];
  const data = utf8(closing.list);
  const list = await readList(data);
  const policy = policyByHash(list.policy_sha256, now.answer);
  await trust.verify(rawOf(closing, "p7s"), data, policy.operator.uscc, at);
  return { answer: closing, list, policy, trust, at };
}

function own(found) {
  const { uscc } = now.signer.who;
  if (found !== uscc) refuse("bidder.bid.not_mine", { found, wanted: uscc });
}

async function protest() {
  const { list, policy, trust, at } = await hear();
  const said = await readKept(wanted("protest-file"));
  const gone = file("withdrawn-file") ? await readKept(file("withdrawn-file")) : null;
  const { bidder, version } = readReceipt(said.data);
  own(bidder);
  const text = writeProtest({
    lot: policy.lot, list_sha256: list.sha256, bidder,
    receipt: toBase64(said.data), receipt_p7s: said.p7s, reason: part("protest-reason").value.trim(),
    withdrawn: gone && toBase64(gone.data), withdrawn_p7s: gone?.p7s,
  });
  // What would not hold before anybody is not signed.
  await checkProtest(readProtest(text), policy, list, trust).catch((fault) => {
    const left = fault instanceof Refused && fault.refusals.map(({ code }) => code).join() === TREE;
    if (!left) throw fault;
  });
  return { rows: [{ text, name: `${nameFor(policy.lot, version)}.protest` }], signer: now.signer, at };
}

// What the operator gave, and its signature, out of a file that was kept.
async function readKept(kept) {
  const answer = readReceiptFile(await bytesOf(kept));
  rawOf(answer, "p7s");
  return { data: textOf(answer, "receipt"), p7s: answer.p7s };
}

// The key of each envelope of the stage that has too few good shares, dealt anew; once for an envelope.
async function cure() {
  const here = await hear();
  const { list, policy, at } = here;
  const bench = new Bench(() => {});
  let kept;
  try {
    const stretch = (task) => bench.once({ job: "stretch", ...task });
    const data = await bytesOf(wanted("recovery-file"));
    kept = await openRecovery(data, part("recovery-passphrase").value, stretch);
  } finally {
    bench.close();
  }
  const manifest = manifests(here).get(kept.manifest_sha256) ?? refuse("bidder.recover.other");
  own(manifest.bidder);
  const said = await told(here);
  const places = envelopesOf(here).map((name) => [manifest.sha256, name]);
  const names = said.uncured(places, policy.threshold)
    .filter((place) => !said.cures.has(Told.place(...place))).map(([, name]) => name);
  if (!names.length) refuse("bidder.cure.needless");
  const sealedUnder = policyByHash(manifest.policy_sha256, now.answer);
  const rows = [];
  for (const name of names.sort()) {
    const text = await makeCure(sealedUnder, manifest, name, kept.identities[name], list.sha256);
    rows.push({ text, name: `${nameFor(policy.lot, manifest.version)}.cure-${name}` });
  }
  part("recovery-passphrase").value = "";
  return { rows, signer: now.signer, at };
}

function finish(name, signatures) {
  const rows = made[name].map(({ text }, i) => ({
    [name]: new TextDecoder().decode(text), p7s: toBase64(signatures[i]),
  }));
  const target = `${made[name][0].name.replace(/\.cure-\w+$/, ".cure")}.json`;
  const whole = name === "cure" ? { cures: rows } : rows[0];
  save(new Blob([JSON.stringify(whole)], { type: "application/json" }), target);
  say(part(`${name}-words`), "rescue.done", { name: target });
  part(`${name}-done`).hidden = false;
}
