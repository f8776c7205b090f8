// What a trustee keeps for one lot, as one file: the opening key under a passphrase, what it signed,
// how far it is. The command line reads and writes the same file (procurement/bidder/keep.py).

import { utf8 } from "../lib/bytes.js";
import { isObject, read, text, write, wrong } from "../lib/fields.js";
import { loadPrivate, newKey } from "../lib/hpke.js";
import { lockKey, unlockKey } from "../lib/pkcs8.js";
import { refuse } from "../lib/refused.js";
import { readPolicy } from "../bids/policy.js";

const FORMAT = "zhuxin-trustee-keep/1";
const MAX_KEEP = 16 * 1024 * 1024;

const plain = (most) => (value, path) =>
  typeof value === "string" && value.length <= most ? value : wrong(path, "text");
const SHAPES = {
  lot: text(80),
  key: plain(16 * 1024),
  policies: (value, path) =>
    Array.isArray(value) ? value.map((each) => plain(4 * 1024 * 1024)(each, path)) : wrong(path, "list"),
  state: (value, path) => {
    if (!isObject(value)) wrong(path, "object");
    for (const each of Object.values(value)) plain(1000)(each, path);
    return { ...value };
  },
};

export class Keep {
  static empty(lot) {
    return new Keep({ lot, key: "", policies: [], state: {} });
  }

  static read(bytes, lot) {
    const values = read(bytes, FORMAT, SHAPES, MAX_KEEP);
    if (values.lot !== lot) refuse("bidder.keep.other", { found: values.lot, wanted: lot });
    return new Keep(values);
  }

  constructor({ lot, key, policies, state }) {
    Object.assign(this, { lot, pem: key, state });
    // The policies signed, oldest first.
    this.policies = policies
      .map((each) => ({ ...readPolicy(utf8(each)), text: each }))
      .sort((a, b) => a.version - b.version);
  }

  encode() {
    const { lot, pem: key, state } = this;
    return write(FORMAT, { lot, key, policies: this.policies.map((policy) => policy.text), state });
  }

  async makeKey(passphrase) {
    if (this.pem || this.state.destroyed) refuse("bidder.keep.key_exists", { lot: this.lot });
    const key = await newKey();
    this.pem = await lockKey(key.pkcs8, passphrase);
    return key;
  }

  async key(passphrase) {
    if (!this.pem) refuse("bidder.keep.no_key", { lot: this.lot });
    return loadPrivate(await unlockKey(this.pem, passphrase));
  }

  destroyKey() {
    this.pem = "";
    this.state.destroyed = "yes";
  }

  newest() {
    return this.policies.at(-1) ?? refuse("bidder.keep.no_policy", { lot: this.lot });
  }

  addPolicy(policy, said) {
    const others = this.policies.filter(({ version }) => version !== policy.version);
    this.policies = [...others, { ...policy, text: said }].sort((a, b) => a.version - b.version);
  }
}
