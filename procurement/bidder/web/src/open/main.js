// The trustee's program: a task file in, checked and signed statements out, and a keep file between.

import { acting, bytesOf, dated, describe, make, moment, ownHash, part, rendered, save, say, show, spoken, tell, word } from "../ui/page.js";
import { utf8 } from "../lib/bytes.js";
import { instantText } from "../lib/fields.js";
import { Refused, refusal, refuse } from "../lib/refused.js";
import { readPolicy } from "../bids/policy.js";
import { cureUntil } from "../bids/moments.js";
import { partiesToCheck, trustOf } from "../trust/answers.js";
import { identityOf, readCertificates } from "../trust/certificates.js";
import { openP12 } from "../trust/keystore.js";
import { giveUp, nothingWaits, offerElsewhere, signerElsewhere } from "./elsewhere.js";
import { Keep } from "./keep.js";
import * as opening from "./opening.js";
import markup from "./page.html";
import * as steps from "./steps.js";
import { readTask, writeAnswer } from "./tasks.js";

const acts = { ...steps, ...opening };
const desk = { statements: [] };
const file = (name) => part(name).files[0];
const ready = (name, is = true) => part(name).classList.toggle("waiting", !is);
// Of one lot, one party and one moment: on a machine that serves several, none replaces another.
const nameOf = (what) => {
  const { lot, share, party } = desk.task;
  const at = dated(instantText(new Date()));
  return `${lot}-${share ? "trustee" : "entity"}-${party}-${at}.${what}`.replace(/[^0-9A-Za-z.-]/g, "_");
};

show(markup);
part("own-hash").textContent = ownHash();
part("task-file").addEventListener("change", loadTask);
acting(part("begin-work"), part("begin-error"), begin);
acting(part("save-keep"), part("save-error"), saveKeep);
acting(part("save-answer"), part("save-error"), saveAnswer);
acting(part("destroy-key"), part("destroy-error"), destroy);
offerElsewhere((what) => nameOf(what));
for (const radio of document.querySelectorAll("[name=way]")) radio.addEventListener("change", chooseWay);

const elsewhere = () => document.querySelector("[name=way]:checked").value === "p7s";

function chooseWay() {
  giveUp();
  part("by-p12").hidden = elsewhere();
  part("by-p7s").hidden = !elsewhere();
  part("begin-done").hidden = true;
  for (const name of ["steps", "save", "destroy"]) ready(name, false);
}

async function loadTask() {
  tell(part("begin-error"), null);
  giveUp();
  desk.task = null;
  for (const name of ["steps", "save", "destroy"]) ready(name, false);
  part("begin-done").hidden = true;
  try {
    if (!file("task-file")) return;
    desk.task = readTask(await bytesOf(file("task-file")));
    part("demonstration").hidden = !desk.task.demonstration;
    // What was accepted for another task is not accepted for this one.
    for (const name of ["accept-demonstration", "destroy-sure", "destroy-abandon"]) part(name).checked = false;
  } catch (fault) {
    // What is no canonical JSON of a task was chosen by mistake; a task at fault is told as Python tells it.
    const other = fault.refusals?.some(({ code }) => /^sealing\.(canonical\.|format\.kind$)/.test(code));
    tell(part("begin-error"), other ? new Refused([refusal("bidder.program.task")]) : fault);
  }
}

async function begin() {
  const { task } = desk;
  nothingWaits();
  part("begin-done").hidden = true;
  for (const name of ["steps", "save", "destroy"]) ready(name, false);
  if (!task) refuse("bidder.program.choose", { what: word("begin.task") });
  // Nothing of an opening can be done by somebody who kept nothing.
  if (task.closing !== null && !file("keep-file")) refuse("bidder.program.choose", { what: word("begin.keep") });
  const accepted = part("accept-demonstration").checked;
  const roots = file("roots-file") ? await bytesOf(file("roots-file")) : null;
  if (!roots && !accepted) refuse("bidder.program.choose", { what: word("policy.roots") });
  const [chosen, what] = elsewhere() ? ["certificate-file", "signer.certificate"] : ["key-file", "signer.file"];
  if (!file(chosen)) refuse("bidder.program.choose", { what: word(what) });
  const passphrase = part("passphrase").value;
  const trust = trustOf(task, roots, accepted);
  const stampRoots = file("tsa-roots-file") ? readCertificates(await bytesOf(file("tsa-roots-file"))) : [];
  const handed = [];
  for (const each of part("protest-files").files) handed.push(opening.readHanded(await bytesOf(each), each.name));
  const at = accepted ? task.time : instantText(new Date());
  const keep = file("keep-file") ? Keep.read(await bytesOf(file("keep-file")), task.lot) : Keep.empty(task.lot);
  if (keep.pem) await keep.key(passphrase);
  else if (passphrase.length < 8) refuse("bidder.program.short");
  const signer = elsewhere() ? await ofCertificate() : await openP12(await bytesOf(file("key-file")), part("pin").value);
  const who = identityOf(signer.certificate);
  if (who.uscc !== task.party) refuse("bidder.task.other", { found: task.party, wanted: who.uscc });
  await trust.verifyCertificate(signer.certificate, signer.chain, at);
  part("pin").value = "";
  Object.assign(desk, { keep, signer, who, passphrase, trust, stampRoots, at, handed, statements: [] });
  part("begin-done").hidden = false;
  for (const name of ["steps", "save", "destroy"]) ready(name);
  part("step-list").replaceChildren();
  rendered(showDesk);
  showSteps();
}

async function ofCertificate() {
  const [certificate, ...chain] = readCertificates(await bytesOf(file("certificate-file")));
  return signerElsewhere(certificate, chain);
}

function showDesk() {
  if (!desk.keep) return;
  const { task, keep, who } = desk;
  const key = keep.pem ? "key.there" : keep.state.destroyed ? "key.gone" : "key.none";
  describe(part("begin-facts"), [
    ["lot", task.lot, "code"], ["party", `${who.organisation} ${who.uscc}`],
    ["share", word(task.share ? "share.yes" : "share.no")], ["key", word(key)],
    ["signed", keep.policies.map(({ version }) => String(version)).join(", ") || "–"],
  ]);
  part("statements").replaceChildren(...desk.statements.map(({ kind }) => spoken("li", `kind.${kind}`)));
}

// Which steps the task has work for; whether each may be done, the step itself finds out.
function possible() {
  const { task: { challenge, draft, closing, share }, keep } = desk;
  const draws = keep.policies.at(-1)?.draws.length;
  return [
    ["announce", !closing && !keep.policies.length && !keep.state.destroyed],
    ["rehearse", challenge !== null && share],
    ["signPolicy", draft !== null],
    ["signList", closing !== null && share],
    // Once it is drawn, and in every later stage, there is nothing left to reveal.
    ["reveal", closing !== null && draws && !closing.draw && !closing.earlier],
    ["mark", closing !== null && share],
    ["markCures", closing !== null && share && closing.cures.length > 0],
    ["release", closing !== null && share],
  ].filter(([, may]) => may).map(([name]) => name);
}

function showSteps() {
  const names = possible();
  part("nothing").hidden = names.length > 0;
  part("step-list").replaceChildren(...names.map(stepBox));
}

function stepBox(name) {
  const button = spoken("button", `step.${name}`);
  button.type = "button";
  button.dataset.part = `step-${name}`;
  const errors = make("div", { hidden: true });
  errors.dataset.part = `error-${name}`;
  const done = spoken("p", "step.done", {}, "notice done");
  done.dataset.part = `done-${name}`;
  done.hidden = true;
  const [facts, told] = [make("dl"), make("dl")];
  told.dataset.part = `told-${name}`;
  let boxes = null;
  try {
    if (name === "signPolicy") boxes = partyBoxes();
    const { task, keep } = desk;
    rendered(() => describe(facts, factsOf(name, task, keep, desk.handed.length)));
  } catch (fault) {
    // What cannot even be shown is not signed; the other steps do not depend on it.
    tell(errors, fault);
    button.disabled = true;
  }
  acting(button, errors, async () => {
    done.hidden = true;
    told.replaceChildren();
    const found = await act(name, boxes?.inputs.filter(({ checked }) => checked).map(({ value }) => value));
    say(done, found.statement ? "step.done" : "step.none");
    describe(told, found.told.map(([key, kind, value]) =>
      kind === "moment" ? [key, legal(value)] : [key, value, kind === "code" ? "code" : ""]));
    done.hidden = false;
  });
  return make("div", {}, spoken("h3", `step.${name}`), spoken("p", `step.${name}.hint`, {}, "hint"), facts,
    ...(boxes ? [boxes.set] : []), make("div", { className: "row" }, button), errors, done, told);
}

async function act(name, expected) {
  nothingWaits();
  const { keep } = desk;
  const before = { ...keep.state };
  try {
    const found = await acts[name](desk, expected);
    if (found.statement) taken(found.statement);
    return found;
  } catch (fault) {
    keep.state = before;
    throw fault;
  }
}

function taken(statement) {
  desk.statements = [...desk.statements.filter(({ kind }) => kind !== statement.kind), statement];
  changed();
}

function partyBoxes() {
  const inputs = [];
  const rows = partiesToCheck(desk.task.draft).map(({ uscc, name, role }) => {
    const input = make("input", { type: "checkbox", value: uscc });
    inputs.push(input);
    return make("label", { className: "choice" }, input, make("span", {},
      spoken("span", role), ` ${name} `, make("span", { className: "code", textContent: uscc })));
  });
  const set = make("fieldset", {}, ...rows);
  set.dataset.part = "party-rows";
  set.dataset.label = "policy.parties";
  set.setAttribute("aria-label", word("policy.parties"));
  return { inputs, set };
}

const legal = (instant) => `${moment(instant)} (UTC+8)`;

// What a step is about, before it is done.
function factsOf(name, { draft, closing, stage }, keep, handed) {
  if (name === "rehearse") return stage ? [["stage", stage]] : [];
  if (name === "signPolicy") {
    const policy = readPolicy(utf8(draft.policy));
    return [["project", policy.title], ["version", String(policy.version)], ["deadline", legal(policy.deadline)],
      ["threshold", word("of", { n: policy.trustees.length, k: policy.threshold })],
      ["operator", `${policy.operator.name} ${policy.operator.uscc}`], ["hash", policy.sha256, "code"]];
  }
  if (name === "signList") {
    const { stage: named, closed_at: closed, bids, corrects, result_sha256: result } = JSON.parse(closing.list);
    return [["stage", String(named)], ["closed", legal(closed)], ["bids", word("bids.count", { count: bids.length })],
      ...(corrects ? [["corrects", corrects, "code"], ["protests", String(closing.protests.length + handed)]] : []),
      ...(result ? [["result", result, "code"]] : [])];
  }
  if (name === "release") {
    const marked = closing.moments.map((row) => JSON.parse(row.moment)).filter(({ moment }) => moment === "marked").at(-1);
    const policy = keep.policies.at(-1);
    return [["marked", String(closing.marks.length)], ["protests", String(closing.protests.length + handed)],
      ["cures", String(closing.cures.length)], ...(policy && marked ? [["cure.until", legal(cureUntil(policy, marked.at))]] : [])];
  }
  return [];
}

// Whatever was signed is in the keep file before the answer may leave.
function changed() {
  part("save-answer").disabled = true;
  showDesk();
}

function saveKeep() {
  nothingWaits();
  save(new Blob([desk.keep.encode()], { type: "application/json" }), nameOf("keep.json"));
  part("save-answer").disabled = desk.statements.length === 0;
}

function saveAnswer() {
  const answer = writeAnswer(desk.task.lot, desk.task.party, desk.statements);
  save(new Blob([answer], { type: "application/json" }), nameOf("answer.json"));
}

function destroy() {
  nothingWaits();
  if (!part("destroy-sure").checked) refuse("bidder.program.sure");
  steps.destroy(desk, part("destroy-abandon").checked);
  for (const name of ["destroy-sure", "destroy-abandon"]) part(name).checked = false;
  changed();
  showSteps();
}
