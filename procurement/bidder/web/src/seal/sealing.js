// Sealing a bid: hash, encrypt, deal the keys, write the manifest; after the signature, the file.
// kernel/sealing/bids/making.py and receiving.py.

import source from "worker-source";

import { digestOf, hex, random } from "../lib/bytes.js";
import { refuse, refuseAll } from "../lib/refused.js";
import { piecesOfBid, placesIn, sizeOfBid } from "../bids/container.js";
import { byName, planEnvelope } from "../bids/inner.js";
import { manifestFaults, readManifest, writeManifest } from "../bids/manifest.js";
import { makeRecovery, newSalt } from "../bids/recovery.js";
import { deal, rowBefore, splitKey } from "../bids/shares.js";
import { checkSigner } from "../trust/trust.js";
import { checkCms } from "../trust/cms.js";
import { agedSize } from "./age.js";
import { fillFile, isFile } from "./store.js";

export class Bench {
  // progress: called with the bytes that were worked on.
  constructor(progress) {
    this.url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
    this.progress = progress;
    this.hasher = this.worker();
    this.cipher = this.worker();
    this.summer = this.worker();
  }

  worker() {
    const worker = new Worker(this.url);
    let last = Promise.resolve();
    // One job after another: the worker itself keeps no queue.
    const run = (task, transfer = []) => {
      const job = last.then(() => this.ask(worker, task, transfer));
      last = job.catch(() => {});
      return job;
    };
    return { run, end: () => worker.terminate() };
  }

  ask(worker, task, transfer) {
    return new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => {
        if ("progress" in data) this.progress(data.progress);
        else if ("fault" in data) reject(Object.assign(new Error(data.fault.message), { name: data.fault.name }));
        else resolve(data.done);
      };
      worker.onerror = ({ message }) => reject(new Error(message));
      worker.postMessage(task, transfer);
    });
  }

  // A job by a worker of its own, which ends with it.
  once(task) {
    const { run, end } = this.worker();
    return run(task).finally(end);
  }

  hash = (file) => this.hasher.run({ job: "hash", file });

  // The ciphertext of an envelope: {start, size, crc, sha256}, where it stands in the store.
  async seal(task) {
    const { port1, port2 } = new MessageChannel();
    const sums = this.summer.run({ job: "sum", port: port2 }, [port2]);
    const { start, size } = await this.cipher.run({ job: "seal", ...task, port: port1 }, [port1]);
    return { start, size, ...(await sums) };
  }

  // The store with all that was sealed, as a Blob.
  sealed = () => this.cipher.run({ job: "finish" });

  // The same with rows of {at, bytes} beside it.
  filled = (rows) => this.cipher.run({ job: "fill", rows });

  close() {
    this.hasher.end();
    this.cipher.end();
    this.summer.end();
    URL.revokeObjectURL(this.url);
  }
}

// Everything but the signature. bid: {policy, bidder, contents: envelope → [{name, blob}], before:
// {version, sha256} of the last receipted version, or null, passphrase, signature: its size as far as it
// is known, else 0}; place: of the store. In a file that was chosen every ciphertext then stands where it
// will stand in the bid, so that it is written once. Gives {manifest (bytes), parts, recovery (bytes),
// policy, place, planned}.
export async function prepareBid(bench, bid, place) {
  const { policy, bidder, contents, before, passphrase } = bid;
  const envelopes = policy.envelopes;
  if (Object.keys(contents).sort().join() !== [...envelopes].sort().join()) {
    refuse("sealing.manifest.envelopes", { wanted: envelopes });
  }
  const context = {
    policy_sha256: policy.sha256,
    lot: policy.lot,
    bidder,
    version: before ? before.version + 1 : 1,
    nonce: hex(random(32)),
  };
  // At once, and by a worker that takes its 64 MiB away with it, while the others need little.
  const salt = newSalt(passphrase);
  const wrapping = bench.once({ job: "stretch", passphrase, salt });
  // The small ones first: while the large one is hashed, they are encrypted.
  const sizeOf = (name) => contents[name].reduce((sum, { blob }) => sum + blob.size, 0);
  const order = [...envelopes].sort((a, b) => sizeOf(a) - sizeOf(b));
  const keys = {};
  for (const name of envelopes) {
    const identity = random(32);
    keys[name] = { identity, shares: await splitKey(policy, identity) };
  }
  const manifestOf = (rows) => writeManifest({ ...context, replaces: before ? before.sha256 : "", envelopes: rows });
  const planned = isFile(place) && bid.signature > 0;
  const places = planned ? placesOf(policy, context, contents, keys, manifestOf, bid.signature) : {};
  const parts = {};
  await Promise.all(order.map(async (name) => {
    const at = places[name] ?? null;
    parts[name] = await part(bench, policy, context, name, contents[name], keys[name], { place, at });
  }));
  if (!planned) cutUp(await bench.sealed(), Object.values(parts));
  const manifest = manifestOf(envelopes.map((name) => parts[name].row));
  const identities = envelopes.map((name) => [name, parts[name].identity]);
  const recovery = await makeRecovery(digestOf(manifest), identities, await wrapping, salt);
  return { policy, manifest, recovery, place, planned, parts: envelopes.map((name) => parts[name]) };
}

// Where the ciphertexts will stand: all sizes are known before anything is hashed.
function placesOf(policy, context, contents, keys, manifestOf, signature) {
  const sizes = policy.envelopes.map((name) => {
    const files = contents[name].map(({ name: file, blob }) => ({ name: file, size: blob.size }));
    return { name, size: agedSize(planEnvelope(context, name, files, policy.padding_minimum).size) };
  });
  const rows = sizes.map(({ name, size }) => rowBefore(policy, name, keys[name].shares, size));
  return placesIn({ manifest: manifestOf(rows).length, signature }, sizes, policy.trustees.length);
}

function cutUp(whole, parts) {
  for (const { ciphertext } of parts) {
    ciphertext.blob = whole.slice(ciphertext.start, ciphertext.start + ciphertext.size);
  }
}

async function part(bench, policy, context, name, files, key, where) {
  const { identity } = key;
  const sorted = [...files].sort((a, b) => byName(a.name, b.name));
  const hashed = await Promise.all(sorted.map(async ({ name: file, blob }) => (
    { name: file, blob, ...(await bench.hash(blob)) })));
  const { head, entries, zeros, size } = planEnvelope(context, name, hashed, policy.padding_minimum);
  const rows = entries.map((row, i) => (i ? { ...row, content: hashed[i - 1].blob } : row));
  const ciphertext = await bench.seal({ identity, head, entries: rows, zeros, size, ...where });
  if (ciphertext.size !== agedSize(size)) throw new Error("size of the ciphertext");
  return { name, identity, ciphertext, ...(await deal(policy, context, name, key, ciphertext)) };
}

// The size that a bid of these contents will have, a little more than less; refused where the policy
// allows none of that size.
export function sizeFor(policy, bidder, contents) {
  const context = { policy_sha256: policy.sha256, lot: policy.lot, bidder, version: 10_000, nonce: "0".repeat(64) };
  const sizes = policy.envelopes.map((name) => {
    const files = contents[name].map(({ name: file, blob }) => ({ name: file, size: blob.size }));
    const { size } = planEnvelope(context, name, files, policy.padding_minimum);
    return { name, size: agedSize(size) };
  });
  const whole = sizeOfBid(sizes, policy.trustees.length);
  // What the estimate allows for the signature is not held against the bid here.
  if (whole - 16_384 > policy.maximum_size) {
    refuse("sealing.container.too_large", { limit: policy.maximum_size });
  }
  return whole;
}

// The bid's file, when its signature is the bidder's and it would be received as of `at`. bench: the one
// that sealed it; only a planned bid needs it still.
export async function finishBid(bench, { policy, manifest, parts, place, planned }, signature, trust, at) {
  const made = readManifest(manifest);
  refuseAll(manifestFaults(made, policy));
  const signed = await checkCms(signature, manifest);
  checkSigner(signed, made.bidder);
  try {
    await trust.trusted(signed, at);
  } catch (refused) {
    // No list at hand says nothing about the bidder: the receipt is provisional until one comes.
    const codes = refused.refusals?.map(({ code }) => code) ?? [];
    if (!codes.length || !codes.every((code) => /\.crl_(missing|stale)$/.test(code))) throw refused;
  }
  let pieces = piecesOfBid(manifest, signature, parts);
  if (sizeOf(pieces) > policy.maximum_size) refuse("sealing.container.too_large", { limit: policy.maximum_size });
  if (at > policy.deadline) refuse("sealing.bid.deadline", { at, deadline: policy.deadline });
  const rows = planned ? besideThem(pieces) : null;
  if (rows) return bench.filled(rows);
  if (planned) {
    cutUp(await bench.sealed(), parts);
    pieces = piecesOfBid(manifest, signature, parts);
  }
  return isFile(place) ? fillFile(place, pieces) : new Blob(pieces, { type: "application/octet-stream" });
}

const lengthOf = (piece) => (piece instanceof Uint8Array ? piece.length : piece.size);
const sizeOf = (pieces) => pieces.reduce((sum, piece) => sum + lengthOf(piece), 0);

// What is still to be written beside ciphertexts that stand in their places: {at, bytes}; null where
// they do not, since the signature came out longer or shorter than it was thought.
function besideThem(pieces) {
  const rows = [];
  let at = 0;
  for (const piece of pieces) {
    if (piece instanceof Uint8Array) rows.push({ at, bytes: piece });
    else if (piece.start !== at) return null;
    at += lengthOf(piece);
  }
  return rows;
}
