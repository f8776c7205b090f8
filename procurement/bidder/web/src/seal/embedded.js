// The one thing that is said to another page, and only where this page was opened by it: the policy
// may come from it, exactly as a dropped file would, with what the platform's archive has of the bidder
// and the lot's ceiling price, and the finished bid (ciphertext, as it will be uploaded) may go back to it, when the reader says so.
// Everything works without.

import { refuse } from "../lib/refused.js";

const other = window.opener ?? (window.parent === window ? null : window.parent);
// Only a page from where this one is from: another site that opens this program is not heard. Pages
// from disk are all of the origin "null".
const here = self.origin;
const target = here === "null" ? "*" : here;
let answers = false;

// load: called with the policy as a Blob, the code of whom that page knows as the bidder, and the files of
// its archive: [name, Blob], the lot's ceiling price in fen, 0 where it has none, and what it knows of the
// opening sheet. The policy does not say a ceiling, so that page's word is nothing but a warning's ground.
export function listenToOpener(load) {
  if (!other) return;
  window.addEventListener("message", ({ source, data, origin }) => {
    if (source !== other || origin !== here) return;
    if (data?.type !== "zhuxin-policy" || typeof data.policy !== "string") return;
    answers = true;
    const bidder = typeof data.bidder === "string" ? data.bidder : "";
    const ceiling = Number.isSafeInteger(data.ceiling_fen) && data.ceiling_fen > 0 ? data.ceiling_fen : 0;
    const sheet = typeof data.sheet === "string" ? data.sheet : "";
    load(new Blob([data.policy], { type: "application/json" }), bidder, filesOf(data.archive, bidder), ceiling, sheet);
  });
  other.postMessage({ type: "zhuxin-ready" }, target);
}

// Just the two files of the archive, and of nobody else than this bidder: [name, Blob].
function filesOf(archive, bidder) {
  const text = (name) => (Array.isArray(archive) ? archive : []).find((row) => row?.name === name)?.text;
  const [facts, page] = [text("archive.json"), text("archive.html")];
  if (typeof facts !== "string" || typeof page !== "string") return [];
  try {
    if (JSON.parse(facts).facts.enterprise.uscc !== bidder) return [];
  } catch {
    return [];
  }
  return [["archive.html", new Blob([page])], ["archive.json", new Blob([facts])]];
}

// Refused where that page is gone.
export function answerOpener(bid, name) {
  if (other.closed) refuse("bidder.program.opener");
  other.postMessage({ type: "zhuxin-bid", name, bid }, target);
}

answerOpener.possible = () => answers;
