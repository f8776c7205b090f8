// The opening sheet, and what a bid replaces.

import {
  digestOrNone, integer, read, record, text, uscc, write,
} from "../lib/fields.js";
import { refuse } from "../lib/refused.js";
import { headOfBid } from "../bids/container.js";
import { readReceipt } from "../bids/receipts.js";
import { readAnswer, textOf } from "../trust/answers.js";

const FORMAT = "zhuxin-opening-sheet/1";
export const SHEET_FILE = "opening-sheet.json";
const SHAPES = {
  lot: text(80),
  bidder: uscc,
  bidder_name: text(),
  price_fen: integer(1),
  period_days: integer(1, 36_500),
  quality: text(100),
  project_manager: text(80),
  bid_security: text(120, 0),
  bill_sha256: digestOrNone,
};

// The canonical bytes of a sheet whose fields are what they should be.
export function writeSheet(values) {
  record(SHAPES)(values, "$");
  const bytes = write(FORMAT, values);
  read(bytes, FORMAT, SHAPES, 64 * 1024);
  return bytes;
}

// Fen of an amount in yuan as people write it; null where it is none.
export function fenOf(written) {
  const found = /^(\d{1,13})(?:\.(\d{1,2}))?$/.exec(written.replace(/[,，\s]/g, ""));
  return found ? Number(found[1]) * 100 + Number((found[2] ?? "").padEnd(2, "0")) : null;
}

export const yuanText = (fen) =>
  `${String(Math.floor(fen / 100)).replace(/\B(?=(\d{3})+$)/g, ",")}.${String(fen % 100).padStart(2, "0")}`;

export const daysOf = (written) => (/^\d{1,6}$/.test(written.trim()) ? Number(written) : null);

// {version, sha256} of the version before, from its .zxb or its receipt.
export async function versionBefore(file, lot, bidder) {
  const before = file.name.endsWith(".zxb") ? await ofBid(file) : await ofReceipt(file);
  if (before.lot !== lot) refuse("sealing.manifest.lot", { lot: before.lot, wanted: lot });
  if (before.bidder !== bidder) refuse("sealing.bid.bidder", { found: before.bidder, wanted: bidder });
  return before;
}

async function ofBid(file) {
  const { manifest } = await headOfBid(file);
  return manifest;
}

async function ofReceipt(file) {
  let text;
  try {
    text = textOf(readAnswer(new Uint8Array(await file.arrayBuffer())), "receipt");
  } catch {
    refuse("bidder.program.before");
  }
  const { lot, bidder, version, manifest_sha256: sha256 } = readReceipt(text);
  return { lot, bidder, version, sha256 };
}

// A party of the policy by its code: {role (a word's key), name}; undefined for a stranger to the lot.
export function partyOf({ procuring_entity: entity, trustees, operator, supervisor }, uscc) {
  const roles = [["entity", entity], ...trustees.map((each) => ["trustee", each]),
    ["operator", operator], ["supervisor", supervisor]];
  const found = roles.find(([, each]) => each.uscc === uscc);
  return found && { role: found[0], name: found[1].name };
}

// What the files of a version are called, each version and lot its own.
export const nameFor = (lot, version) => `${lot}-${version}`.replace(/[^0-9A-Za-z-]/g, "_");
