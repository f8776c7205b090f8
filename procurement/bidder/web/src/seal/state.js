// What the parts of the page know together.

import { bytesOf, part } from "../ui/page.js";
import { momentOf } from "../trust/answers.js";
import { readCertificates } from "../trust/certificates.js";

export const now = {};
export const AFTER_SIGNER = ["files", "sheet", "last", "withdrawal", "rescue"];

export const file = (name) => part(name).files[0];
export const demonstration = () => part("accept-demonstration").checked;
export const ready = (name, is = true) => part(name).classList.toggle("waiting", !is);
// Kept in its fields for the next version, until the bid is handed over or another key or policy comes.
export const forgetPassphrase = () => { part("passphrase").value = part("again").value = ""; };
export const at = () => momentOf(now.answer, demonstration());

// The roots that were chosen: of signers (bytes, null where none), and of time-stamp authorities.
export async function chosenRoots() {
  const [signers, stamps] = [file("roots-file"), file("tsa-roots-file")];
  return {
    roots: signers ? await bytesOf(signers) : null,
    stampRoots: stamps ? readCertificates(await bytesOf(stamps)) : [],
  };
}
