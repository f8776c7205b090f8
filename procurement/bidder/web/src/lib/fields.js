// Strict reading of signed files, as kernel/sealing/bids/fields.py: every field named, typed and
// bounded, nothing else in it. Instants stay the texts they are: their order is that of time.

import { decode, encode } from "./canonical.js";
import { fromBase64 } from "./bytes.js";
import { printable } from "./printable.js";
import { refuse } from "./refused.js";

const MAX_DOCUMENT = 4 * 1024 * 1024;
const USCC = /^[0-9A-HJ-NPQRTUWXY]{18}$/;
const INSTANT = /^([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})\.[0-9]{6}Z$/;

export function read(bytes, form, shapes, limit = MAX_DOCUMENT) {
  if (bytes.length > limit) refuse("sealing.format.size", { form, limit });
  const value = decode(bytes);
  if (!isObject(value) || value.format !== form) refuse("sealing.format.kind", { form });
  const { format: _, ...rest } = value;
  return record(shapes)(rest, "$");
}

// The format that a signed file says it has, empty where it says none; nothing is checked.
export function formOf(bytes) {
  const value = bytes.length <= MAX_DOCUMENT ? decode(bytes) : null;
  return isObject(value) && typeof value.format === "string" ? value.format : "";
}

export const write = (form, values) => encode({ format: form, ...values });

export const isObject = (value) =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const record = (shapes) => (value, path) => {
  if (!isObject(value)) wrong(path, "object");
  const unknown = Object.keys(value).filter((name) => !Object.hasOwn(shapes, name)).sort();
  if (unknown.length) refuse("sealing.format.unknown", { path: `${path}.${unknown[0]}`.slice(0, 200) });
  const missing = Object.keys(shapes).filter((name) => !Object.hasOwn(value, name)).sort();
  if (missing.length) refuse("sealing.format.missing", { path: `${path}.${missing[0]}` });
  return Object.fromEntries(
    Object.entries(shapes).map(([name, check]) => [name, check(value[name], `${path}.${name}`)]),
  );
};

export const listing = (item, least = 0, most = 10_000) => (value, path) => {
  if (!Array.isArray(value) || value.length < least || value.length > most) {
    wrong(path, `list ${least}..${most}`);
  }
  return value.map((each, i) => item(each, `${path}[${i}]`));
};

export const text = (most = 200, least = 1) => (value, path) => {
  const size = typeof value === "string" ? [...value].length : -1;
  if (size < least || size > most || !printable(value)) wrong(path, `text ${least}..${most}`);
  return value;
};

export const integer = (least, most = Number.MAX_SAFE_INTEGER) => (value, path) => {
  if (!Number.isSafeInteger(value) || value < least || value > most) {
    wrong(path, `integer ${least}..${most}`);
  }
  return value;
};

export const boolean = (value, path) =>
  typeof value === "boolean" ? value : wrong(path, "boolean");

export const choice = (...allowed) => (value, path) =>
  allowed.includes(value) ? value : wrong(path, allowed.join("|").slice(0, 100));

export const hexadecimal = (size, empty = false) => (value, path) => {
  const fits = typeof value === "string" && (value.length === 2 * size || (empty && value === ""));
  return fits && /^[0-9a-f]*$/.test(value) ? value : wrong(path, `hex ${size}`);
};

export const digest = hexadecimal(32);
export const digestOrNone = hexadecimal(32, true);

export const serial = (value, path) =>
  typeof value === "string" && /^[1-9a-f][0-9a-f]{0,39}$/.test(value) ? value : wrong(path, "serial");

// Bytes in canonical base64; the value stays text, for it is only ever compared or decoded.
export const octets = (least, most) => (value, path) => {
  const bytes = typeof value === "string" ? fromBase64(value) : null;
  if (bytes === null || bytes.length < least || bytes.length > most) {
    wrong(path, `base64 ${least}..${most}`);
  }
  return value;
};

export const uscc = (value, path) =>
  typeof value === "string" && USCC.test(value) ? value : wrong(path, "uscc");

export const instant = (value, path) => {
  const found = typeof value === "string" && INSTANT.exec(value);
  const second = found && new Date(`${found[1]}Z`);
  const real = second && !Number.isNaN(second.getTime()) && second.toISOString().startsWith(found[1]);
  return real ? value : wrong(path, "instant");
};

// A Date as the files have it; Date knows milliseconds, the files microseconds.
export const instantText = (date) => `${date.toISOString().slice(0, -1)}000Z`;

export function wrong(path, expected) {
  refuse("sealing.format.field", { path: path.slice(0, 200), expected });
}
