// The bidder's program: from a policy file and folders to a sealed bid and its recovery file.

import { acting, bytesOf, bytesText, dated, describe, ownHash, part, rendered, save, say, show, tell,
  word } from "../ui/page.js";
import { digestOf } from "../lib/bytes.js";
import { refuse } from "../lib/refused.js";
import { signCms } from "../trust/cms.js";
import { offerChecking } from "./checking.js";
import { contentsOfBid, sheetFor } from "./contents.js";
import { billChosen, forgetSealed, isOver, isUnbilled, isUnsecured, priceChanged, showAsked, showPrice, summarise } from "./sheetpart.js";
import { offerSheetFacts } from "./sheetgiven.js";
import { answerOpener, listenToOpener } from "./embedded.js";
import { chosen, sizeOf } from "./envelopes.js";
import markup from "./page.html";
import { checkPolicy, loadPolicy } from "./policy.js";
import { offerRescue } from "./rescuing.js";
import { Bench, finishBid, prepareBid, sizeFor } from "./sealing.js";
import { daysOf, fenOf, nameFor, versionBefore, yuanText } from "./sheet.js";
import { chooseWay, openKey } from "./signer.js";
import { at, file, forgetPassphrase, now } from "./state.js";
import { findPlace, isFile, roomFault } from "./store.js";
import { offerWithdrawal } from "./withdrawing.js";

show(markup);
part("own-hash").textContent = ownHash();
part("policy-file").addEventListener("change", () => loadPolicy(file("policy-file")));
acting(part("check-policy"), part("policy-error"), checkPolicy);
acting(part("open-key"), part("signer-error"), openKey);
acting(part("seal"), part("seal-error"), seal);
acting(part("save-manifest"), part("seal-error"), () => save(new Blob([now.prepared.manifest]), "manifest.json"));
acting(part("save-bid"), part("seal-error"), () => save(now.bid, `${nameOf()}.zxb`));
acting(part("save-recovery"), part("seal-error"), saveRecovery);
acting(part("hand-over"), part("seal-error"), handOver);
part("p7s-file").addEventListener("change", signedElsewhere);
part("price").addEventListener("input", priceChanged);
for (const radio of document.querySelectorAll("[name=way]")) radio.addEventListener("change", chooseWay);
part("security").addEventListener("input", showAsked);
part("bill").addEventListener("input", billChosen);
// As it is typed: what came or went when a field is left would move the button away from under the click.
for (const name of ["price", "security", "bill", "before-file"]) part(name).addEventListener("input", summarise);
for (const name of ["price", "period", "quality", "manager", "security", "bill", "before-file"]) {
  part(name).addEventListener("input", forgetSealed);
}
rendered(showPrice);
rendered(showAsked);
rendered(summarise);
offerSheetFacts();
offerWithdrawal(() => ({ policy: now.policy, signer: now.signer, at: at() }));
offerRescue();
offerChecking();
listenToOpener(loadPolicy);

async function seal() {
  const { policy, signer } = now;
  forgetSealed();
  now.at = at();
  if (now.at > policy.deadline) refuse("sealing.bid.deadline", { at: now.at, deadline: policy.deadline });
  const empty = policy.envelopes.filter((name) => name !== "opening_sheet" && !chosen[name].size);
  if (empty.length) refuse("bidder.seal.empty", { envelopes: empty.map((name) => word(name)).join(", ") });
  const left = [["price", fenOf(part("price").value)], ["period", daysOf(part("period").value)],
    ["quality", part("quality").value.trim()], ["manager", part("manager").value.trim()]]
    .filter(([, value]) => !value).map(([name]) => word(`sheet.${name}`));
  if (left.length) refuse("bidder.program.fill", { what: left.join(", ") });
  if (isOver(fenOf(part("price").value)) && !part("over-meant").checked) {
    refuse("bidder.program.over", { yuan: yuanText(now.ceiling) });
  }
  if (isUnsecured() && !part("unsecured-meant").checked) {
    refuse("bidder.program.unsecured", { yuan: yuanText(now.securityAsked) });
  }
  if (isUnbilled() && !part("unbilled-meant").checked) refuse("bidder.program.unbilled");
  const passphrase = part("passphrase").value;
  if (passphrase.length < 8) refuse("bidder.program.short");
  if (passphrase !== part("again").value) refuse("bidder.program.passphrase");
  const { uscc } = signer.who;
  const before = file("before-file") ? await versionBefore(file("before-file"), policy.lot, uscc) : null;
  const name = nameFor(policy.lot, before ? before.version + 1 : 1);
  const needed = now.needed = sizeFor(policy, uscc, contentsOfBid(policy, new Blob([])));
  const place = await findPlace(needed, `${name}.zxb`);
  const whole = 2 * policy.envelopes.reduce((sum, name) => sum + sizeOf(name), 0);
  let done = 0;
  let shown = 0;
  const bench = new Bench((bytes) => {
    done += bytes;
    // Drawing costs what sealing needs: a few times a second will do.
    if (performance.now() - shown < 250) return;
    shown = performance.now();
    progress(done, whole);
  });
  part("working").hidden = false;
  progress(0, whole);
  try {
    const contents = contentsOfBid(policy, await sheetFor(bench, policy, signer.who));
    const signature = signer.sign ? (await signCms(new Uint8Array(0), signer, now.at)).length : 0;
    const bid = { policy, bidder: uscc, contents, before, passphrase, signature };
    now.prepared = await prepareBid(bench, bid, place);
    if (signer.sign) await finish(await signCms(now.prepared.manifest, signer, now.at, now.prepared.planned ? signature : 0), bench);
    else askElsewhere();
  } catch (fault) {
    // What stands in the file chosen is no bid.
    if (isFile(place)) await place.remove?.().catch(() => {});
    throw await roomFault(fault, needed, place);
  } finally {
    bench.close();
    part("working").hidden = true;
  }
}

function progress(done, whole) {
  part("bar").value = whole ? Math.min(done / whole, 1) : 0;
  say(part("working-words"), "last.working", { done: bytesText(done / 2), whole: bytesText(whole / 2) });
}

// What somebody else's program will sign is told whole before its .p7s is asked for.
function askElsewhere() {
  rendered(() => now.prepared && describe(part("outside-facts"), [
    ["lot", `${now.policy.lot} ${now.policy.title}`], ["policy.hash", now.policy.sha256, "code"],
    ["manifest.hash", manifestHash(), "code"],
  ]));
  part("outside").hidden = false;
}

async function signedElsewhere() {
  tell(part("seal-error"), null);
  try {
    if (file("p7s-file")) await finish(await bytesOf(file("p7s-file")));
  } catch (fault) {
    tell(part("seal-error"), await roomFault(fault, now.needed, now.prepared.place));
  }
}

const manifestHash = () => digestOf(now.prepared.manifest);

async function finish(signature, bench = null) {
  now.bid = await finishBid(bench, now.prepared, signature, now.trust, at());
  const hash = manifestHash();
  const { version } = JSON.parse(new TextDecoder().decode(now.prepared.manifest));
  now.name = nameFor(now.policy.lot, version);
  rendered(() => describe(part("result-facts"), [
    ["version", String(version)], ["size", bytesText(now.bid.size)], ["hash", hash, "code"],
  ]));
  part("outside").hidden = true;
  part("result").hidden = false;
  const { place } = now.prepared;
  part("save-bid").hidden = isFile(place);
  rendered(() => say(part("result-words"), isFile(place) ? "last.written" : "last.done", { name: place?.name }));
  part("in-memory").hidden = place !== null || now.bid.size < 2 ** 26;
  part("hand-over").hidden = !answerOpener.possible();
  part("handed").hidden = true;
  // Whatever was saved before is of another bid.
  now.recoverySaved = part("kept-otherwise").checked = false;
  part("keeping").hidden = !answerOpener.possible();
}

function saveRecovery() {
  save(new Blob([now.prepared.recovery]), `${nameOf()}-bidder-${dated(now.at)}.recovery`);
  now.recoverySaved = true;
  part("keeping").hidden = true;
}

// Once the bid is at the platform nobody comes back here, and the recovery file is nowhere else.
function handOver() {
  part("handed").hidden = true;
  if (!now.recoverySaved && !part("kept-otherwise").checked) refuse("bidder.program.recovery");
  answerOpener(now.bid, `${nameOf()}.zxb`);
  forgetPassphrase();
  part("handed").hidden = false;
}

const nameOf = () => now.name;
