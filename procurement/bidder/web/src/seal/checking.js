// Receipts checked in the reader's own browser: files in, a judgement of each line out.

import { isObject } from "../lib/fields.js";
import { refuse } from "../lib/refused.js";
import { readBid } from "../bids/bidfile.js";
import { readAnswer, trustOf } from "../trust/answers.js";
import { judgeReceipt } from "../trust/receipting.js";
import { ANCHORS_FORMAT, CONSISTENCY_FORMAT, HEAD_FORMAT } from "../trust/witnessed.js";
import { acting, bytesOf, bytesText, codeOf, make, moment, part, rendered, say, sentence, spoken, tell, word } from "../ui/page.js";
import { dropInto } from "./dropping.js";
import { loadPolicy } from "./policy.js";
import { Bench } from "./sealing.js";
import { chosenRoots, demonstration, now } from "./state.js";

const WITNESSES = { [ANCHORS_FORMAT]: "anchors", [HEAD_FORMAT]: "head", [CONSISTENCY_FORMAT]: "consistency" };
// Whatever else is chosen here has some kilobytes; a larger file is a bid, or none of these.
const SMALL = 8 * 1024 * 1024;
let files = [];
let results = [];

export function offerChecking() {
  const field = part("check-files");
  const take = (more) => {
    files = [...files, ...more];
    results = [];
    show();
  };
  field.addEventListener("change", () => {
    take([...field.files]);
    field.value = "";
  });
  dropInto(part("check-drop"), (entries) => take(entries.map(([, file]) => file)), (fault) => tell(part("check-error"), fault));
  acting(part("check"), part("check-error"), check);
  part("check-clear").addEventListener("click", () => {
    files = [];
    take([]);
    tell(part("check-error"), null);
  });
  rendered(show);
}

async function check() {
  results = [];
  show();
  const found = await sorted();
  if (!found.receipts.length) refuse("bidder.program.choose", { what: word("check.files") });
  // What lies here goes before what was chosen in part 1; where nothing was, it is that part's too, for there a
  // demonstration is accepted.
  if (found.policy && !now.answer && !now.unreadable) await loadPolicy(found.policy);
  const answer = found.answer ?? now.answer;
  const { roots, stampRoots } = await chosenRoots();
  const trust = answer && (roots || demonstration()) ? trustOf(answer, roots, demonstration()) : null;
  const reading = found.bid && reader(found.bid);
  const judged = [];
  for (const { name, bytes } of found.receipts) {
    const { anchors, head, consistency } = found;
    const witnesses = { anchors, head, consistency };
    judged.push({ name, ...(await judgeReceipt({ bytes, bid: reading, answer, trust, stampRoots, witnesses })) });
  }
  results = judged;
  show();
}

// The bid is read once for all its receipts, however large it is.
function reader(bid) {
  let read = null;
  return () => (read ??= readWhole(bid));
}

async function readWhole(bid) {
  part("checking").hidden = false;
  let done = 0;
  const bench = new Bench((bytes) => {
    done += bytes;
    part("check-bar").value = bid.size ? Math.min(done / bid.size, 1) : 0;
    say(part("checking-words"), "check.working", { done: bytesText(done), whole: bytesText(bid.size) });
  });
  try {
    return await readBid(bid, bench.hash);
  } finally {
    bench.close();
    part("checking").hidden = true;
  }
}

// Each file by what stands in it: {receipts: [{name, bytes}], bid, policy, answer, anchors, head, consistency}.
async function sorted() {
  const found = { receipts: [] };
  for (const file of files) {
    const start = new Uint8Array(await file.slice(0, 4).arrayBuffer());
    if (String.fromCharCode(...start) === "PK\x03\x04" || file.size > SMALL || file.name.endsWith(".zxb")) {
      found.bid = file;
      continue;
    }
    const bytes = await bytesOf(file);
    const value = valueOf(bytes);
    if (WITNESSES[value?.format]) found[WITNESSES[value.format]] = bytes;
    else if (typeof value?.policy === "string") Object.assign(found, { policy: file, answer: readAnswer(bytes) });
    else found.receipts.push({ name: file.name, bytes });
  }
  return found;
}

function valueOf(bytes) {
  try {
    const value = JSON.parse(new TextDecoder().decode(bytes));
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

// What is told ---------------------------------------------------------------------------------

function show() {
  part("check-list").replaceChildren(...files.map(({ name, size }) =>
    make("li", {}, make("span", { className: "code", textContent: name }), ` ${bytesText(size)}`)));
  part("check-clear").hidden = !files.length;
  part("check-results").replaceChildren(...results.map(shown));
}

const STATES = { passed: "check.passed", failed: "check.failed.line", unchecked: "check.unchecked" };
const TONES = { failed: "stop", partly: "soon", provisional: "soon", whole: "done" };

function shown({ name, lines, receipt, provisional, verdict }) {
  const why = provisional.map((each) => word(`check.lacks.${each}`)).join("; ");
  const head = make("p", {}, spoken("strong", `check.${verdict}`, { why }));
  const notice = make("div", { className: `notice ${TONES[verdict]}` }, head);
  notice.dataset.verdict = verdict;
  if (receipt) {
    const said = { lot: receipt.lot, version: receipt.version, at: moment(receipt.received_at) };
    notice.append(spoken("p", "check.said", said));
  }
  const rows = lines.map((line) => {
    const told = make("td", {}, spoken("span", STATES[line.state], {}, `state ${line.state}`));
    const more = detailOf(line);
    if (more) told.append(make("div", { className: "hint", textContent: more }));
    for (const reason of line.refusals) told.append(refused(reason));
    // What helps against several alike is said once.
    const cures = [...new Set(line.refusals.map((reason) => sentence(reason)[1]).filter(Boolean))];
    told.append(...cures.map((cure) => make("div", { className: "hint", textContent: cure })));
    const row = make("tr", {}, make("th", { scope: "row" }, spoken("span", `check.line.${line.name}`)), told);
    Object.assign(row.dataset, { line: line.name, state: line.state });
    return row;
  });
  const table = make("table", { className: "lines" }, make("tbody", {}, ...rows));
  return make("div", {}, make("h3", { className: "code", textContent: name }), notice, table);
}

function refused(reason) {
  const [message] = sentence(reason);
  const item = make("div", {}, message, codeOf(reason));
  item.dataset.code = reason.code;
  return item;
}

// What a line was checked by, or why it was not.
function detailOf({ name, state, facts }) {
  if (facts.why) return word(facts.why);
  if (state === "unchecked") return word(`check.needs.${name}`);
  if (state === "failed") return "";
  if (name === "stamp") return word("check.told.stamp", { authority: facts.authority, at: moment(facts.at) });
  if (name === "time") return word("check.told.time", { at: moment(facts.at) });
  if (name === "log") return word("check.told.log", { index: facts.index });
  return name === "witnesses" ? word("check.told.witnesses", { names: facts.names, size: facts.size }) : "";
}
