// Cures: a bidder deals the same committed key anew before any release; kernel/sealing/bids/cures.py.

import { digestOf, fromBase64, toBase64 } from "../lib/bytes.js";
import { boolean, digest, integer, listing, octets, read, record, text, uscc, write } from "../lib/fields.js";
import { refusal, refuse } from "../lib/refused.js";
import { ARTICLE, MAX_BIDS } from "./closing.js";
import { MAX_TRUSTEES } from "./policy.js";
import { SEALED_SIZE, dealAgain } from "./shares.js";

const CURE_FORMAT = "zhuxin-share-cure/1";
const MARKS_FORMAT = "zhuxin-cured-marks/1";
const CURE = {
  lot: text(80),
  list_sha256: digest,
  bidder: uscc,
  manifest_sha256: digest,
  envelope: text(80),
  shares: listing(
    record({
      trustee_key_sha256: digest,
      x: integer(1, 255),
      sealed_sha256: digest,
      opened_sha256: digest,
      sealed: octets(SEALED_SIZE, SEALED_SIZE),
    }),
    2,
    MAX_TRUSTEES,
  ),
};
const MARKS = {
  lot: text(80),
  list_sha256: digest,
  trustee: uscc,
  marks: listing(
    record({ cure_sha256: digest, manifest_sha256: digest, envelope: text(80), good: boolean, reason: text(120, 0) }),
    1,
    4 * MAX_BIDS,
  ),
};

const fault = (what, facts) => refusal(`sealing.cure.${what}`, facts, ARTICLE);

// The cure in canonical bytes, with its `sha256`, `sealed` in the trustees' order, and `again`: the rows
// that count instead of the manifest's.
export function readCure(bytes) {
  const { shares, ...cure } = read(bytes, CURE_FORMAT, CURE);
  const sealed = shares.map((row) => fromBase64(row.sealed));
  const rows = shares.map(({ sealed: _, ...row }) => row);
  return { ...cure, sealed, again: { list_sha256: cure.list_sha256, rows }, sha256: digestOf(bytes) };
}

// The bytes of a cure out of the identity (32 bytes) of the recovery file, for one closing list.
export async function makeCure(policy, manifest, envelope, identity, listSha256) {
  const { rows, sealed } = await dealAgain(policy, manifest, envelope, identity, listSha256);
  return write(CURE_FORMAT, {
    lot: policy.lot, list_sha256: listSha256, bidder: manifest.bidder, manifest_sha256: manifest.sha256, envelope,
    shares: rows.map((row, i) => ({ ...row, sealed: toBase64(sealed[i]) })),
  });
}

// Why a cure does not belong to this bid on this list: every reason.
export function cureFaults(cure, manifest, policy, listSha256) {
  const parts = {
    lot: cure.lot === policy.lot && policy.lot === manifest.lot,
    list_sha256: cure.list_sha256 === listSha256,
    bidder: cure.bidder === manifest.bidder,
    manifest_sha256: cure.manifest_sha256 === manifest.sha256,
    envelope: manifest.envelopes.some(({ name }) => name === cure.envelope),
  };
  const found = Object.keys(parts).filter((part) => !parts[part]).map((part) => fault("other", { part }));
  const { rows } = cure.again;
  const same = (some, wanted) => some.join() === wanted.join();
  const whole = same(rows.map((row) => row.trustee_key_sha256), policy.trustees.map((row) => row.key_sha256)) &&
    new Set(rows.map(({ x }) => x)).size === rows.length &&
    same(cure.sealed.map(digestOf), rows.map((row) => row.sealed_sha256));
  if (!whole) found.push(fault("shares", { envelope: cure.envelope }));
  return found;
}

export const writeCuredMarks = (values) => write(MARKS_FORMAT, values);

export function readCuredMarks(bytes) {
  const marks = read(bytes, MARKS_FORMAT, MARKS);
  const names = marks.marks.map((mark) => mark.cure_sha256);
  if (new Set(names).size < names.length) refuse("sealing.closing.twice", { part: "cure_sha256" });
  if (marks.marks.some(({ good, reason }) => good === Boolean(reason))) {
    refuse("sealing.format.field", { path: "$.marks.reason", expected: "text" });
  }
  return marks;
}

// What was said of shares: marks, cures by place (manifest's hash and envelope), and marks of those.
export class Told {
  constructor(marks = [], cures = new Map(), cured = []) {
    Object.assign(this, { marks, cures, cured });
    this.found = finders(marks, (mark) => Told.place(mark.manifest_sha256, mark.envelope));
    this.foundCured = finders(cured, (mark) => mark.cure_sha256);
  }

  static place(manifestSha256, envelope) {
    return `${manifestSha256} ${envelope}`;
  }

  // How many trustees found their shares of an envelope good; of its cure where that helps.
  good(manifestSha256, envelope) {
    const place = Told.place(manifestSha256, envelope);
    return Math.max(this.found(place), this.foundCured(this.cures.get(place)?.sha256));
  }

  // The places, [manifest's hash, envelope], with fewer than k good marks, once k trustees have marked at all.
  uncured(places, threshold) {
    if (new Set(this.marks.map(({ trustee }) => trustee)).size < threshold) return [];
    return places.filter((place) => this.good(...place) < threshold);
  }

  // The cure of an envelope, where k trustees found its shares good; else null.
  helping(manifestSha256, envelope, threshold) {
    const cure = this.cures.get(Told.place(manifestSha256, envelope));
    return cure && this.foundCured(cure.sha256) >= threshold ? cure : null;
  }
}

// Of what is named so, how many trustees found it good.
function finders(every, nameOf) {
  const found = new Map();
  for (const { trustee, marks } of every) {
    for (const mark of marks) {
      if (!mark.good) continue;
      const name = nameOf(mark);
      if (!found.has(name)) found.set(name, new Set());
      found.get(name).add(trustee);
    }
  }
  return (name) => found.get(name)?.size ?? 0;
}
