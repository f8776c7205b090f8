// The opening policy: chosen or given, its parties compared with the notice, its signatures checked.

import { bytesOf, describe, make, moment, ownHash, part, rendered, spoken, tell, word } from "../ui/page.js";
import { Refused, refusal, refuse } from "../lib/refused.js";
import { asksOf, checkedPolicy, partiesToCheck, readAnswer, trustOf } from "../trust/answers.js";
import { contentsChanged, showPrice } from "./sheetpart.js";
import { utf8 } from "../lib/bytes.js";
import { askedBeside, forgetSheetFacts } from "./sheetgiven.js";
import { put, showEnvelopes, takeBack } from "./envelopes.js";
import { AFTER_SIGNER, at, chosenRoots, demonstration, forgetPassphrase, now, ready } from "./state.js";

const ARCHIVED = "qualification";

export async function loadPolicy(blob, bidder = "", archive = [], ceiling = 0, sheet = "") {
  tell(part("policy-error"), null);
  takeBack(ARCHIVED, now.given ?? []);
  Object.assign(now, { answer: null, unreadable: null, bidder, archive, ceiling, given: [], asks: null });
  now.sheetGiven = sheet && utf8(sheet);
  forgetSheetFacts();
  forgetPassphrase();
  showPrice();
  part("policy-done").hidden = true;
  for (const name of ["signer", ...AFTER_SIGNER]) ready(name, false);
  try {
    if (!blob) return;
    now.answer = readAnswer(await bytesOf(blob));
    askedBeside(asksOf(now.answer));
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

export async function checkPolicy() {
  if (now.unreadable) throw now.unreadable;
  if (!now.answer) refuse("bidder.program.choose", { what: word("policy.file") });
  const { roots, stampRoots } = await chosenRoots();
  if (!roots && !demonstration()) refuse("bidder.program.choose", { what: word("policy.roots") });
  const boxes = [...part("party-rows").querySelectorAll("input")];
  if (!boxes.every(({ checked }) => checked)) refuse("bidder.program.parties");
  now.trust = trustOf(now.answer, roots, demonstration());
  const expected = boxes.map(({ value }) => value);
  Object.assign(now, await checkedPolicy(now.answer, now.trust, at(), expected, stampRoots));
  showPolicy(now.policy, now.stamp);
  ready("signer");
}

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
