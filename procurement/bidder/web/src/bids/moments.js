// The moments of an opening from which its times run, and what a draw needs; kernel/sealing/bids/moments.py
// and windows.py.

import { digestOf } from "../lib/bytes.js";
import { digest, instant, instantText, listing, read, text, wrong } from "../lib/fields.js";
import { refuse } from "../lib/refused.js";

const FORMAT = "zhuxin-opening-moment/1";
const NAMES = ["countersigned", "drawn", "marked", "released"];
const SHAPES = {
  lot: text(80),
  list_sha256: digest,
  moment: (value, path) => (NAMES.includes(value) ? value : wrong(path, NAMES.join("|"))),
  at: instant,
  said: listing(digest, 1, 32),
};

export const readMoment = (bytes) => read(bytes, FORMAT, SHAPES);

// When a moment of a list was, undefined where it was not yet; of two the later one.
export const when = (every, moment, listSha256) =>
  every.filter((each) => each.moment === moment && each.list_sha256 === listSha256).map(({ at }) => at).sort().at(-1);

// So many quarters of the decrypt window later, which is whole minutes.
function later(policy, since, quarters) {
  const second = Date.parse(`${since.slice(0, 19)}Z`) + policy.decrypt_window_minutes * 15_000 * quarters;
  return `${instantText(new Date(second)).slice(0, 19)}${since.slice(19)}`;
}

// After this a missing nonce is replaced; after this no cure comes.
export const revealUntil = (policy, countersigned) => later(policy, countersigned, 2);
export const cureUntil = (policy, marked) => later(policy, marked, 3);

// A minute: by how much a signer's clock may be ahead of the operator's.
const CLOCKS = 60_000;
const ahead = (one, other) => Date.parse(one) > Date.parse(other) + CLOCKS;

// Those of the moments that can be: of a list that was, and not before what they rest on. closed: when each
// list was made, by its hash; signed: of the list in force, the time that each signature says, by its hash,
// which counts where it is not still to come.
export function sound(every, closed, signed, listSha256, now) {
  return every.filter(({ moment, at, said, list_sha256: list }) => {
    if (!closed.has(list) || at < closed.get(list)) return false;
    if (moment !== "countersigned" || list !== listSha256) return true;
    if (!said.every((each) => signed.has(each))) return false;
    const times = said.map((each) => signed.get(each)).filter((time) => time && !ahead(time, now));
    return !times.some((time) => ahead(time, at));
  });
}

// Refuse a draw that somebody could have chosen, or that left somebody out before its time.
export function checkDraw({ withheld }, bytes, policy, every) {
  const found = policy.trustees.filter(({ uscc }) => !withheld.includes(uscc)).length;
  if (found < policy.threshold) refuse("sealing.draw.few", { found, needed: policy.threshold });
  if (!withheld.length) return;
  const name = digestOf(bytes);
  const fair = every.some(({ moment, said, list_sha256: list, at }) => {
    const since = moment === "drawn" && said.includes(name) ? when(every, "countersigned", list) : undefined;
    return since !== undefined && at >= revealUntil(policy, since);
  });
  if (!fair) refuse("sealing.draw.early", { parties: [...withheld].sort().join(", ") });
}
