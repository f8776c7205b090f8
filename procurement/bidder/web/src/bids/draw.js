// The draw of random factors out of committed nonces, drawn again; kernel/sealing/bids/draw.py.

import { equal, fromHex, hex } from "../lib/bytes.js";
import { digest as canonicalDigest } from "../lib/canonical.js";
import { digest, digestOrNone, integer, listing, read, record, text, uscc, write } from "../lib/fields.js";
import { refuse } from "../lib/refused.js";
import { partiesOf } from "./policy.js";
import { commitmentTo } from "./trustees.js";

const FORMAT = "zhuxin-draw/1";
const FALLBACK = "zhuxin-draw-fallback/1";
const SHAPES = {
  lot: text(80),
  list_sha256: digest,
  nonces: listing(record({ uscc, nonce: digestOrNone }), 1, 32),
  factors: listing(record({ name: text(80), index: integer(0, 999), choice: text(80) }), 0, 16),
};

// The draw in canonical bytes, drawn again from its nonces; `withheld`: who did not reveal.
export function readDraw(bytes, policy, listSha256) {
  const values = read(bytes, FORMAT, SHAPES);
  const given = new Map(values.nonces.filter(({ nonce }) => nonce).map((row) => [row.uscc, row.nonce]));
  const parties = partiesOf(policy);
  for (const [party, nonce] of given) {
    if (commitmentTo(policy.lot, party, fromHex(nonce)) !== parties[party]) refuse("sealing.draw.nonce", { party });
  }
  const nonces = Object.keys(parties).map((party) => ({ uscc: party, nonce: given.get(party) ?? "" }));
  const used = nonces.map(({ uscc: party, nonce }) => [party, nonce || fallback(listSha256, party)]);
  const factors = policy.draws.map((factor) => choose(factor, listSha256, used));
  const again = write(FORMAT, { lot: policy.lot, list_sha256: listSha256, nonces, factors });
  if (!equal(again, bytes)) refuse("sealing.draw.other");
  return { ...values, withheld: nonces.filter(({ nonce }) => !nonce).map((row) => row.uscc) };
}

function choose({ name, choices }, listSha256, used) {
  const seed = canonicalDigest([FORMAT, listSha256, name, choices, used]);
  const index = Number(BigInt(`0x${hex(seed)}`) % BigInt(choices.length));
  return { name, index, choice: choices[index] };
}

const fallback = (listSha256, party) => hex(canonicalDigest([FALLBACK, listSha256, party]));
