// The file of a bid, `*.zxb`: composed of Blobs by reference, and the head of one read;
// kernel/sealing/bids/container.py.

import { crc32 } from "../lib/crc32.js";
import { MAX_MANIFEST, readManifest } from "./manifest.js";
import { SEALED_SIZE } from "./shares.js";
import { directory, fileSize, localHeader, readSmall, startsOf } from "./zip.js";

const MAX_SIGNATURE = 256 * 1024;

// What stands in a bid's file, in order: bytes, and of each ciphertext its Blob, or the ciphertext itself
// where it has none. parts: {name, ciphertext: {blob, start, crc, size}, sealed} of each envelope.
export function piecesOfBid(manifest, signature, parts) {
  const entries = [small("manifest.json", manifest), small("manifest.p7s", signature)];
  for (const { name, ciphertext, sealed } of parts) {
    entries.push({ name: `${name}.age`, ...ciphertext, content: ciphertext.blob ?? ciphertext });
    sealed.forEach((share, i) => entries.push(small(`${name}.shares/${i}`, share)));
  }
  const contents = entries.flatMap((entry) => [localHeader(entry), entry.content]);
  return [...contents, directory(entries)];
}

const small = (name, content) => ({ name, content, size: content.length, crc: crc32(content) });

// Names and sizes of a bid's entries. head: {manifest, signature}, their sizes; shares: how many.
export const entriesOf = (head, envelopes, shares) => [
  { name: "manifest.json", size: head.manifest },
  { name: "manifest.p7s", size: head.signature },
  ...envelopes.flatMap(({ name, size }) => [
    { name: `${name}.age`, size },
    ...Array.from({ length: shares }, (_, i) => ({ name: `${name}.shares/${i}`, size: SEALED_SIZE })),
  ]),
];

// The size that a bid will have whose ciphertexts have these sizes; of the signature its utmost.
export const sizeOfBid = (envelopes, shares) =>
  fileSize(entriesOf({ manifest: 8192, signature: 8192 }, envelopes, shares));

// Where each ciphertext will begin in the file of a bid of these sizes: envelope → place.
export function placesIn(head, envelopes, shares) {
  const starts = startsOf(entriesOf(head, envelopes, shares));
  return Object.fromEntries(envelopes.map(({ name }) => [name, starts.get(`${name}.age`)]));
}

// The manifest at the head of a bid's file; the rest of the file is not looked at.
export async function headOfBid(blob) {
  const { content, end } = await readSmall(blob, 0, "manifest.json", MAX_MANIFEST);
  const signature = await readSmall(blob, end, "manifest.p7s", MAX_SIGNATURE);
  return { manifest: readManifest(content), text: content, signature: signature.content };
}
