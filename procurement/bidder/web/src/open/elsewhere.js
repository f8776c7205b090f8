// A signer whose key is not here: what is to be signed is saved, signed where the key is, and its .p7s
// loaded. One statement waits at a time, and nothing else is done meanwhile.

import { refuse, Refused, refusal } from "../lib/refused.js";
import { identityOf } from "../trust/certificates.js";
import { checkCms } from "../trust/cms.js";
import { checkSigner } from "../trust/trust.js";
import { acting, bytesOf, part, save, tell } from "../ui/page.js";

let waiting = null;
const file = () => part("p7s-file").files[0];

// nameOf: of a file by what it is.
export function offerElsewhere(nameOf) {
  acting(part("save-statement"), part("outside-error"), () => save(new Blob([waiting.data]), nameOf("to-sign.json")));
  part("p7s-file").addEventListener("change", take);
  part("give-up").addEventListener("click", giveUp);
}

export const signerElsewhere = (certificate, chain) => ({ certificate, chain, sign: null,
  cms: (data) => ask(data, identityOf(certificate).uscc) });

// Refuses what may not be done while a statement waits for its signature.
export const nothingWaits = () => waiting && refuse("bidder.program.unsigned");

export function giveUp() {
  waiting?.reject(new Refused([refusal("bidder.program.given_up")]));
  rest();
}

function ask(data, uscc) {
  return new Promise((resolve, reject) => {
    waiting = { data, uscc, resolve, reject };
    tell(part("outside-error"), null);
    part("p7s-file").value = "";
    part("outside").hidden = false;
    part("outside").scrollIntoView({ block: "nearest" });
    part("save-statement").focus();
  });
}

async function take() {
  tell(part("outside-error"), null);
  try {
    if (!file() || !waiting) return;
    const { data, uscc, resolve } = waiting;
    const p7s = await bytesOf(file());
    checkSigner(await checkCms(p7s, data), uscc);
    rest();
    resolve(p7s);
  } catch (fault) {
    tell(part("outside-error"), fault);
  }
}

function rest() {
  waiting = null;
  part("outside").hidden = true;
}
