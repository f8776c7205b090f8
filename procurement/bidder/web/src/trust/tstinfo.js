// The fields of a time-stamp token in DER (RFC 3161 §2.4, RFC 5652, RFC 5035);
// kernel/sealing/timestamp_fields.py. Whatever is not the one spelling of what it should be throws.

import { equal, hex } from "../lib/bytes.js";
import {
  GENERAL_TIME, INTEGER, OCTETS, OID, SEQUENCE, SET, context, inside, oidText, parts, within,
} from "../lib/der.js";
import { HASHES } from "./verifying.js";

const [BOOLEAN, NULL, MILLIS, MICROS, DIRECTORY_NAME] = [0x01, "0500", 0x80, 0x81, 0xa4];
const SHA256 = "2.16.840.1.101.3.4.2.1";
// RFC 3161 §2.4.2: no fraction that ends in zero.
const TIME = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.(\d{0,11}[1-9]))?Z$/;

export function check(holds, reason) {
  if (!holds) throw new Error(reason);
}

// What stands in a SEQUENCE, with these tags where they are given.
export function fields(data, ...tags) {
  const found = inside(data, SEQUENCE);
  const fits = found.length && (!tags.length || found.map(({ tag }) => tag).join() === tags.join());
  check(fits, "not the sequence that it should be");
  return found;
}

// The one value that stands in these bytes.
export function one(data) {
  const found = parts(data);
  check(found.length === 1, "not one value");
  return found[0];
}

// The dotted name in an AlgorithmIdentifier whose parameters are left out or NULL.
export function algorithm(data) {
  const [kind, ...rest] = fields(data);
  check(["", NULL].includes(rest.map(({ whole }) => hex(whole)).join()), "algorithm");
  return oidText(kind);
}

// Name → value of signed attributes (a SET OF), each once and with one value.
export function attributesOf(raw) {
  const found = new Map();
  for (const row of inside(raw, SET)) {
    const [kind, values] = fields(row.whole, OID, SET);
    check(!found.has(oidText(kind)), "an attribute twice");
    found.set(oidText(kind), one(values.content).whole);
  }
  return found;
}

// [digest's name, hash] of each certificate that a SigningCertificateV2 names.
export function certificateHashes(value) {
  return fields(fields(value)[0].whole).map((row) => {
    const found = fields(row.whole);
    // SHA-256 is the default and left out.
    const name = found[0].tag === SEQUENCE ? HASHES[algorithm(found.shift().whole)] : "SHA-256";
    check(name && found[0]?.tag === OCTETS, "signingCertificateV2");
    return [name, found[0].content];
  });
}

// What a token says of version 1 over a SHA-256, without critical extensions: {digest, genTime,
// accuracy (microseconds), tsa (DER of the name in it, or null)}.
export function readInfo(data) {
  const [version, policy, imprint, serial, time, ...rest] = fields(data);
  const [hashed, digest] = fields(imprint.whole, SEQUENCE, OCTETS);
  check(equal(version.whole, Uint8Array.of(INTEGER, 1, 1)) && digest.content.length === 32, "TSTInfo");
  check(algorithm(hashed.whole) === SHA256, "not SHA-256");
  checkOid(policy);
  checkInteger(serial);
  const take = (tag) => (rest[0]?.tag === tag ? rest.shift() : null);
  const accuracy = accuracyOf(take(SEQUENCE));
  const ordering = take(BOOLEAN);
  const nonce = take(INTEGER);
  const [tsa, extensions] = [take(context(0)), take(context(1))];
  // FALSE is the default, which DER leaves out.
  check(!rest.length && (!ordering || hex(ordering.content) === "ff"), "TSTInfo");
  if (nonce) checkInteger(nonce);
  for (const row of extensions ? parts(extensions.content) : []) {
    check(fields(row.whole).every(({ tag }) => tag !== BOOLEAN), "a critical extension");
  }
  return { digest: digest.content, genTime: timeOf(time), accuracy, tsa: tsa && directoryName(tsa) };
}

function accuracyOf(row) {
  const rest = row ? parts(row.content) : [];
  const take = (tag) => (rest[0]?.tag === tag ? number(rest.shift()) : 0);
  const [seconds, millis, micros] = [take(INTEGER), take(MILLIS), take(MICROS)];
  check(!rest.length, "accuracy");
  return seconds * 1e6 + millis * 1000 + micros;
}

function number(row) {
  checkShortest(row);
  const value = row.content.reduce((sum, byte) => sum * 256 + byte, 0);
  check(value < 1e9, "accuracy");
  return value;
}

function directoryName(row) {
  const name = one(row.content);
  return name.tag === DIRECTORY_NAME ? one(name.content).whole : null;
}

function timeOf({ tag, content }) {
  const found = TIME.exec(new TextDecoder("latin1").decode(content));
  check(tag === GENERAL_TIME && found, "genTime");
  const [, year, month, day, hour, minute, second, fraction = ""] = found;
  const text = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  const at = new Date(`${text}Z`);
  check(!Number.isNaN(at.getTime()) && at.toISOString().startsWith(text), "genTime");
  return `${text}.${fraction.padEnd(6, "0").slice(0, 6)}Z`;
}

function checkInteger(row) {
  check(row.tag === INTEGER, "integer");
  checkShortest(row);
}

// A whole number, not negative, in its shortest spelling.
function checkShortest({ content: [first, second], content }) {
  check(content.length > 0 && first < 0x80 && (first || content.length === 1 || second >= 0x80), "integer");
}

function checkOid({ tag, content }) {
  const starts = (i) => i === 0 || content[i - 1] < 0x80;
  const shortest = content.every((byte, i) => byte !== 0x80 || !starts(i));
  check(tag === OID && content.length > 0 && content.at(-1) < 0x80 && shortest, "object identifier");
}
