// Every word of both programs: Chinese, English. Refusals have theirs in refusals.json.

import { OPEN } from "../open/words.js";
import { SEAL } from "../seal/words.js";

export const WORDS = {
  empty: ["", ""],
  switch: ["English", "中文"],
  foot: [
    "本程序不连接网络：进出都是文件。以下是本文件的 SHA-256，请与开启方案和监督部门公布的核对。",
    "This program talks to no network: what goes in and out are files. Below is this file's SHA-256; compare it with the opening policy's and the supervisor's.",
  ],
  "bidder.program.fault": ["程序出错：%(fault)s", "The program failed: %(fault)s"],
  "bidder.program.choose": ["请先选择：%(what)s", "Choose this first: %(what)s"],
  "bidder.program.room": [
    "浏览器可用空间不足：需要 %(needed)s 字节，只有 %(room)s 字节。请改用命令行：python zhuxin.pyz bidder seal",
    "The browser has too little room: %(needed)s bytes are needed, %(room)s are there. Use the command line instead: python zhuxin.pyz bidder seal",
  ],
  "bidder.program.parties": [
    "请逐家核对并勾选招标人和全体开启人",
    "Check and tick the procuring entity and every trustee",
  ],
  "bidder.program.passphrase": ["两次输入的口令不一致", "The two passphrases differ"],
  "bidder.program.short": ["口令至少 8 个字符", "A passphrase has at least 8 characters"],
  envelope: ["信封", "Envelope"],
  opening_sheet: ["开标一览表", "Opening sheet"],
  qualification: ["资格文件", "Qualification"],
  technical: ["技术文件", "Technical"],
  price: ["报价文件", "Price"],
  lot: ["标段", "Lot"],
  project: ["名称", "Title"],
  deadline: ["投标截止", "Deadline"],
  version: ["版本", "Version"],
  hash: ["摘要 (SHA-256)", "SHA-256"],
  threshold: ["开启", "Opening"],
  "of": ["%(n)s 方保管，%(k)s 方到场", "%(n)s hold keys, %(k)s open"],
  entity: ["招标人", "Procuring entity"],
  trustee: ["开启人", "Trustee"],
  operator: ["平台运营单位", "Operator"],
  subject: ["证书主体", "Subject"],
  uscc: ["统一社会信用代码", "Credit code (USCC)"],
  issuer: ["签发机构", "Issuer"],
  validity: ["有效期", "Valid"],
  serial: ["序列号", "Serial number"],
  checks: ["核验", "Checks"],
  "checks.good": ["证书链、用途、有效期、吊销列表均通过", "Chain, purpose, validity and revocation lists hold"],
  title: SEAL.title,
  ...SEAL,
};
if (document.title.includes("开启人")) Object.assign(WORDS, OPEN);
