// Trust: a signer's chain to given anchors at an instant; kernel/sealing/trust.py and chains.py.

import { equal } from "../lib/bytes.js";
import { Refused, refuse } from "../lib/refused.js";
import {
  checkProfile, extension, identityOf, isAuthority, isDemonstration, keyAlgorithm, keyUsage, pathLength,
  subjectText,
} from "./certificates.js";
import { checkCms } from "./cms.js";
import { checkRevocation } from "./revocation.js";
import { signedBy } from "./verifying.js";

// A signer, three authorities, and the anchor: nothing real is longer.
const MAX_INTERMEDIATES = 3;
const KNOWN_CRITICAL = ["2.5.29.15", "2.5.29.19", "2.5.29.32", "2.5.29.37"];

export class Trust {
  // anchors, intermediates: certificates. demonstration: whether the anchors are a sandbox's.
  constructor(anchors, demonstration, crls = [], intermediates = []) {
    Object.assign(this, { anchors, demonstration, crls, intermediates });
    this.known = new Map();
  }

  // A signature over data by the organisation `uscc`, valid at `at`; what was signed and by whom.
  async verify(signature, data, uscc, at) {
    const signed = await checkCms(signature, data);
    checkSigner(signed, uscc);
    await this.trusted(signed, at);
    return signed;
  }

  // A signature over what cannot be older than `since`, valid now or then: a certificate that is revoked or
  // expires afterwards takes back nothing that was said.
  async verifySaid(signature, data, uscc, since, now) {
    try {
      return await this.verify(signature, data, uscc, now);
    } catch (fault) {
      if (!(fault instanceof Refused)) throw fault;
      return this.verify(signature, data, uscc, since).catch(() => { throw fault; });
    }
  }

  // A signature that a time-stamp proves to be from before `stamped`, valid now or then; for then by lists only that
  // speak up to now, so that who hands over the lists hides no revocation from before the stamp.
  async verifyStamped(signature, data, uscc, stamped, now) {
    const signed = await checkCms(signature, data);
    checkSigner(signed, uscc);
    try {
      await this.trusted(signed, now);
    } catch (fault) {
      if (!(fault instanceof Refused)) throw fault;
      const then = { known: now };
      const at = stamped < now ? stamped : now;
      await this.verifyCertificate(signed.certificate, signed.certificates, at, then).catch(() => { throw fault; });
    }
    return signed;
  }

  // Whether the anchors vouch for the signer at `at`; its chain.
  trusted({ certificate, certificates }, at) {
    // Within one sitting the same signer is asked about again and again at the same instants.
    const key = [certificate.sha256, at, ...certificates.map(({ sha256 }) => sha256)].join();
    if (!this.known.has(key)) this.known.set(key, this.verifyCertificate(certificate, certificates, at));
    return this.known.get(key);
  }

  async verifyCertificate(certificate, others, at, { revocation = true, profile = "signer", known = at } = {}) {
    checkProfile(certificate, profile);
    const chain = await this.chainOf(certificate, others, at);
    if (revocation) await checkRevocation(chain, this.crls, at, known);
    return chain;
  }

  async chainOf(certificate, others, at) {
    const subject = subjectText(certificate);
    if (at < certificate.validFrom) {
      refuse("sealing.certificate.not_yet", { subject, valid_from: certificate.validFrom });
    }
    if (at > certificate.validTo) {
      refuse("sealing.certificate.expired", { subject, valid_to: certificate.validTo });
    }
    const chain = await this.path([certificate], [...others, ...this.intermediates], at);
    if (!chain) refuse("sealing.certificate.untrusted", { subject, fingerprint: certificate.sha256 });
    if (chain.some((each) => isDemonstration(each) !== this.demonstration)) {
      refuse("sealing.certificate.demonstration", { subject });
    }
    return chain;
  }

  async path(chain, pool, at) {
    const last = chain.at(-1);
    for (const anchor of this.anchors) {
      if (await issues(anchor, last, chain.length - 1, at)) return [...chain, anchor];
    }
    if (chain.length > MAX_INTERMEDIATES) return null;
    for (const issuer of pool) {
      if (chain.some(({ sha256 }) => sha256 === issuer.sha256)) continue;
      if (!(await issues(issuer, last, chain.length - 1, at))) continue;
      const found = await this.path([...chain, issuer], pool, at);
      if (found) return found;
    }
    return null;
  }
}

// Whether an authority issued a certificate and might do so; below: authorities between the two.
async function issues(issuer, certificate, below, at) {
  try {
    return (
      equal(certificate.issuer, issuer.subject) &&
      isAuthority(issuer) &&
      Boolean(keyUsage(issuer)?.keyCertSign) &&
      below <= pathLength(issuer) &&
      issuer.validFrom <= at && at <= issuer.validTo &&
      // What constrains names or policies in ways unknown to us is not followed.
      issuer.extensions.every(({ type, critical }) => !critical || KNOWN_CRITICAL.includes(type)) &&
      !extension(issuer, "2.5.29.30") &&
      Boolean(keyAlgorithm(issuer)) &&
      (await signedBy(issuer, certificate))
    );
  } catch {
    return false;
  }
}

export function checkSigner({ certificate }, uscc) {
  const found = identityOf(certificate).uscc;
  if (found !== uscc) refuse("sealing.signature.other", { wanted: uscc, found });
}
