// Canonical JSON (RFC 8785) of the narrow kind that is ever hashed: kernel/sealing/canonical.py.

import { equal, utf8 } from "./bytes.js";
import { refuse } from "./refused.js";
import { sha256 } from "./sha256.js";

const MAX_DEPTH = 64;

export const encode = (value) => utf8(spell(value, "$", 0));

export const digest = (value) => sha256(encode(value));

// The value of canonical bytes; every other spelling of the same value is refused.
export function decode(bytes) {
  let text;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    refuse("sealing.canonical.utf8", { position: 0 });
  }
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    refuse("sealing.canonical.syntax", { position: 0 });
  }
  // A key given twice is gone from the value, so that its spelling differs, as every other does.
  if (!equal(encode(value), bytes)) refuse("sealing.canonical.not_canonical");
  return value;
}

function spell(value, path, depth) {
  if (depth > MAX_DEPTH) refuse("sealing.canonical.depth", { path, limit: MAX_DEPTH });
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "number") return integer(value, path);
  if (typeof value === "string") {
    if (!value.isWellFormed()) refuse("sealing.canonical.text", { path });
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) {
    return `[${value.map((item, i) => spell(item, `${path}[${i}]`, depth + 1)).join(",")}]`;
  }
  if (Object.getPrototypeOf(value) !== Object.prototype) {
    refuse("sealing.canonical.type", { path, type: typeof value });
  }
  const pairs = Object.keys(value).sort().map((key) => {
    if (!/^[\0-\x7f]*$/.test(key)) refuse("sealing.canonical.key", { path, key: key.slice(0, 80) });
    return `${JSON.stringify(key)}:${spell(value[key], `${path}.${key}`, depth + 1)}`;
  });
  return `{${pairs.join(",")}}`;
}

function integer(value, path) {
  if (!Number.isInteger(value)) refuse("sealing.canonical.type", { path, type: "float" });
  if (!Number.isSafeInteger(value)) refuse("sealing.canonical.integer", { path });
  return String(value);
}
