// The signing certificate: a key file, or a certificate whose key signs elsewhere.

import { bytesOf, describe, moment, part, rendered, word } from "../ui/page.js";
import { refuse } from "../lib/refused.js";
import { identityOf, issuerText, readCertificates, serialText, subjectText } from "../trust/certificates.js";
import { openP12 } from "../trust/keystore.js";
import { forgetSealed, summarise } from "./sheetpart.js";
import { forgetRescue } from "./rescuing.js";
import { partyOf } from "./sheet.js";
import { forgetSheetFacts, takeGiven } from "./sheetgiven.js";
import { AFTER_SIGNER, at, file, forgetPassphrase, now, ready } from "./state.js";
import { forgetWithdrawal } from "./withdrawing.js";

export function chooseWay() {
  const elsewhere = document.querySelector("[name=way]:checked").value === "p7s";
  part("by-p12").hidden = elsewhere;
  part("by-p7s").hidden = !elsewhere;
  forgetSigner();
}

function forgetSigner() {
  now.signer = null;
  forgetSealed();
  forgetPassphrase();
  forgetSheetFacts();
  forgetWithdrawal();
  forgetRescue();
  part("signer-done").hidden = part("signer-provisional").hidden = true;
  for (const name of AFTER_SIGNER) ready(name, false);
}

export async function openKey() {
  forgetSigner();
  const signer = part("by-p7s").hidden ? await ofP12() : await ofCertificate();
  const { certificate, chain } = signer;
  const who = identityOf(certificate);
  if (!who.uscc) refuse("sealing.certificate.identity", { subject: subjectText(certificate) });
  const party = partyOf(now.policy, who.uscc);
  if (party) refuse("bidder.program.party", { role: word(party.role), name: party.name });
  if (now.bidder && now.bidder !== who.uscc) {
    refuse("bidder.program.enterprise", { found: `${who.organisation} ${who.uscc}`, wanted: now.bidder });
  }
  let provisional = false;
  try {
    await now.trust.verifyCertificate(certificate, chain, at());
  } catch (fault) {
    provisional = fault.refusals?.every(({ code }) => /\.crl_(missing|stale)$/.test(code)) ?? false;
    if (!provisional) throw fault;
  }
  now.signer = { ...signer, who };
  part("signer-done").hidden = false;
  part("signer-provisional").hidden = !provisional;
  rendered(() => describe(part("signer-facts"), [
    ["bidder", who.organisation], ["uscc", who.uscc, "code"], ["subject", subjectText(certificate)],
    ["issuer", issuerText(certificate)], ["serial", serialText(certificate), "code"],
    ["validity", `${moment(certificate.validFrom)} – ${moment(certificate.validTo)} (UTC+8)`],
    ["checks", provisional ? word("signer.provisional") : word("checks.good")],
  ]));
  for (const name of AFTER_SIGNER) ready(name);
  if (now.sheetGiven) takeGiven(now.sheetGiven);
  summarise();
}

async function ofP12() {
  if (!file("key-file")) refuse("bidder.program.choose", { what: word("signer.file") });
  const signer = await openP12(await bytesOf(file("key-file")), part("pin").value);
  part("pin").value = "";
  return signer;
}

async function ofCertificate() {
  if (!file("certificate-file")) refuse("bidder.program.choose", { what: word("signer.certificate") });
  const [certificate, ...chain] = readCertificates(await bytesOf(file("certificate-file")));
  return { certificate, chain, sign: null };
}
