// The opening policy: read, and sound in itself; kernel/sealing/bids/policy.py.

import { digestOf, fromBase64 } from "../lib/bytes.js";
import { encode } from "../lib/canonical.js";
import {
  choice, digest, digestOrNone, instant, integer, listing, octets, read, record, text, uscc,
} from "../lib/fields.js";
import { SUITE_NAME, loadPublic } from "../lib/hpke.js";
import { refusal, refuse, refuseAll } from "../lib/refused.js";

export const FORMAT = "zhuxin-opening-policy/1";
export const SUITE = `age-v1+shamir-gf256+${SUITE_NAME}+cms-sha256`;
export const ENVELOPES = ["opening_sheet", "qualification", "technical", "price"];
export const MAX_BID = 2 ** 32 - 2 ** 24;
export const MAX_TRUSTEES = 16;
const ARTICLE = "平台开标规则：开启方案";

const PARTY = { uscc, name: text(), body: uscc, nonce_commitment: digestOrNone };
const NAME = text(80);
const NAMES = listing(choice(...ENVELOPES), 1, ENVELOPES.length);
const SHAPES = {
  version: integer(1, 10_000),
  supersedes: digestOrNone,
  lot: text(80),
  title: text(300),
  procuring_entity: record(PARTY),
  operator: record(PARTY),
  supervisor: record(PARTY),
  trustees: listing(record({ ...PARTY, key: octets(65, 65), key_sha256: digest }), 1, MAX_TRUSTEES),
  threshold: integer(1, MAX_TRUSTEES),
  deadline: instant,
  envelopes: NAMES,
  stages: listing(record({ name: NAME, envelopes: NAMES }), 1, 8),
  decrypt_window_minutes: integer(1, 10_080),
  draws: listing(record({ name: NAME, choices: listing(text(80), 1, 1000) }), 0, 16),
  padding_minimum: integer(1024, 2 ** 30),
  maximum_size: integer(4096, MAX_BID),
  authorities: listing(digest, 1, 32),
  timestamp_authorities: listing(NAME, 0, 16),
  programs: listing(record({ name: NAME, sha256: digest }), 0, 16),
  suite: choice(SUITE),
};

// The policy in canonical bytes; beside its fields `sha256`, and each trustee's `point`.
export function readPolicy(bytes) {
  const values = read(bytes, FORMAT, SHAPES);
  for (const trustee of values.trustees) {
    trustee.point = fromBase64(trustee.key);
    if (digestOf(trustee.point) !== trustee.key_sha256) {
      refuse("sealing.policy.key", { trustee: trustee.uscc });
    }
  }
  const policy = { ...values, sha256: digestOf(bytes) };
  refuseAll(faults(policy));
  return policy;
}

// Whether each key is a point of the curve; apart, for the browser answers that later.
export const checkKeys = (policy) => Promise.all(policy.trustees.map(({ point }) => loadPublic(point)));

// Whoever signs the policy and draws: USCC → nonce commitment, the entity first.
export function partiesOf({ procuring_entity: entity, trustees }) {
  return Object.fromEntries([entity, ...trustees].map((p) => [p.uscc, p.nonce_commitment]));
}

export function indexOf(policy, trustee) {
  const index = policy.trustees.findIndex(({ uscc: code }) => code === trustee);
  return index < 0 ? refuse("sealing.policy.no_trustee", { trustee }) : index;
}

const fault = (what, facts = {}) => refusal(`sealing.policy.${what}`, facts, ARTICLE);
const repeats = (values) => new Set(values).size < values.length;

function faults(policy) {
  const { threshold: k, trustees, operator, procuring_entity: entity, supervisor } = policy;
  const found = [];
  const bodies = new Map();
  for (const { body } of trustees) bodies.set(body, (bodies.get(body) ?? 0) + 1);
  const most = [...bodies].sort((a, b) => b[1] - a[1])[0];
  if (k < 2 || bodies.size <= k) found.push(fault("threshold", { n: bodies.size, k }));
  if (most[1] >= k) found.push(fault("one_body", { body: most[0], k }));
  const operators = (t) => operator.uscc === t.uscc || operator.uscc === t.body || operator.body === t.body;
  if (trustees.some(operators)) found.push(fault("operator", { operator: operator.uscc }));
  const both = new Set([operator.body, operator.uscc, entity.body, entity.uscc]);
  if ([...both].reduce((sum, body) => sum + (bodies.get(body) ?? 0), 0) >= k) {
    found.push(fault("operator_with_entity", { k }));
  }
  const supervises = new Set([supervisor.uscc, supervisor.body]);
  if (trustees.some((t) => supervises.has(t.uscc) || supervises.has(t.body))) {
    found.push(fault("supervisor", { supervisor: supervisor.uscc }));
  }
  if (repeats(trustees.map((t) => t.uscc)) || repeats(trustees.map((t) => t.key))) {
    found.push(fault("twice"));
  }
  found.push(...commitmentFaults(policy));
  const staged = policy.stages.flatMap((stage) => stage.envelopes);
  if (staged.join() !== policy.envelopes.join() || repeats(policy.envelopes)) found.push(fault("stages"));
  if (repeats(policy.draws.map((d) => d.name)) || policy.draws.some((d) => repeats(d.choices))) {
    found.push(fault("draws"));
  }
  if ((policy.version === 1) !== (policy.supersedes === "")) {
    found.push(fault("version", { version: policy.version }));
  }
  return found;
}

function commitmentFaults(policy) {
  const { procuring_entity: entity, trustees, draws } = policy;
  const found = draws.length
    ? [entity, ...trustees].filter((p) => !p.nonce_commitment).map((p) => fault("commitment", { party: p.uscc }))
    : [];
  if (trustees.some((t) => t.uscc === entity.uscc && t.nonce_commitment !== entity.nonce_commitment)) {
    found.push(fault("commitment", { party: entity.uscc }));
  }
  // A copied commitment would be revealed by whoever made it, and count twice.
  if (repeats(Object.values(partiesOf(policy)).filter(Boolean))) {
    found.push(fault("commitment", { party: "*" }));
  }
  return found;
}

// Refuse a newer version that changes more than version and deadline, or has an earlier one.
export function checkSuccessor(newer, older) {
  const rest = ({ version: _v, supersedes: _s, deadline: _d, sha256: _h, trustees, ...others }) =>
    encode({ ...others, trustees: trustees.map(({ point: _p, ...row }) => row) }).join();
  const reasons = [];
  const follows = newer.version === older.version + 1 && newer.supersedes === older.sha256;
  if (!follows || rest(newer) !== rest(older)) reasons.push(fault("successor", { version: newer.version }));
  if (newer.deadline < older.deadline) {
    reasons.push(fault("earlier_deadline", { deadline: newer.deadline, before: older.deadline }));
  }
  refuseAll(reasons);
}
