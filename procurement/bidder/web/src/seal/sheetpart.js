// What is sealed: the files' part in the opening sheet, the price as it is read, and what will be signed.

import { bytesText, describe, make, moment, part, say, word } from "../ui/page.js";
import { chosen, countKey, sizeOf } from "./envelopes.js";
import { fenOf, yuanText } from "./sheet.js";
import { file, now } from "./state.js";

export function contentsChanged() {
  const bill = part("bill");
  const before = bill.value;
  const options = [...(chosen.price?.keys() ?? [])].map((name) => make("option", { value: name, textContent: name }));
  const none = make("option", { value: "" });
  say(none, "sheet.bill.none");
  bill.replaceChildren(none, ...options);
  bill.value = options.some(({ value }) => value === before) ? before : proposedBill();
  showAsked();
  forgetSealed();
  summarise();
}

// The only file that can be the bill is proposed, unless the lot has none or the reader chose that none is.
function proposedBill() {
  if (now.billChosen || now.billAsked === false) return "";
  const found = [...(chosen.price?.keys() ?? [])].filter((name) => /\.(xml|xlsx)$/i.test(name));
  return found.length === 1 ? found[0] : "";
}

export function billChosen() {
  now.billChosen = true;
  showAsked();
}

export const isUnsecured = () => Boolean(now.securityAsked && !part("security").value.trim());
export const isUnbilled = () => Boolean(now.billAsked && !part("bill").value);

// Neither the policy's file nor another says what the lot asks: silence must not be read as "nothing is missing".
const isUntold = () => Boolean(now.answer && !now.asksTold);

// What the lot asks for and the sheet does not name: the bid would be rejected for want of it.
export function showAsked() {
  const yuan = yuanText(now.securityAsked ?? 0);
  part("security-asked").hidden = !now.securityAsked;
  say(part("security-asked"), "sheet.security.asked", { yuan });
  part("unsecured").hidden = !isUnsecured();
  say(part("unsecured-words"), "sheet.unsecured", { yuan });
  part("unbilled").hidden = !isUnbilled();
  part("untold").hidden = !isUntold();
}

// What was meant of one lot is not meant of another.
export function forgetMeant() {
  now.billChosen = part("unsecured-meant").checked = part("unbilled-meant").checked = false;
}

// What was sealed before is no longer what the page shows: nobody may save or hand over that by mistake.
export function forgetSealed() {
  part("result").hidden = part("outside").hidden = true;
}

export function showPrice() {
  const fen = fenOf(part("price").value);
  const read = part("price-read");
  if (fen) say(read, "sheet.price.read", { yuan: yuanText(fen) });
  else say(read, "empty");
  const yuan = yuanText(now.ceiling ?? 0);
  part("ceiling").hidden = !now.ceiling;
  say(part("ceiling"), "sheet.ceiling", { yuan });
  part("over").hidden = !isOver(fen);
  say(part("over-words"), "sheet.over", { yuan });
}

// What was meant of one price is not meant of another.
export function priceChanged() {
  part("over-meant").checked = false;
  showPrice();
}

export function isOver(fen) {
  return Boolean(fen && now.ceiling && fen > now.ceiling);
}

export function summarise() {
  if (!now.signer || !now.policy) return;
  const fen = fenOf(part("price").value);
  const files = now.policy.envelopes.map((name) => `${word(name)} ${word(countKey(chosen[name].size), {
    count: chosen[name].size, size: bytesText(sizeOf(name)) })}`);
  const { policy } = now;
  const trustees = policy.trustees.map(({ name, uscc }) => `${name} ${uscc}`);
  describe(part("summary"), [
    ["bidder", `${now.signer.who.organisation} ${now.signer.who.uscc}`],
    ["lot", `${policy.lot} ${policy.title}`],
    ["entity", `${policy.procuring_entity.name} ${policy.procuring_entity.uscc}`],
    ["trustees", `${trustees.join("; ")} (${word("of", { n: trustees.length, k: policy.threshold })})`],
    ["deadline", `${moment(policy.deadline)} (UTC+8)`], ["policy.hash", policy.sha256, "code"],
    ["files", files.join("; ")], ["price.bid", fen ? word("price.yuan", { yuan: yuanText(fen) }) : "–"],
    ...(isOver(fen) ? [["attention", word("sheet.over", { yuan: yuanText(now.ceiling) })]] : []),
    ...(isUnsecured() ? [["attention", word("sheet.unsecured", { yuan: yuanText(now.securityAsked) })]] : []),
    ...(isUnbilled() ? [["attention", word("sheet.unbilled")]] : []),
    ...(isUntold() ? [["attention", word("sheet.untold")]] : []),
    ["replaces", file("before-file")?.name ?? word("none")],
  ]);
}
