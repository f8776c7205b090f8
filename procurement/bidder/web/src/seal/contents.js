// What is sealed: the files of each envelope, and the opening sheet as the page's fields tell it.

import { part } from "../ui/page.js";
import { chosen, contentsOf } from "./envelopes.js";
import { SHEET_FILE, daysOf, fenOf, writeSheet } from "./sheet.js";

// envelope → [{name, blob}]; a sheet of that name among the files gives way to this one.
export function contentsOfBid(policy, sheet) {
  const contents = Object.fromEntries(policy.envelopes.map((name) => [name, contentsOf(name)]));
  const others = contents.opening_sheet.filter(({ name }) => name !== SHEET_FILE);
  return { ...contents, opening_sheet: [...others, { name: SHEET_FILE, blob: sheet }] };
}

export async function sheetFor(bench, policy, who) {
  const bill = part("bill").value && chosen.price.get(part("bill").value);
  return new Blob([writeSheet({
    lot: policy.lot,
    bidder: who.uscc,
    bidder_name: who.organisation,
    price_fen: fenOf(part("price").value),
    period_days: daysOf(part("period").value),
    quality: part("quality").value.trim(),
    project_manager: part("manager").value.trim(),
    bid_security: part("security").value.trim(),
    bill_sha256: bill ? (await bench.hash(bill)).sha256 : "",
  })]);
}
