// Task and answer files of a trustee; kernel/sealing/bids/tasks.py has the same shapes.

import { boolean, instant, listing, octets, read, record, text, uscc, write } from "../lib/fields.js";
import { CLOSING, MAX_TEXT, orNone, said, signatures } from "../bids/closed.js";

const TASK_FORMAT = "zhuxin-trustee-task/1";
const ANSWER_FORMAT = "zhuxin-trustee-answer/1";
const MAX_TASK = 64 * 1024 * 1024;
const TASK = {
  lot: text(80),
  party: uscc,
  share: boolean,
  time: instant,
  demonstration: boolean,
  chain: said(0),
  crls: listing(octets(1, MAX_TEXT), 0, 64),
  anchors: said(0),
  challenge: orNone(said()),
  stage: text(80, 0),
  draft: orNone(record({ policy: said(), signatures })),
  closing: orNone(CLOSING),
};

export const readTask = (bytes) => read(bytes, TASK_FORMAT, TASK, MAX_TASK);

export const writeAnswer = (lot, party, statements) => write(ANSWER_FORMAT, { lot, party, statements });
