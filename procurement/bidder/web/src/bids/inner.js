// Inside an envelope: names that every system can write, the inner manifest, the zeros to Padmé;
// kernel/sealing/bids/inner.py and padding.py.

import { utf8 } from "../lib/bytes.js";
import { write } from "../lib/fields.js";
import { printable } from "../lib/printable.js";
import { refuse } from "../lib/refused.js";
import { MAX_NAME, fileSize } from "./zip.js";

const FORMAT = "zhuxin-envelope/1";
const MAX_FILES = 2000;
const FOLDER = "files/";

export function checkNames(names) {
  if (names.length > MAX_FILES) refuse("sealing.envelope.too_many", { limit: MAX_FILES });
  for (const name of names) {
    const parts = name.split("/");
    const bad =
      utf8(name).length > MAX_NAME - FOLDER.length ||
      !printable(name) ||
      name.normalize("NFC") !== name ||
      parts.some((part) => !part || part.startsWith(" ") || part.endsWith(" ") || part.endsWith(".")) ||
      /[\\:*?"<>|]/.test(name);
    if (bad) refuse("sealing.envelope.name", { name: name.slice(0, 100) });
  }
  const folded = names.map(fold);
  // A file may not be another's folder either.
  const folders = new Set(folded.flatMap((name) => {
    const parts = name.split("/");
    return parts.slice(1).map((_, i) => parts.slice(0, i + 1).join("/"));
  }));
  if (new Set(folded).size < names.length || folded.some((name) => folders.has(name))) {
    refuse("sealing.envelope.name_twice");
  }
}

// Coarser than Python's casefold, never finer: what we take to differ, the opening does too.
const fold = (name) => {
  const once = name.toUpperCase().toLowerCase();
  return once.toUpperCase().toLowerCase().normalize("NFC");
};

// By code points, as Python sorts.
export function byName(a, b) {
  const [left, right] = [[...a], [...b]];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    if (left[i] !== right[i]) return left[i].codePointAt(0) - right[i].codePointAt(0);
  }
  return left.length - right.length;
}

// Entries of an envelope's ZIP but the padding's CRC: {head, entries, zeros, size}. files: sorted
// rows of {name, size, sha256, crc}; without hashes it tells sizes alone.
export function planEnvelope(context, envelope, files, minimum) {
  checkNames(files.map(({ name }) => name));
  const { policy_sha256, lot, bidder, version, nonce } = context;
  const rows = files.map(({ name, size, sha256 }) => ({ name, size, sha256: sha256 ?? "0".repeat(64) }));
  const head = write(FORMAT, { policy_sha256, lot, bidder, version, nonce, envelope, files: rows });
  const entries = [
    { name: "manifest.json", size: head.length },
    ...files.map(({ name, size, crc }) => ({ name: FOLDER + name, size, crc })),
  ];
  const bare = fileSize([...entries, { name: "padding", size: 0 }]);
  const size = padme(Math.max(bare, minimum));
  return { head, entries, zeros: size - bare, size };
}

// Padmé (Nikitin et al., PETS 2019). Sizes stay below 2^53, so plain arithmetic will do.
export function padme(size) {
  const bits = (n) => n.toString(2).length;
  const exponent = bits(size) - 1;
  const free = Math.max(exponent - (exponent ? bits(exponent) : 0), 0);
  const step = 2 ** free;
  return Math.ceil(size / step) * step;
}
