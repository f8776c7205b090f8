// What is heavy, away from the page: hashing a file, and encrypting an envelope. One job at a time;
// the page runs two of these side by side, so that one hashes while the other encrypts.

import { hex } from "../lib/bytes.js";
import { crc32 } from "../lib/crc32.js";
import { Sha256 } from "../lib/sha256.js";
import { directory, localHeader } from "../bids/zip.js";
import { AgeWriter, BLOCK } from "./age.js";
import { openStore } from "./store.js";

const ZEROS = new Uint8Array(1024 * 1024);

self.onmessage = async ({ data: { job, ...task } }) => {
  try {
    self.postMessage({ done: job === "hash" ? await hashFile(task) : await sealEnvelope(task) });
  } catch (fault) {
    self.postMessage({ fault: `${fault.name}: ${fault.message}` });
  }
};

async function hashFile({ file }) {
  const sum = new Sha256();
  let crc = 0;
  for await (const chunk of chunksOf(file)) {
    sum.update(chunk);
    crc = crc32(chunk, crc);
    self.postMessage({ progress: chunk.length });
  }
  return { size: sum.size, crc, sha256: hex(sum.digest()) };
}

// The ciphertext of an envelope: {blob, size, crc, sha256}. The padding's row comes last.
async function sealEnvelope({ identity, head, entries, zeros, size, place }) {
  const store = await openStore(place);
  const sum = new Sha256();
  let crc = 0;
  const age = await AgeWriter.begin(identity, async (bytes) => {
    sum.update(bytes);
    crc = crc32(bytes, crc);
    await store.write(bytes);
  });
  const blocks = new Blocks(age, size);
  const rows = [{ ...entries[0], crc: crc32(head), content: head }, ...entries.slice(1),
    { name: "padding", size: zeros, crc: crcOfZeros(zeros), content: null }];
  for (const row of rows) await writeEntry(blocks, row);
  await blocks.take(directory(rows));
  return { blob: await store.finish(), size: sum.size, crc, sha256: hex(sum.digest()) };
}

async function writeEntry(blocks, { name, size, crc, content }) {
  await blocks.take(localHeader({ name, size, crc }));
  let [seen, written] = [0, 0];
  for await (const chunk of content === null ? zerosOf(size) : chunksOf(content)) {
    seen = crc32(chunk, seen);
    written += chunk.length;
    await blocks.take(chunk);
    if (content !== null) self.postMessage({ progress: chunk.length });
  }
  if (seen !== crc || written !== size) throw new Error(`changed while it was read: ${name}`);
}

// Plaintext as it comes, handed on in blocks of one size.
class Blocks {
  constructor(age, size) {
    Object.assign(this, { age, left: size, held: 0, buffer: new Uint8Array(BLOCK) });
  }

  async take(bytes) {
    for (let place = 0; place < bytes.length; ) {
      const part = bytes.subarray(place, place + BLOCK - this.held);
      this.buffer.set(part, this.held);
      place += part.length;
      this.held += part.length;
      this.left -= part.length;
      if (this.held < BLOCK && this.left) continue;
      await this.age.block(this.buffer.subarray(0, this.held), this.left === 0);
      this.held = 0;
    }
  }
}

// The next slice is read while the last one is worked on.
async function* chunksOf(content) {
  if (content instanceof Uint8Array) return yield content;
  const read = async (start) => new Uint8Array(await content.slice(start, start + BLOCK).arrayBuffer());
  let next = content.size ? read(0) : null;
  for (let start = 0; start < content.size; start += BLOCK) {
    const chunk = await next;
    next = start + BLOCK < content.size ? read(start + BLOCK) : null;
    yield chunk;
  }
}

function* zerosOf(size) {
  for (let left = size; left > 0; left -= ZEROS.length) yield ZEROS.subarray(0, Math.min(left, ZEROS.length));
}

function crcOfZeros(size) {
  let crc = 0;
  for (const chunk of zerosOf(size)) crc = crc32(chunk, crc);
  return crc;
}
