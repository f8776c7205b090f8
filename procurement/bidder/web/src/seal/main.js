// The bidder's program: from a policy file and folders to a sealed bid and its recovery file.

import { bytesOf, acting, bytesText, dated, describe, make, moment, ownHash, part, rendered, save, say, show, spoken,
  tell, word } from "../ui/page.js";
import { digestOf } from "../lib/bytes.js";
import { Refused, refusal, refuse } from "../lib/refused.js";
import { identityOf, issuerText, readCertificates, serialText, subjectText } from "../trust/certificates.js";
import { signCms } from "../trust/cms.js";
import { openP12 } from "../trust/keystore.js";
import { contentsOfBid, sheetFor } from "./contents.js";
import { chosen, countKey, put, showEnvelopes, sizeOf, takeBack } from "./envelopes.js";
import { answerOpener, listenToOpener } from "./embedded.js";
import markup from "./page.html";
import { checkedPolicy, momentOf, partiesToCheck, readAnswer, trustOf } from "../trust/answers.js";
import { Bench, finishBid, prepareBid, sizeFor } from "./sealing.js";
import { findPlace, isFile, roomFault } from "./store.js";
import { daysOf, fenOf, nameFor, partyOf, versionBefore, yuanText } from "./sheet.js";
import { forgetWithdrawal, offerWithdrawal } from "./withdrawing.js";

const now = {};
const file = (name) => part(name).files[0];
const demonstration = () => part("accept-demonstration").checked;
const ARCHIVED = "qualification";
const AFTER_SIGNER = ["files", "sheet", "last", "withdrawal"];
const ready = (name, is = true) => part(name).classList.toggle("waiting", !is);

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
part("price").addEventListener("input", showPrice);
for (const radio of document.querySelectorAll("[name=way]")) radio.addEventListener("change", chooseWay);
for (const name of ["price", "period", "before-file"]) part(name).addEventListener("change", summarise);
for (const name of ["price", "period", "quality", "manager", "security", "bill", "before-file"]) {
  part(name).addEventListener("input", forgetSealed);
}
rendered(showPrice);
rendered(summarise);
offerWithdrawal(() => ({ policy: now.policy, signer: now.signer, at: at() }));
listenToOpener(loadPolicy);

// The policy -----------------------------------------------------------------------------------

async function loadPolicy(blob, bidder = "", archive = [], ceiling = 0) {
  tell(part("policy-error"), null);
  takeBack(ARCHIVED, now.given ?? []);
  Object.assign(now, { answer: null, unreadable: null, bidder, archive, ceiling, given: [] });
  showPrice();
  part("policy-done").hidden = true;
  for (const name of ["signer", ...AFTER_SIGNER]) ready(name, false);
  try {
    if (!blob) return;
    now.answer = readAnswer(await bytesOf(blob));
    part("demonstration").hidden = now.answer.demonstration !== true;
    // What was accepted for another policy is not accepted for this one.
    part("accept-demonstration").checked = false;
    part("party-rows").replaceChildren(...partiesToCheck(now.answer).map(partyRow));
    part("parties").hidden = false;
  } catch (fault) {
    // A platform's answer that cannot be read is here a file that was chosen by mistake.
    const other = fault.refusals?.find(({ code }) => code === "bidder.server.answer");
    now.unreadable = other ? new Refused([refusal("bidder.usage.policy", other.facts)]) : fault;
    now.answer = null;
    part("parties").hidden = true;
    tell(part("policy-error"), now.unreadable);
  }
}

function partyRow({ uscc, name, role }) {
  const box = make("input", { type: "checkbox", value: uscc });
  return make("label", { className: "choice" }, box, make("span", {},
    spoken("span", role), ` ${name} `, make("span", { className: "code", textContent: uscc })));
}

async function checkPolicy() {
  if (now.unreadable) throw now.unreadable;
  if (!now.answer) refuse("bidder.program.choose", { what: word("policy.file") });
  const roots = file("roots-file") ? await bytesOf(file("roots-file")) : null;
  if (!roots && !demonstration()) refuse("bidder.program.choose", { what: word("policy.roots") });
  const boxes = [...part("party-rows").querySelectorAll("input")];
  if (!boxes.every(({ checked }) => checked)) refuse("bidder.program.parties");
  now.trust = trustOf(now.answer, roots, demonstration());
  const expected = boxes.map(({ value }) => value);
  const stampRoots = file("tsa-roots-file") ? readCertificates(await bytesOf(file("tsa-roots-file"))) : [];
  Object.assign(now, await checkedPolicy(now.answer, now.trust, at(), expected, stampRoots));
  showPolicy(now.policy, now.stamp);
  ready("signer");
}

const at = () => momentOf(now.answer, demonstration());

function showPolicy(policy, stamp) {
  part("policy-done").hidden = false;
  const named = policy.programs.filter(({ name }) => name === "seal.html");
  part("program-other").hidden = !named.length || named.some(({ sha256 }) => sha256 === ownHash());
  rendered(() => describe(part("policy-facts"), [
    ["lot", policy.lot, "code"], ["project", policy.title], ["version", String(policy.version)],
    ["deadline", `${moment(policy.deadline)} (UTC+8)`],
    ["threshold", word("of", { n: policy.trustees.length, k: policy.threshold })],
    ["operator", `${policy.operator.name} ${policy.operator.uscc}`],
    ["hash", policy.sha256, "code"],
    ...(stamp ? [["policy.stamped", `${moment(stamp.genTime)} (UTC+8) ${stamp.authority}`]] : []),
  ]));
  takeArchive(policy.envelopes);
  showEnvelopes(policy.envelopes, contentsChanged);
  contentsChanged();
}

// What the platform knows of the bidder goes where it would be typed again; once, and it may be removed.
// It goes again with the policy that it came with.
function takeArchive(envelopes) {
  if (envelopes.includes(ARCHIVED) && now.archive.length) now.given = put(ARCHIVED, now.archive);
  now.archive = [];
  part("files-archive").hidden = !now.given.length;
}

// The signer -----------------------------------------------------------------------------------

function chooseWay() {
  const elsewhere = document.querySelector("[name=way]:checked").value === "p7s";
  part("by-p12").hidden = elsewhere;
  part("by-p7s").hidden = !elsewhere;
  forgetSigner();
}

function forgetSigner() {
  now.signer = null;
  forgetSealed();
  forgetWithdrawal();
  part("signer-done").hidden = part("signer-provisional").hidden = true;
  for (const name of AFTER_SIGNER) ready(name, false);
}

async function openKey() {
  forgetSigner();
  const signer = part("by-p7s").hidden ? await ofP12() : await ofCertificate();
  const { certificate, chain } = signer;
  const who = identityOf(certificate);
  if (!who.uscc) refuse("sealing.certificate.identity", { subject: subjectText(certificate) });
  const party = partyOf(now.policy, who.uscc);
  if (party) refuse("bidder.program.party", { role: word(party.role), name: party.name });
  if (now.bidder && now.bidder !== who.uscc) {
    refuse("bidder.program.enterprise", { found: `${who.organisation} ${who.uscc}`, wanted: now.bidder });
  }
  let provisional = false;
  try {
    await now.trust.verifyCertificate(certificate, chain, at());
  } catch (fault) {
    provisional = fault.refusals?.every(({ code }) => /\.crl_(missing|stale)$/.test(code)) ?? false;
    if (!provisional) throw fault;
  }
  now.signer = { ...signer, who };
  part("signer-done").hidden = false;
  part("signer-provisional").hidden = !provisional;
  rendered(() => describe(part("signer-facts"), [
    ["bidder", who.organisation], ["uscc", who.uscc, "code"], ["subject", subjectText(certificate)],
    ["issuer", issuerText(certificate)], ["serial", serialText(certificate), "code"],
    ["validity", `${moment(certificate.validFrom)} – ${moment(certificate.validTo)} (UTC+8)`],
    ["checks", provisional ? word("signer.provisional") : word("checks.good")],
  ]));
  for (const name of AFTER_SIGNER) ready(name);
  summarise();
}

async function ofP12() {
  if (!file("key-file")) refuse("bidder.program.choose", { what: word("signer.file") });
  const signer = await openP12(await bytesOf(file("key-file")), part("pin").value);
  part("pin").value = "";
  return signer;
}

async function ofCertificate() {
  if (!file("certificate-file")) refuse("bidder.program.choose", { what: word("signer.certificate") });
  const [certificate, ...chain] = readCertificates(await bytesOf(file("certificate-file")));
  return { certificate, chain, sign: null };
}

// What is sealed -------------------------------------------------------------------------------

function contentsChanged() {
  const bill = part("bill");
  const before = bill.value;
  const options = [...(chosen.price?.keys() ?? [])].map((name) => make("option", { value: name, textContent: name }));
  const none = make("option", { value: "" });
  say(none, "sheet.bill.none");
  bill.replaceChildren(none, ...options);
  bill.value = options.some(({ value }) => value === before) ? before : "";
  forgetSealed();
  summarise();
}

// What was sealed before is no longer what the page shows: nobody may save or hand over that by mistake.
function forgetSealed() {
  part("result").hidden = part("outside").hidden = true;
}

function showPrice() {
  const fen = fenOf(part("price").value);
  const read = part("price-read");
  if (fen) say(read, "sheet.price.read", { yuan: yuanText(fen) });
  else say(read, "empty");
  const yuan = yuanText(now.ceiling ?? 0);
  part("ceiling").hidden = !now.ceiling;
  say(part("ceiling"), "sheet.ceiling", { yuan });
  part("over").hidden = !isOver(fen);
  say(part("over"), "sheet.over", { yuan });
}

function isOver(fen) {
  return Boolean(fen && now.ceiling && fen > now.ceiling);
}

function summarise() {
  if (!now.signer || !now.policy) return;
  const fen = fenOf(part("price").value);
  const files = now.policy.envelopes.map((name) => `${word(name)} ${word(countKey(chosen[name].size), {
    count: chosen[name].size, size: bytesText(sizeOf(name)) })}`);
  const { policy } = now;
  const trustees = policy.trustees.map(({ name, uscc }) => `${name} ${uscc}`);
  describe(part("summary"), [
    ["bidder", `${now.signer.who.organisation} ${now.signer.who.uscc}`],
    ["lot", `${policy.lot} ${policy.title}`],
    ["entity", `${policy.procuring_entity.name} ${policy.procuring_entity.uscc}`],
    ["trustees", `${trustees.join("; ")} (${word("of", { n: trustees.length, k: policy.threshold })})`],
    ["deadline", `${moment(policy.deadline)} (UTC+8)`], ["policy.hash", policy.sha256, "code"],
    ["files", files.join("; ")], ["price.fen", fen ? yuanText(fen) : "–"],
    ...(isOver(fen) ? [["attention", word("sheet.over", { yuan: yuanText(now.ceiling) })]] : []),
    ["replaces", file("before-file")?.name ?? word("none")],
  ]);
}

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
    part("passphrase").value = part("again").value = "";
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
  part("handed").hidden = false;
}

const nameOf = () => now.name;
