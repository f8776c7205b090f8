// A whole bid read and checked, as kernel/sealing/bids/container.py reads it: every byte where it must stand,
// every hash the manifest's. A file of gigabytes is read in constant memory.

import { digestOf, equal } from "../lib/bytes.js";
import { crc32 } from "../lib/crc32.js";
import { Refused, refusal, refuse, refuseAll } from "../lib/refused.js";
import { MAX_HEADER, checkAgeSize, inspectAge } from "./agehead.js";
import { entriesOf, headOfBid } from "./container.js";
import { MAX_BID } from "./policy.js";
import { SEALED_SIZE } from "./shares.js";
import { directory, fileSize, localHeader, readHeader, readSmall, startsOf } from "./zip.js";

const ARTICLE = "平台开标规则：投标文件格式";

// {manifest, text, signature, size}. hash: async (Blob) → {size, crc, sha256}, which may be long in coming.
export async function readBid(blob, hash) {
  const { manifest, text, signature } = await headOfBid(blob);
  const { envelopes } = manifest;
  const head = { manifest: text.length, signature: signature.length };
  const rows = envelopes.flatMap((each) => entriesOf(head, [each], each.shares.length).slice(2));
  const entries = [...entriesOf(head, [], 0), ...rows];
  const size = fileSize(entries);
  if (size > MAX_BID) refuse("sealing.container.too_large", { limit: MAX_BID, size });
  entries[0].crc = crc32(text);
  entries[1].crc = crc32(signature);
  const [starts, reasons] = [startsOf(entries), []];
  for (const each of envelopes) reasons.push(...(await envelopeFaults(blob, each, entries, starts, hash)));
  const end = directory(entries);
  const last = await bytesAt(blob, size - end.length, end.length);
  if (blob.size !== size || !equal(last, end)) layout("directory");
  refuseAll(reasons);
  return { manifest, text, signature, size };
}

async function envelopeFaults(blob, envelope, entries, starts, hash) {
  const { name, sha256, size, shares } = envelope;
  const [entry, found] = [entries.find((each) => each.name === `${name}.age`), []];
  const start = starts.get(entry.name);
  entry.crc = await readHeader(blob, start, entry.name, size);
  const content = blob.slice(start, start + size);
  if (content.size < size) layout("end");
  const sums = await hash(content);
  if (sums.crc !== entry.crc) layout(entry.name);
  if (sums.sha256 !== sha256) found.push(fault("hash", { envelope: name }));
  try {
    checkAgeSize(inspectAge(await bytesAt(content, 0, MAX_HEADER)), size);
  } catch (refused) {
    if (!(refused instanceof Refused)) throw refused;
    found.push(...refused.refusals);
  }
  for (const [index, row] of shares.entries()) {
    const share = entries.find((each) => each.name === `${name}.shares/${index}`);
    const place = starts.get(share.name) - localHeader({ ...share, crc: 0 }).length;
    const { content: sealed } = await readSmall(blob, place, share.name, SEALED_SIZE);
    share.crc = crc32(sealed);
    if (sealed.length !== SEALED_SIZE || digestOf(sealed) !== row.sealed_sha256) {
      found.push(fault("share_hash", { envelope: name, index }));
    }
  }
  return found;
}

const bytesAt = async (blob, start, size) => new Uint8Array(await blob.slice(start, start + size).arrayBuffer());
const fault = (what, facts) => refusal(`sealing.container.${what}`, facts, ARTICLE);
const layout = (part) => refuse("sealing.container.layout", { part: part.slice(0, 100) });
