// What is heavy, away from the page. One job at a time; the page runs three of these side by side: one
// hashes files, one encrypts envelopes, one sums the ciphertext as it comes from the second.

import { scrypt } from "@noble/hashes/scrypt.js";

import { concat, hex, hurryCollector, utf8 } from "../lib/bytes.js";
import { crc32 } from "../lib/crc32.js";
import { Sha256 } from "../lib/sha256.js";
import { LOG_ROUNDS } from "../bids/recovery.js";
import { directory, localHeader } from "../bids/zip.js";
import { AgeWriter, BLOCK, agedSize } from "./age.js";
import { openStore } from "./store.js";

const ZEROS = new Uint8Array(1024 * 1024);
// A file up to this size is hashed whole by the browser itself, which is several times faster but takes
// a copy, and keeps it until the collector comes. Each is read into the same room.
const WHOLE = 8 * 1024 * 1024;
let room = null;
// Blocks of ciphertext that are there at once: being filled, written, summed. They are used again and
// again: what is left to the collector grows by hundreds of megabytes before it looks.
const AHEAD = 5;

const JOBS = { hash: hashFile, seal: sealEnvelope, finish, fill, sum: sumCiphertext, stretch };
let store = null;
// What a job waits for. A file's reader that only its own promise knows is taken for garbage by the
// browser, and the promise never comes: it stands here while it is read.
const awaited = new Set();

self.onmessage = async ({ data: { job, ...task } }) => {
  try {
    self.postMessage({ done: await JOBS[job](task) });
  } catch (fault) {
    self.postMessage({ fault: { name: fault.name, message: fault.message } });
  }
};

async function hashFile({ file }) {
  const whole = file.size <= WHOLE ? (room ??= new Uint8Array(WHOLE)) : null;
  const sum = new Sha256();
  let [crc, size] = [0, 0];
  for await (const chunk of chunksOf(file)) {
    if (whole) whole.set(chunk, size);
    else sum.update(chunk);
    crc = crc32(chunk, crc);
    size += chunk.length;
    self.postMessage({ progress: chunk.length });
  }
  const sha256 = whole ? await crypto.subtle.digest("SHA-256", whole.subarray(0, size)) : sum.digest();
  if (whole) hurryCollector(size);
  return { size, crc, sha256: hex(new Uint8Array(sha256)) };
}

// Puts the ciphertext of an envelope into the store: {start, size}; its sums come from where `port`
// leads. The padding's row comes last. at: where in the store it is to stand, null for behind the last.
async function sealEnvelope({ identity, head, entries, zeros, size, place, at, port }) {
  store ??= await openStore(place);
  if (at !== null) store.seek(at);
  const start = store.at;
  const pool = new Pool(AHEAD);
  awaited.add(port);
  port.onmessage = ({ data }) => pool.give(data);
  const age = await AgeWriter.begin(identity, async (bytes) => {
    await store.write(bytes);
    port.postMessage(bytes, [bytes.buffer]);
  }, (bytes) => pool.take(bytes));
  const blocks = new Blocks(age, size);
  const rows = [{ ...entries[0], crc: crc32(head), content: head }, ...entries.slice(1),
    { name: "padding", size: zeros, crc: crcOfZeros(zeros), content: null }];
  for (const row of rows) await writeEntry(blocks, row);
  await blocks.take(directory(rows));
  port.postMessage(null);
  awaited.delete(port);
  return { start, size: store.at - start };
}

// All envelopes of the bid, as they were sealed.
function finish() {
  return store.finish();
}

// The store with these rows beside what was sealed, as a Blob.
function fill({ rows }) {
  return store.fill(rows);
}

function sumCiphertext({ port }) {
  const sum = new Sha256();
  let crc = 0;
  awaited.add(port);
  return new Promise((resolve) => {
    port.onmessage = ({ data }) => {
      if (data === null) {
        awaited.delete(port);
        return resolve({ crc, sha256: hex(sum.digest()) });
      }
      sum.update(data);
      crc = crc32(data, crc);
      return port.postMessage(data.buffer, [data.buffer]);
    };
  });
}

// A passphrase as age's scrypt stanza has it.
function stretch({ passphrase, salt, rounds = LOG_ROUNDS }) {
  const salted = concat(utf8("age-encryption.org/v1/scrypt"), salt);
  return scrypt(utf8(passphrase), salted, { N: 2 ** rounds, r: 8, p: 1, dkLen: 32, maxmem: 2 ** 31 });
}

// A File is what it was when it was chosen: once it changes on the disk, reading it fails.
async function writeEntry(blocks, { name, size, crc, content }) {
  await blocks.take(localHeader({ name, size, crc }));
  let written = 0;
  for await (const chunk of content === null ? zerosOf(size) : chunksOf(content)) {
    written += chunk.length;
    await blocks.take(chunk);
    if (content !== null) self.postMessage({ progress: chunk.length });
  }
  if (written !== size) throw new Error(`changed while it was read: ${name}`);
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

// Buffers for blocks of ciphertext, this many.
class Pool {
  constructor(count) {
    Object.assign(this, { free: [], left: count, wake: () => {} });
  }

  async take(size) {
    while (!this.free.length && !this.left) await new Promise((resolve) => (this.wake = resolve));
    if (!this.free.length) this.left -= 1;
    return new Uint8Array(this.free.pop() ?? new ArrayBuffer(agedSize(BLOCK)), 0, size);
  }

  // The buffer of the header was none of these.
  give(buffer) {
    if (buffer.byteLength === agedSize(BLOCK)) this.free.push(buffer);
    this.wake();
  }
}

// Each chunk holds until the next is asked for: all are read into one buffer.
async function* chunksOf(content) {
  if (content instanceof Uint8Array) return yield content;
  const stream = content.stream();
  const reader = stream.getReader({ mode: "byob" });
  awaited.add(stream).add(reader);
  try {
    let buffer = new ArrayBuffer(BLOCK);
    for (;;) {
      const { done, value } = await reader.read(new Uint8Array(buffer));
      if (done) return;
      yield value;
      buffer = value.buffer;
    }
  } finally {
    awaited.delete(stream);
    awaited.delete(reader);
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
