// The recovery file: identities under a passphrase, as kernel/sealing/bids/recovery.py writes it.

import { Encrypter } from "age-encryption";
import { bech32 } from "@scure/base";

import { refuse } from "../lib/refused.js";

const LOG_ROUNDS = 16;

export const identityText = (identity) =>
  bech32.encodeFromBytes("age-secret-key-", identity).toUpperCase();

// identities: [envelope, 32 bytes] in the policy's order.
export async function makeRecovery(manifestSha256, identities, passphrase) {
  if (!passphrase) refuse("sealing.recovery.no_passphrase");
  const lines = identities.map(([name, identity]) => `# envelope ${name}\n${identityText(identity)}\n`);
  const encrypter = new Encrypter();
  encrypter.setPassphrase(passphrase);
  encrypter.setScryptWorkFactor(LOG_ROUNDS);
  return encrypter.encrypt(`# zhuxin-recovery/1 ${manifestSha256}\n${lines.join("")}`);
}
