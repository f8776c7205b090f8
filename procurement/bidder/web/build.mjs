// Builds ../programs/seal.html and open.html: one file each, script and style inside, under a policy
// that forbids everything else; beside them the licences of what is bundled and a manifest of hashes.
// Needs Node 18 or newer and `npm ci` in this folder. The same sources give the same bytes.
//
//   node build.mjs [FOLDER]

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

import { roundsOfSha256 } from "./src/lib/rounds.js";

const here = dirname(fileURLToPath(import.meta.url));
const out = resolve(process.argv[2] ?? join(here, "../programs"));
const PROGRAMS = [
  { name: "seal", title: "筑信 · 封装投标文件" },
  { name: "open", title: "筑信 · 开启人" },
];

const made = (name, contents) => ({
  name,
  setup(building) {
    const filter = new RegExp(`^${name}$`);
    building.onResolve({ filter }, () => ({ path: name, namespace: name }));
    building.onLoad({ filter: /.*/, namespace: name }, () => contents);
  },
});
const rounds = made("rounds-of-sha256", { contents: roundsOfSha256(), loader: "js" });

const bundled = new Set();

async function bundle(entry, plugins = []) {
  const { outputFiles, metafile } = await build({
    absWorkingDir: here,
    entryPoints: [entry],
    bundle: true,
    write: false,
    metafile: true,
    minify: true,
    format: "iife",
    target: "es2022",
    charset: "utf8",
    legalComments: "none",
    logLevel: "warning",
    loader: { ".html": "text", ".css": "text" },
    plugins: [rounds, ...plugins],
  });
  for (const input of Object.keys(metafile.inputs)) {
    const found = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input);
    if (found) bundled.add(found[1]);
  }
  return outputFiles[0].text.trimEnd();
}

const digest = (text, form) => createHash("sha256").update(text).digest(form);
const source = (text) => `'sha256-${digest(text, "base64")}'`;

// Written the way a browser writes a document out again, so that a program can tell its own hash:
// no line break or blank but inside style and script, which stand as they are.
function page({ title }, style, script) {
  if (/<\/(script|style)/i.test(style + script) || /<!--/.test(script)) throw new Error("ends early");
  const policy = [
    "default-src 'none'", `script-src ${source(script)}`, `style-src ${source(style)}`,
    "img-src data:", "worker-src blob:", "connect-src 'none'", "form-action 'none'", "base-uri 'none'",
  ].join("; ");
  return [
    '<!DOCTYPE html><html lang="zh-Hans"><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="referrer" content="no-referrer">',
    `<title>${title}</title><style>${style}</style></head><body><script>${script}</script></body></html>`,
  ].join("");
}

mkdirSync(out, { recursive: true });
const worker = await bundle("src/seal/worker.js");
const text = made("worker-source", { contents: worker, loader: "text" });
const style = readFileSync(join(here, "src/ui/style.css"), "utf8").trim();
const rows = [];
for (const program of PROGRAMS) {
  const html = page(program, style, await bundle(`src/${program.name}/main.js`, [text]));
  const file = `${program.name}.html`;
  writeFileSync(join(out, file), html);
  rows.push({ file, sha256: digest(html, "hex"), size: Buffer.byteLength(html) });
}

const packages = [...bundled].sort().map((path) => {
  const folder = join(here, path);
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = ["LICENSE", "LICENSE.md", "LICENSE.txt"].find((each) => existsSync(join(folder, each)));
  if (!license || !file) throw new Error(`${path} comes without a licence`);
  return { name, version, licence: license, text: readFileSync(join(folder, file), "utf8") };
});
const licences = packages.map(
  ({ name, version, licence, text: words }) => `${name} ${version} (${licence})\n\n${words.trim()}\n`,
);
writeFileSync(join(out, "LICENSES.txt"), licences.join(`\n${"-".repeat(72)}\n\n`));
rows.push({ file: "LICENSES.txt", sha256: digest(readFileSync(join(out, "LICENSES.txt")), "hex") });

const lock = JSON.parse(readFileSync(join(here, "package-lock.json"), "utf8")).packages;
const integrity = ({ name, version }) =>
  Object.entries(lock).find(([path, row]) => path.endsWith(`node_modules/${name}`) && row.version === version)[1]
    .integrity;
const table = (kind) => (row) =>
  [`[[${kind}]]`, ...Object.entries(row).map(([key, value]) => `${key} = ${JSON.stringify(value)}`), ""].join("\n");
writeFileSync(join(out, "manifest.toml"), [
  "# Written by procurement/bidder/web/build.mjs: what is here, and what the programs are made of.",
  "",
  ...rows.map(table("file")),
  ...packages.map(({ text: _, ...row }) => table("bundled")({ ...row, integrity: integrity(row) })),
].join("\n"));
for (const { file, sha256, size } of rows) console.log(`${sha256}  ${file}${size ? ` (${size} bytes)` : ""}`);
