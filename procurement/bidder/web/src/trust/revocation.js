// Revocation lists (RFC 5280 §5): was a certificate revoked? kernel/sealing/revocation.py.

import { INTEGER, SEQUENCE, context, inside, parts, timeText, within } from "../lib/der.js";
import { equal, hex } from "../lib/bytes.js";
import { refuse } from "../lib/refused.js";
import {
  bitString, distributionPoints, extensionsOf, fullNames, isAuthority, keyUsage, subjectText,
} from "./certificates.js";
import { signedBy } from "./verifying.js";

const POINT = "2.5.29.28";
const DELTA = "2.5.29.27";
const REASON = "2.5.29.21";
// affiliationChanged, superseded, cessationOfOperation (ENUMERATED, DER).
const OUT_OF_USE = ["0a0103", "0a0104", "0a0105"];

export function readCrl(der) {
  try {
    const [tbs, algorithm, signature] = inside(der, SEQUENCE);
    const fields = within(tbs, SEQUENCE);
    if (fields[0].tag === INTEGER) fields.shift();
    const [inner, issuer, thisUpdate, ...rest] = fields;
    if (!equal(inner.whole, algorithm.whole)) throw new Error("algorithm");
    const nextUpdate = rest[0]?.tag === 0x17 || rest[0]?.tag === 0x18 ? timeText(rest.shift()) : "";
    const rows = rest[0]?.tag === SEQUENCE ? parts(rest.shift().content) : [];
    return {
      tbs: tbs.whole,
      algorithm: algorithm.whole,
      signature: bitString(signature),
      issuer: issuer.whole,
      thisUpdate: timeText(thisUpdate),
      nextUpdate,
      revoked: new Map(rows.map((row) => {
        const [serial, date] = within(row, SEQUENCE);
        return [hex(serial.content), timeText(date)];
      })),
      reasons: new Map(rows.map((row) => {
        const [serial, , more] = within(row, SEQUENCE);
        const found = more && extensionsOf({ content: more.whole }).find(({ type }) => type === REASON);
        return [hex(serial.content), found ? hex(found.value) : ""];
      })),
      extensions: extensionsOf(rest.find(({ tag }) => tag === context(0))),
    };
  } catch {
    refuse("sealing.crl.malformed");
  }
}

// Refuse a chain (leaf first) if anything in it but its anchor was revoked at an instant. known: a later one, up
// to which a list must speak where it asks about the past; of what has expired since, until it expired. The
// revocation date counts; a suspicion (invalidityDate) that the holder may name afterwards does not.
export async function checkRevocation(chain, crls, at, known = at) {
  for (let i = 0; i + 1 < chain.length; i++) await checkOne(chain[i], chain[i + 1], crls, at, known);
}

async function checkOne(certificate, issuer, crls, at, known) {
  const covering = [];
  for (const crl of crls) if (await covers(crl, certificate, issuer)) covering.push(crl);
  const subject = subjectText(certificate);
  for (const crl of covering) {
    const revoked = crl.revoked.get(hex(certificate.serial));
    if (revoked && revoked <= at) {
      refuse("sealing.certificate.revoked", { subject, revoked_at: revoked });
    }
  }
  if (!covering.length) refuse("sealing.certificate.crl_missing", { subject });
  const last = known < certificate.validTo ? known : certificate.validTo;
  const until = at > last ? at : last;
  const current = ({ nextUpdate, thisUpdate }) =>
    nextUpdate && until <= nextUpdate && thisUpdate <= certificate.validTo;
  if (!covering.some(current)) refuse("sealing.certificate.crl_stale", { subject, at: until });
}

// Refuse a certificate that was ever revoked but by going out of use: RFC 3161 §4 believes no token of such a
// time-stamp authority, for whoever has its key dates tokens back.
export async function checkUnbroken(certificate, issuer, crls) {
  const serial = hex(certificate.serial);
  for (const crl of crls) {
    const revoked = crl.revoked.get(serial);
    if (!revoked || OUT_OF_USE.includes(crl.reasons.get(serial)) || !(await covers(crl, certificate, issuer))) continue;
    refuse("sealing.certificate.revoked", { subject: subjectText(certificate), revoked_at: revoked });
  }
}

async function covers(crl, certificate, issuer) {
  if (!equal(certificate.issuer, issuer.subject) || !equal(crl.issuer, issuer.subject)) return false;
  const usage = keyUsage(issuer);
  if (usage && !usage.crlSign) return false;
  return (await signedBy(issuer, crl)) && scopeIncludes(crl, certificate);
}

// One with a critical extension unknown to us never speaks; a delta list says only what changed.
function scopeIncludes(crl, certificate) {
  return crl.extensions.every(({ type, critical, value }) =>
    type === POINT ? pointIncludes(value, certificate) : !critical && type !== DELTA,
  );
}

function pointIncludes(value, certificate) {
  const fields = inside(value, SEQUENCE);
  const flag = (number) => fields.some(({ tag, content }) => tag === (0x80 | number) && content[0]);
  const authority = isAuthority(certificate);
  if (flag(4) || flag(5) || fields.some(({ tag }) => tag === 0x83)) return false;
  if ((flag(1) && authority) || (flag(2) && !authority)) return false;
  const point = fields.find(({ tag }) => tag === context(0));
  if (!point) return true;
  if (parts(point.content).some(({ tag }) => tag === context(1))) return false;
  // A list in parts names its own address; the certificate must point to that very part.
  const mine = distributionPoints(certificate);
  return fullNames(point).some((name) => mine.includes(name));
}
