// Where ciphertext waits to be packed: a file of the browser's own (OPFS) where the page may have
// one; a page from disk has none, and writes to the file that its reader chose; else memory. One store
// holds all envelopes of a bid, one behind the other, or in the file chosen each in its place. Nothing
// unencrypted ever comes here.

import { hurryCollector } from "../lib/bytes.js";
import { Refused, refusal, refuse } from "../lib/refused.js";

const PREFIX = "zhuxin-seal-";
// What a page keeps in memory without a word, and at most where it has no other place: bytes.
const LITTLE = 64 * 2 ** 20;
const IN_MEMORY = 512 * 2 ** 20;

// The place for a bid of this size: a name (OPFS), a handle (the file chosen, under `name` at first),
// or null (memory). Called in answer to a click, without which no browser asks for a file.
export async function findPlace(size, name) {
  const own = await ownPlace();
  if (own !== null) return roomFor(size, await roomLeft(), own);
  if (size <= LITTLE) return null;
  return (await chosenFile(name)) ?? roomFor(size, IN_MEMORY, null);
}

const roomFor = (size, room, place) =>
  size > room ? refuse("bidder.program.room", { needed: size, room }) : place;

// A name where there is OPFS, else null. Leftovers of pages that are gone are removed; a page that
// lives holds a lock of its name.
async function ownPlace() {
  try {
    const root = await navigator.storage.getDirectory();
    const { held } = await navigator.locks.query();
    const living = new Set(held.map(({ name }) => name));
    for await (const name of root.keys()) {
      if (name.startsWith(PREFIX) && !living.has(name)) await root.removeEntry(name, { recursive: true });
    }
    const name = PREFIX + crypto.randomUUID();
    navigator.locks.request(name, () => new Promise(() => {}));
    await root.getDirectoryHandle(name, { create: true });
    return name;
  } catch {
    return null;
  }
}

async function chosenFile(name) {
  if (!window.showSaveFilePicker) return null;
  try {
    return await window.showSaveFilePicker({ suggestedName: name });
  } catch (fault) {
    if (fault.name === "AbortError") refuse("bidder.program.cancelled");
    return null;
  }
}

export const isFile = (place) => place !== null && typeof place === "object";

export async function openStore(place) {
  if (place === null) return new BlobStore();
  return isFile(place) ? ChosenStore.open(place) : FileStore.open(place);
}

class BlobStore {
  at = 0;
  parts = [];

  async write(bytes) {
    this.parts.push(new Blob([bytes]));
    this.at += bytes.length;
  }

  async finish() {
    return new Blob(this.parts);
  }
}

class FileStore {
  static async open(place) {
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle(place);
    const handle = await folder.getFileHandle(crypto.randomUUID(), { create: true });
    return new FileStore(handle, await handle.createSyncAccessHandle());
  }

  constructor(handle, access) {
    Object.assign(this, { handle, access, at: 0 });
  }

  async write(bytes) {
    for (let place = 0; place < bytes.length; ) {
      const left = bytes.length - place;
      const written = this.access.write(bytes.subarray(place), { at: this.at });
      // A full place answers with nothing written, or with a number that no writing gives.
      if (!(written > 0 && written <= left)) throw new DOMException(String(written), "QuotaExceededError");
      place += written;
      this.at += written;
    }
  }

  async finish() {
    this.access.flush();
    this.access.close();
    return this.handle.getFile();
  }
}

class ChosenStore {
  static async open(handle) {
    return new ChosenStore(handle, await handle.createWritable());
  }

  constructor(handle, stream) {
    Object.assign(this, { handle, stream, at: 0 });
  }

  // The only one that lets what is written next stand where it will stand in the bid.
  seek(place) {
    this.at = place;
  }

  async write(bytes) {
    await this.stream.write({ type: "write", position: this.at, data: bytes });
    hurryCollector(bytes.length);
    this.at += bytes.length;
  }

  // Rows of {at, bytes} beside what stands there; nothing is changed before all are written.
  async fill(rows) {
    for (const { at, bytes } of rows) {
      this.seek(at);
      await this.write(bytes);
    }
    return this.finish();
  }

  async finish() {
    await this.stream.close();
    return this.handle.getFile();
  }
}

// The file chosen, holding these pieces (bytes, Blobs) instead of what waited there: it changes when
// all of them are written, so that pieces may be parts of what it held. A piece is copied by the browser.
export async function fillFile(handle, pieces) {
  const stream = await handle.createWritable();
  for (const piece of pieces) await stream.write(piece);
  await stream.close();
  return handle.getFile();
}

// Whether a fault, here or in a worker, is that the place is full.
export const isFull = ({ name }) => name === "QuotaExceededError";

// A fault as it is told: a full place as the want of room that it is. whole: bytes that were needed.
export async function roomFault(fault, whole, place) {
  if (!isFull(fault)) return fault;
  const room = isFile(place) ? 0 : Math.max(0, await roomLeft());
  return new Refused([refusal("bidder.program.room", { needed: whole, room: Number.isFinite(room) ? room : 0 })]);
}

// Bytes that may still be kept here, Infinity where the browser does not say.
async function roomLeft() {
  try {
    const { quota, usage } = await navigator.storage.estimate();
    return quota - usage;
  } catch {
    return Infinity;
  }
}
