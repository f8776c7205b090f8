// What the lot's page knows of the opening sheet already: the ceiling price, who may lead the project, the bid
// securities, and whether the lot asks for one and for a priced bill. Proposed where nothing was written, and nothing more: the bidder signs what stands in the fields.

import { boolean, integer, listing, read, text, uscc } from "../lib/fields.js";
import { refuse } from "../lib/refused.js";
import { bytesOf, make, part, say, tell } from "../ui/page.js";
import { contentsChanged, forgetMeant, showAsked, showPrice } from "./sheetpart.js";
import { file, now } from "./state.js";

const FORMAT = "zhuxin-sheet-facts/2";
const SHAPES = {
  lot: text(80), bidder: uscc, ceiling_fen: integer(0), security_fen: integer(0), bill: boolean,
  managers: listing(text(80), 0, 100), securities: listing(text(120), 0, 100),
};
const PROPOSED = { manager: "managers", security: "securities" };

const factsOf = (bytes) => read(bytes, FORMAT, SHAPES, 64 * 1024);

export function offerSheetFacts() {
  part("sheet-file").addEventListener("change", async () => {
    tell(part("sheet-error"), null);
    try {
      if (file("sheet-file")) take(factsOf(await bytesOf(file("sheet-file"))));
    } catch (fault) {
      tell(part("sheet-error"), fault);
    }
  });
}

// What a page gave along with the policy; a page that gives nothing of use is no fault of the reader's.
export function takeGiven(bytes) {
  try {
    take(factsOf(bytes));
  } catch {
    // The fields are filled in by hand.
  }
}

// What the lot asks stands beside its policy, too: it is the lot's, whoever bids. null where it is not told.
export function askedBeside(asks) {
  now.asks = asks;
  if (asks) now.ceiling ||= asks.ceiling;
  askedByNow();
  showPrice();
  showAsked();
}

function askedByNow() {
  const { asks } = now;
  Object.assign(now, { asksTold: Boolean(asks), securityAsked: asks?.security ?? 0, billAsked: asks?.bill ?? null });
}

// Another policy's or bidder's facts are nobody's any more, and what they proposed goes with them where it was left as it was.
export function forgetSheetFacts() {
  for (const name of Object.keys(PROPOSED)) {
    if (now.proposed?.[name] && part(name).value === now.proposed[name]) part(name).value = "";
    part(`${name}-list`).replaceChildren();
  }
  now.proposed = {};
  askedByNow();
  forgetMeant();
  showAsked();
  part("sheet-file").value = "";
  part("sheet-given").hidden = true;
  tell(part("sheet-error"), null);
}

function take(facts) {
  const { policy, signer } = now;
  if (facts.lot !== policy.lot || facts.bidder !== signer.who.uscc) {
    refuse("bidder.program.sheet", {
      lot: facts.lot, bidder: facts.bidder, wanted: `${policy.lot} ${signer.who.uscc}`,
    });
  }
  Object.assign(now, { ceiling: facts.ceiling_fen, securityAsked: facts.security_fen, billAsked: facts.bill, asksTold: true });
  for (const [name, key] of Object.entries(PROPOSED)) {
    part(`${name}-list`).replaceChildren(...facts[key].map((value) => make("option", { value })));
    // One is proposed; among several the bidder chooses.
    if (facts[key].length !== 1 || part(name).value.trim()) continue;
    part(name).value = now.proposed[name] = facts[key][0];
  }
  say(part("sheet-given"), "sheet.given", {
    managers: String(facts.managers.length), securities: String(facts.securities.length),
  });
  part("sheet-given").hidden = false;
  showPrice();
  showAsked();
  contentsChanged();
}
