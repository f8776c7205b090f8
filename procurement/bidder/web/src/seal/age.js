// An age file (age-encryption.org/v1) to one X25519 recipient, block by block. The library wraps the
// file's key and writes the header; the payload is encrypted here, for where the browser has
// ChaCha20-Poly1305 itself it is many times faster than any script.

import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { Encrypter, identityToRecipient } from "age-encryption";

import { concat, equal, hurryCollector, random } from "../lib/bytes.js";
import { derive, identityText } from "../bids/recovery.js";

const CHUNK = 64 * 1024;
const TAG = 16;
const NONCE = 16;
// Plaintext that is encrypted at a time: few blocks are held at once, and each costs a turn or two.
export const BLOCK = 32 * CHUNK;

// The size of an age file with a plaintext of this size: the header of one X25519 stanza has 168.
export const agedSize = (size) => 168 + NONCE + size + TAG * Math.max(1, Math.ceil(size / CHUNK));

export class AgeWriter {
  // write: async (bytes) => …, called with the file's bytes in order; room: async (size) => a view
  // for that many of them.
  static async begin(identity, write, room) {
    let fileKey;
    const encrypter = new Encrypter();
    encrypter.addRecipient(await identityToRecipient(identityText(identity)));
    encrypter.addRecipient({ wrapFileKey: (key) => { fileKey = key.slice(); return []; } });
    const empty = await encrypter.encrypt(new Uint8Array(0));
    const header = empty.subarray(0, empty.length - NONCE - TAG);
    const nonce = random(NONCE);
    const cipher = await cipherOf(await derive(fileKey, nonce, "payload"));
    await write(concat(header, nonce));
    return new AgeWriter(cipher, write, room);
  }

  constructor(cipher, write, room) {
    Object.assign(this, { cipher, write, room, counter: 0, pending: Promise.resolve() });
  }

  // The next block, BLOCK bytes but for the last. While the next is read, this one is written.
  async block(bytes, last) {
    const count = Math.max(1, Math.ceil(bytes.length / CHUNK));
    const sealed = await this.room(bytes.length + TAG * count);
    await Promise.all(Array.from({ length: count }, async (_, i) => {
      const nonce = nonceOf(this.counter + i, last && i === count - 1);
      const chunk = await this.cipher(nonce, bytes.subarray(i * CHUNK, (i + 1) * CHUNK));
      sealed.set(chunk, i * (CHUNK + TAG));
    }));
    this.counter += count;
    hurryCollector(BLOCK);
    await this.pending;
    this.pending = this.write(sealed);
    if (last) await this.pending;
  }
}

// Eleven bytes of counter, and one that says whether another chunk follows.
function nonceOf(counter, last) {
  const view = new DataView(new ArrayBuffer(12));
  view.setUint32(7, counter);
  view.setUint8(11, last ? 1 : 0);
  return new Uint8Array(view.buffer);
}

// (nonce, plaintext) → sealed chunk: the browser's own where it has one that agrees with ours.
async function cipherOf(key) {
  const ours = async (nonce, plaintext) => chacha20poly1305(key, nonce).encrypt(plaintext);
  try {
    const name = "ChaCha20-Poly1305";
    const own = await crypto.subtle.importKey("raw-secret", key, { name }, false, ["encrypt"]);
    const native = async (iv, plaintext) =>
      new Uint8Array(await crypto.subtle.encrypt({ name, iv }, own, plaintext));
    const [nonce, probe] = [new Uint8Array(12).fill(255), random(100)];
    return equal(await native(nonce, probe), await ours(nonce, probe)) ? native : ours;
  } catch {
    return ours;
  }
}
