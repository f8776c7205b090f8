// DER (X.690 §10) as far as certificates, lists and signatures need it: short tags, one spelling of
// each length. `parts` throws where the bytes are anything else; callers say what that means.

import { concat } from "./bytes.js";

export const INTEGER = 0x02;
export const BITS = 0x03;
export const OCTETS = 0x04;
export const OID = 0x06;
export const UTC_TIME = 0x17;
export const GENERAL_TIME = 0x18;
export const SEQUENCE = 0x30;
export const SET = 0x31;
export const context = (number) => 0xa0 | number;

// The values that stand one after another: {tag, content, whole}.
export function parts(data) {
  const found = [];
  let place = 0;
  while (place < data.length) {
    const { start, end } = lengthAt(data, place);
    found.push({
      tag: data[place],
      content: data.subarray(start, end),
      whole: data.subarray(place, end),
    });
    place = end;
  }
  return found;
}

function lengthAt(data, place) {
  if (data.length - place < 2 || (data[place] & 0x1f) === 0x1f) throw new Error("tag");
  let size = data[place + 1];
  let start = place + 2;
  if (size & 0x80) {
    const count = size & 0x7f;
    if (count < 1 || count > 4 || start + count > data.length) throw new Error("length");
    size = data.subarray(start, start + count).reduce((sum, byte) => sum * 256 + byte, 0);
    if (size < 0x80 || size < 256 ** (count - 1)) throw new Error("length");
    start += count;
  }
  if (start + size > data.length) throw new Error("end");
  return { start, end: start + size };
}

// What stands inside the one value that the bytes are, which must have this tag.
export function inside(data, tag) {
  const outer = parts(data);
  if (outer.length !== 1) throw new Error("one value");
  return within(outer[0], tag);
}

export function within(item, tag) {
  if (item?.tag !== tag) throw new Error(`tag ${tag}`);
  return parts(item.content);
}

export function item(tag, ...contents) {
  const content = concat(...contents);
  if (content.length < 0x80) return concat(Uint8Array.of(tag, content.length), content);
  const size = [];
  for (let left = content.length; left; left = Math.floor(left / 256)) size.unshift(left % 256);
  return concat(Uint8Array.of(tag, 0x80 | size.length, ...size), content);
}

// A SET OF: DER has its values in the order of their bytes.
export const setOf = (values, tag = SET) => item(tag, ...[...values].sort(compare));

export function compare(a, b) {
  const shorter = Math.min(a.length, b.length);
  for (let i = 0; i < shorter; i++) if (a[i] !== b[i]) return a[i] - b[i];
  return a.length - b.length;
}

export function oidText({ tag, content }) {
  if (tag !== OID || !content.length) throw new Error("oid");
  const numbers = [];
  let value = 0;
  for (const byte of content) {
    value = value * 128 + (byte & 0x7f);
    if (byte & 0x80) continue;
    numbers.push(value);
    value = 0;
  }
  const first = Math.min(Math.floor(numbers[0] / 40), 2);
  return [first, numbers[0] - 40 * first, ...numbers.slice(1)].join(".");
}

export function oid(text) {
  const [first, second, ...rest] = text.split(".").map(Number);
  const bytes = [40 * first + second, ...rest].flatMap((number) => {
    const digits = [number % 128];
    for (let left = Math.floor(number / 128); left; left = Math.floor(left / 128)) {
      digits.unshift(0x80 | left % 128);
    }
    return digits;
  });
  return item(OID, Uint8Array.from(bytes));
}

// A Time of RFC 5280 as an instant text.
export function timeText({ tag, content }) {
  const text = new TextDecoder().decode(content);
  const long = tag === UTC_TIME ? (text < "50" ? "20" : "19") + text : text;
  const found = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(long);
  if (!found || (tag !== UTC_TIME && tag !== GENERAL_TIME)) throw new Error("time");
  const [, year, month, day, hour, minute, second] = found;
  const result = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  if (Number.isNaN(Date.parse(`${result}Z`))) throw new Error("time");
  return `${result}.000000Z`;
}

// A directory string or one of its older kin.
export function stringOf({ tag, content }) {
  if (tag === 0x1e) return new TextDecoder("utf-16be", { fatal: true }).decode(content);
  if (tag === 0x1c) throw new Error("string");
  const encoding = tag === 0x14 ? "latin1" : "utf-8";
  if (![0x0c, 0x13, 0x14, 0x16, 0x12].includes(tag)) throw new Error("string");
  return new TextDecoder(encoding, { fatal: true }).decode(content);
}
