// Statements beside the bid (a withdrawal, a protest, cures): signed here, or saved for where the key is and
// their .p7s loaded.

import { Refused, refuse } from "../lib/refused.js";
import { checkCms, signCms } from "../trust/cms.js";
import { checkSigner } from "../trust/trust.js";
import { acting, bytesOf, part, save, tell } from "../ui/page.js";

// The parts `${name}-outside`, `${name}-statement`, `${name}-p7s` and `${name}-error` of the page. finish:
// called with the signatures, one for each statement, in their order.
export class Signing {
  constructor(name, finish) {
    Object.assign(this, { name, finish, waiting: null });
    const errors = part(`${name}-error`);
    acting(part(`${name}-statement`), errors, () =>
      this.waiting.rows.forEach((row) => save(new Blob([row.text]), `${row.name}.statement.json`)));
    const field = part(`${name}-p7s`);
    field.addEventListener("change", async () => {
      tell(errors, null);
      try {
        if (field.files.length && this.waiting) await this.take([...field.files]);
      } catch (fault) {
        tell(errors, fault);
      }
    });
  }

  forget() {
    this.waiting = null;
    part(`${this.name}-outside`).hidden = true;
  }

  // rows: {text (bytes), name} of each statement.
  async begin(rows, signer, at) {
    this.waiting = { rows, uscc: signer.who.uscc };
    if (!signer.sign) return void (part(`${this.name}-outside`).hidden = false);
    const signatures = [];
    for (const { text } of rows) signatures.push(await signCms(text, signer, at));
    return this.taken(signatures);
  }

  // Signatures may come in any order, one file for each statement.
  async take(files) {
    const given = await Promise.all(files.map(bytesOf));
    const found = [];
    for (const { text, name } of this.waiting.rows) found.push(await among(given, text, name));
    await this.taken(found);
  }

  async taken(signatures) {
    const { rows, uscc } = this.waiting;
    for (const [i, { text }] of rows.entries()) checkSigner(await checkCms(signatures[i], text), uscc);
    await this.finish(signatures);
    part(`${this.name}-outside`).hidden = true;
  }
}

async function among(given, text, name) {
  for (const signature of given) {
    try {
      await checkCms(signature, text);
      return signature;
    } catch (fault) {
      // One over something else may be over the next statement.
      const other = fault instanceof Refused && fault.refusals.every(({ code }) => code === "sealing.cms.digest");
      if (!other || given.length === 1) throw fault;
    }
  }
  return refuse("bidder.sign.other", { names: String(given.length), statement: name });
}
