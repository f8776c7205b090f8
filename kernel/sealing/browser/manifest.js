// Writes the licences of everything bundled into sign.js, and the manifest of hashes beside it.

import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const out = process.argv[2];
const lock = JSON.parse(readFileSync("package-lock.json", "utf8"));
const tools = /^(@esbuild\/|esbuild$)/; // they make the bundle, they are not in it

const packages = Object.entries(lock.packages)
  .filter(([path]) => path)
  .map(([path, { version }]) => ({ path, name: path.replace(/^.*node_modules\//, ""), version }))
  .filter(({ name }) => !tools.test(name))
  .sort((a, b) => (a.name < b.name ? -1 : 1))
  .map((entry) => {
    const { license } = JSON.parse(readFileSync(join(entry.path, "package.json"), "utf8"));
    const file = ["LICENSE", "LICENSE.md", "LICENSE.txt"].find((f) => existsSync(join(entry.path, f)));
    if (!license || !file) throw new Error(`${entry.name} comes without a licence`);
    return { ...entry, licence: license, text: readFileSync(join(entry.path, file), "utf8") };
  });

const texts = packages.map(
  ({ name, version, licence, text }) => `${name} ${version} (${licence})\n\n${text.trim()}\n`,
);
writeFileSync(join(out, "LICENSES.txt"), texts.join(`\n${"-".repeat(72)}\n\n`));

const digest = (file) => createHash("sha256").update(readFileSync(join(out, file))).digest("hex");
const rows = [
  { file: "sign.js", name: lock.name, version: lock.version, licence: "see LICENSES.txt" },
  { file: "LICENSES.txt", name: lock.name, version: lock.version, licence: "see the file" },
].map((row) => ({ ...row, sha256: digest(row.file) }));
const bundled = packages.map(({ name, version, licence }) => ({ name, version, licence, file: "sign.js" }));
const table = (kind) => (row) =>
  [`[[${kind}]]`, ...Object.entries(row).map(([k, v]) => `${k} = ${JSON.stringify(v)}`), ""].join("\n");

writeFileSync(
  join(out, "manifest.toml"),
  [
    "# Written by kernel/sealing/browser/build.sh: what is here and what sign.js is made of.",
    "",
    ...rows.map(table("file")),
    ...bundled.map(table("bundled")),
  ].join("\n"),
);
