// A receipt's tree, held against a head of the log that witnesses signed; procurement/bidder/witnessed.py, and
// what it rests on in kernel/evidence: anchors.py, reading.py, witnessing/contradiction.py.

import { concat, digestOf, equal, fromBase64, fromHex, hex } from "../lib/bytes.js";
import { decode, encode } from "../lib/canonical.js";
import { isObject } from "../lib/fields.js";
import { Refused, refuse } from "../lib/refused.js";
import { sha256 } from "../lib/sha256.js";
import { signedByKey } from "./verifying.js";

export const ANCHORS_FORMAT = "zhuxin-anchors/1";
export const HEAD_FORMAT = "zhuxin-proof/1";
export const CONSISTENCY_FORMAT = "zhuxin-consistency/1";
const ROWS = {
  logs: ["name", "log", "key"], witnesses: ["name", "uscc", "witness", "key"], authorities: ["name", "certificate"],
  timestamp_authorities: ["name", "roots", "demonstration"], organisations: ["uscc", "name"],
};

class Unsound extends Error {
  constructor(code, facts = {}) {
    super(code);
    Object.assign(this, { code, facts });
  }
}

// log: a receipt's. files: bytes of the witnesses' anchors, of a head, and of a proof between the two trees
// (null where none was given). {size, at, names} of the head and its witnesses.
export async function checkWitnessed(log, { anchors, head, consistency = null }, wanted = 1) {
  let seen;
  try {
    const known = await readAnchors(anchors);
    seen = await readHead(head);
    seen.names = await witnessesOf(seen, known, wanted);
    seen.proof = seen.size > log.size ? readConsistency(consistency, log.size, seen.size) : [];
  } catch (found) {
    if (!(found instanceof Unsound)) throw found;
    // A file that cannot be read accuses nobody of anything.
    if (found.code === "unreadable") {
      const { name = "", reason = "" } = found.facts;
      refuse("bidder.witnessed.file", { name: String(name).slice(0, 300), reason: String(reason).slice(0, 300) });
    }
    const code = found.code === "too_few_witnesses" ? "bidder.witnessed.none" : "bidder.witnessed.unsound";
    refuse(code, { what: found.code, size: log.size, facts: JSON.stringify(found.facts).slice(0, 300) });
  }
  const same = seen.size === log.size
    ? seen.root === log.root
    : consistent(log.size, seen.size, log.root, seen.root, seen.proof);
  if (!same) refuse("bidder.witnessed.other", { size: log.size, seen: seen.size });
  return { size: seen.size, at: seen.at, names: seen.names };
}

// Plain JSON: people write it by hand, and nobody hashes it.
async function readAnchors(bytes) {
  let value;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw new Unsound("unreadable");
  }
  ofFormat(value, ANCHORS_FORMAT);
  only(value, ["format", "logs"], ["witnesses", "authorities", "timestamp_authorities", "organisations", "demonstration"]);
  if (!["boolean", "undefined"].includes(typeof value.demonstration)) throw new Unsound("shape");
  for (const [part, keys] of Object.entries(ROWS)) {
    const rows = part in value ? value[part] : [];
    if (!Array.isArray(rows)) throw new Unsound("shape", { field: part });
    for (const row of rows) {
      only(row, keys);
      for (const key of keys) {
        const kind = key === "demonstration" ? "boolean" : "string";
        if (typeof row[key] !== kind) throw new Unsound("shape", { field: key });
        if (key === "key" || key === "certificate") octets(row[key]);
      }
      if (keys.includes("key") && digestOf(octets(row.key)) !== (row.log ?? row.witness)) throw new Unsound("bad_anchor");
    }
  }
  return {
    logs: new Map(value.logs.map(({ log, key }) => [log, octets(key)])),
    witnesses: new Map((value.witnesses ?? []).map(({ witness, key, ...row }) => [witness, { ...row, key: octets(key) }])),
  };
}

async function readHead(bytes) {
  const value = ofFormat(canonical(bytes), HEAD_FORMAT);
  const head = ofFormat(value.head, "zhuxin-tree-head/1");
  const { signature, ...signed } = head;
  only(signed, ["format", "size", "root", "at", "log"]);
  const { size, root, at, log } = signed;
  const shaped = Number.isSafeInteger(size) && size >= 0 && isHash(root) && typeof at === "string" && typeof log === "string";
  if (!shaped) throw new Unsound("shape", { field: "head" });
  const rows = value.cosignatures ?? [];
  if (!Array.isArray(rows)) throw new Unsound("shape", { field: "cosignatures" });
  const cosignatures = rows.map((row) => {
    only(row, ["witness", "signature"]);
    if (typeof row.witness !== "string") throw new Unsound("shape", { field: "witness" });
    return { witness: row.witness, signature: octets(row.signature) };
  });
  const [key, text] = [octets(value.key), encode(signed)];
  if (digestOf(key) !== log) throw new Unsound("bad_head_key", { log });
  if (!(await signedByKey(key, octets(signature), text))) throw new Unsound("bad_head_signature", { size, at });
  return { size, root, at, log, key, text, cosignatures };
}

// The names of the anchored witnesses; two keys of one organisation are one. A signature of a key that is not
// anchored counts for nothing, one of an anchored key that does not hold convicts.
async function witnessesOf({ log, key, text, size, cosignatures }, known, wanted) {
  if (!known.logs.has(log) || !equal(known.logs.get(log), key)) throw new Unsound("not_anchored", { log });
  const found = new Map();
  for (const { witness, signature } of cosignatures) {
    const anchor = known.witnesses.get(witness);
    if (!anchor) continue;
    if (!(await signedByKey(anchor.key, signature, text))) throw new Unsound("bad_cosignature", { name: anchor.name, size });
    found.set(anchor.uscc, anchor.name);
  }
  if (found.size < wanted) throw new Unsound("too_few_witnesses", { size, found: found.size, wanted });
  return [...found.values()];
}

function readConsistency(bytes, first, second) {
  if (!bytes) throw new Unsound("bad_consistency_sizes", { first, second });
  const value = ofFormat(canonical(bytes), CONSISTENCY_FORMAT);
  only(value, ["format", "first", "second", "proof"]);
  if (!Array.isArray(value.proof) || !value.proof.every(isHash)) throw new Unsound("shape", { field: "proof" });
  if (value.first !== first || value.second !== second) throw new Unsound("bad_consistency_sizes", { first, second });
  return value.proof;
}

// Whether the second tree begins with all of the first (RFC 9162 §2.1.4.2); hashes in hex. Sizes stay below
// 2^53, beyond what 32-bit operators take.
export function consistent(first, second, firstRoot, secondRoot, proof) {
  if (first < 1 || first > second) return false;
  if (first === second) return !proof.length && firstRoot === secondRoot;
  if (!proof.length) return false;
  const odd = (n) => n % 2 === 1;
  const node = (left, right) => sha256(concat(Uint8Array.of(1), left, right));
  let [here, last] = [first - 1, second - 1];
  const halve = () => [here, last] = [Math.floor(here / 2), Math.floor(last / 2)];
  while (odd(here)) halve();
  // A tree that is complete is itself the first step.
  const steps = (here === 0 ? [firstRoot, ...proof] : proof).map(fromHex);
  let [old, renewed] = [steps[0], steps[0]];
  for (const step of steps.slice(1)) {
    if (last === 0) return false;
    if (odd(here) || here === last) {
      [old, renewed] = [node(step, old), node(step, renewed)];
      while (here !== 0 && !odd(here)) halve();
    } else {
      renewed = node(renewed, step);
    }
    halve();
  }
  return last === 0 && hex(old) === firstRoot && hex(renewed) === secondRoot;
}

function canonical(bytes) {
  const isBlank = (byte) => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
  let [start, end] = [0, bytes.length];
  while (start < end && isBlank(bytes[start])) start += 1;
  while (end > start && isBlank(bytes[end - 1])) end -= 1;
  try {
    return decode(bytes.subarray(start, end));
  } catch (fault) {
    if (fault instanceof Refused) throw new Unsound("not_canonical", { reason: fault.message });
    throw fault;
  }
}

function ofFormat(value, format) {
  if (!isObject(value) || value.format !== format) throw new Unsound("bad_format", { format });
  return value;
}

function only(value, keys, optional = []) {
  const fits = isObject(value) && keys.every((key) => Object.hasOwn(value, key)) &&
    Object.keys(value).every((key) => keys.includes(key) || optional.includes(key));
  if (!fits) throw new Unsound("shape", { field: keys.at(-1) });
}

const isHash = (value) => typeof value === "string" && /^[0-9a-f]{64}$/.test(value);

function octets(value) {
  const bytes = typeof value === "string" ? fromBase64(value) : null;
  return bytes?.length ? bytes : (() => { throw new Unsound("shape", { field: "base64" }); })();
}
