// ZIP files in one spelling only, as kernel/sealing/bids/stored_zip.py writes and reads them.

import { concat, equal, utf8 } from "../lib/bytes.js";
import { crc32 } from "../lib/crc32.js";
import { refuse } from "../lib/refused.js";

export const MAX_SIZE = 2 ** 32 - 2;
export const MAX_NAME = 400;
const [LOCAL_SIZE, CENTRAL_SIZE, END_SIZE] = [30, 46, 22];
const [LOCAL, CENTRAL, END] = [0x04034b50, 0x02014b50, 0x06054b50];
// Version 2.0; 1 January 1980, 00:00; made on Unix, a plain file of mode 0644.
const [VERSION, TIME, DATE] = [20, 0, 0x21];
const [MADE_BY, ATTRIBUTES] = [(3 << 8) | VERSION, 0o100644 * 2 ** 16];

function packed(format, values) {
  const sizes = [...format].map(Number);
  const view = new DataView(new ArrayBuffer(sizes.reduce((sum, size) => sum + size, 0)));
  let place = 0;
  sizes.forEach((size, i) => {
    if (size === 4) view.setUint32(place, values[i], true);
    else view.setUint16(place, values[i], true);
    place += size;
  });
  return new Uint8Array(view.buffer);
}

const flags = (name) => (/^[\0-\x7f]*$/.test(name) ? 0 : 0x0800);

export function localHeader({ name, crc, size }) {
  const raw = utf8(name);
  const values = [LOCAL, VERSION, flags(name), 0, TIME, DATE, crc, size, size, raw.length, 0];
  return concat(packed("42222244422", values), raw);
}

// Directory and end of a file of these entries ({name, crc, size}), in their order.
export function directory(entries) {
  const lines = [];
  let place = 0;
  for (const { name, crc, size } of entries) {
    const raw = utf8(name);
    const values = [CENTRAL, MADE_BY, VERSION, flags(name), 0, TIME, DATE, crc, size, size, raw.length,
      0, 0, 0, 0, ATTRIBUTES, place];
    lines.push(concat(packed("42222224442222244", values), raw));
    place += LOCAL_SIZE + raw.length + size;
  }
  if (place > MAX_SIZE) refuse("sealing.container.too_large", { limit: MAX_SIZE });
  const whole = concat(...lines);
  const end = [END, 0, 0, entries.length, entries.length, whole.length, place, 0];
  return concat(whole, packed("42222442", end));
}

// The size of a file of these entries ({name, size}).
export function fileSize(entries) {
  const each = ({ name, size }) => LOCAL_SIZE + CENTRAL_SIZE + 2 * utf8(name).length + size;
  return entries.reduce((sum, entry) => sum + each(entry), END_SIZE);
}

// Where the content of each of these entries ({name, size}) begins: name → place.
export function startsOf(entries) {
  let place = 0;
  return new Map(entries.map(({ name, size }) => {
    const start = place + LOCAL_SIZE + utf8(name).length;
    place = start + size;
    return [name, start];
  }));
}

// The small content of the entry that must stand at a place of a Blob: {content, end}.
export async function readSmall(blob, place, name, limit) {
  const start = place + LOCAL_SIZE + utf8(name).length;
  const { crc, size } = await headerBefore(blob, start, name);
  if (size > limit) refuse("sealing.container.entry_size", { name, size });
  const content = new Uint8Array(await blob.slice(start, start + size).arrayBuffer());
  if (content.length !== size) layout("end");
  if (crc32(content) !== crc) layout(name);
  return { content, end: start + size };
}

// The sum that is said of the entry whose content must begin at `start` and have this size.
export async function readHeader(blob, start, name, size) {
  const said = await headerBefore(blob, start, name);
  if (said.size !== size) refuse("sealing.container.entry_size", { name, size: said.size });
  return said.crc;
}

async function headerBefore(blob, start, name) {
  const headSize = LOCAL_SIZE + utf8(name).length;
  const head = new Uint8Array(await blob.slice(start - headSize, start).arrayBuffer());
  if (head.length < headSize) layout("end");
  const view = new DataView(head.buffer);
  const [crc, size] = [view.getUint32(14, true), view.getUint32(22, true)];
  if (!equal(head, localHeader({ name, crc, size }))) layout(name);
  return { crc, size };
}

const layout = (part) => refuse("sealing.container.layout", { part });
