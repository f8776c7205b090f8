// A refusal: coded, complete, with its facts and what it rests on; as kernel.errors has it.

export class Refused extends Error {
  constructor(refusals) {
    super(refusals.map(({ code }) => code).join(", "));
    this.refusals = refusals;
  }
}

export const refusal = (code, facts = {}, article = "") => ({ code, facts, article });

export function refuse(code, facts = {}, article = "") {
  throw new Refused([refusal(code, facts, article)]);
}

export function refuseAll(refusals) {
  if (refusals.length) throw new Refused(refusals);
}
