// SHA-256 (FIPS 180-4) over a stream. WebCrypto hashes only bytes that are all in memory, and a bid
// may have gigabytes. The rounds are written out by the build (rounds.js).

import { START, compress } from "rounds-of-sha256";

export class Sha256 {
  constructor() {
    this.state = START.slice();
    this.rest = new Uint8Array(64);
    this.held = 0;
    this.size = 0;
  }

  update(bytes) {
    this.size += bytes.length;
    let place = 0;
    if (this.held) {
      place = Math.min(64 - this.held, bytes.length);
      this.rest.set(bytes.subarray(0, place), this.held);
      this.held += place;
      if (this.held < 64) return this;
      compress(this.state, this.rest, 0, 64);
    }
    const end = bytes.length - ((bytes.length - place) % 64);
    compress(this.state, bytes, place, end);
    this.rest.set(bytes.subarray(end));
    this.held = bytes.length - end;
    return this;
  }

  digest() {
    const tail = new Uint8Array(this.held < 56 ? 64 : 128);
    tail.set(this.rest.subarray(0, this.held));
    tail[this.held] = 0x80;
    const view = new DataView(tail.buffer);
    view.setUint32(tail.length - 8, Math.floor(this.size / 2 ** 29));
    view.setUint32(tail.length - 4, (this.size * 8) % 2 ** 32);
    compress(this.state, tail, 0, tail.length);
    const result = new DataView(new ArrayBuffer(32));
    this.state.forEach((word, i) => result.setInt32(4 * i, word));
    return new Uint8Array(result.buffer);
  }
}

export const sha256 = (bytes) => new Sha256().update(bytes).digest();
