"""Sources of the programs, bundled as the build does, and asked by Node."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from typing import Any

import pytest

from tests.procurement.bidder.web.driving import PROGRAMS

WEB = PROGRAMS.parent / "web"
needed = pytest.mark.skipif(
    not shutil.which("node") or not (WEB / "node_modules").is_dir(),
    reason="no Node or no packages: npm ci in procurement/bidder/web",
)
_BUNDLE = """
import { build } from "esbuild";
import { readFileSync } from "node:fs";
import { roundsOfSha256 } from "./src/lib/rounds.js";
// Node 18 lacks what browsers and Node 20 have.
globalThis.crypto ??= (await import("node:crypto")).webcrypto;
String.prototype.isWellFormed ??= function () {
  return !/\\p{Surrogate}/u.test(this);
};
const { files, script, input } = JSON.parse(readFileSync(0, "utf8"));
const rounds = { contents: roundsOfSha256(), loader: "js" };
const plugin = { name: "rounds", setup(building) {
  const filter = /^rounds-of-sha256$/;
  building.onResolve({ filter }, ({ path }) => ({ path, namespace: "made" }));
  building.onLoad({ filter: /.*/, namespace: "made" }, () => rounds);
} };
const contents = files.map((file) => `export * from "./src/${file}";`).join("");
const { outputFiles } = await build({
  stdin: { contents, resolveDir: "." },
  bundle: true, write: false, format: "esm", plugins: [plugin],
});
const text = Buffer.from(outputFiles[0].text).toString("base64");
const all = await import(`data:text/javascript;base64,${text}`);
const found = [];
// What a call gives, or the codes that it is refused with.
const told = async (call) => {
  try {
    found.push(await call());
  } catch (fault) {
    if (!fault.refusals) throw fault;
    found.push(fault.refusals.map(({ code }) => code).join());
  }
};
const { constructor: AsyncFunction } = Object.getPrototypeOf(async () => {});
const run = new AsyncFunction("input", "told", ...Object.keys(all), script);
await run(input, told, ...Object.values(all));
console.log(JSON.stringify(found));
"""


def asked(files: tuple[str, ...], script: str, value: Any) -> Any:
    """All that a script over ``input`` told with ``told``; it sees what these sources export."""
    done = subprocess.run(
        ["node", "--input-type=module", "-e", _BUNDLE], cwd=WEB, check=False, text=True,
        input=json.dumps({"files": files, "script": script, "input": value}), capture_output=True,
    )  # fmt: skip
    # The bundle itself stands in every line of a trace.
    assert done.returncode == 0, re.sub(r"data:[\w/;,+=]+", "bundle", done.stderr)[-2000:]
    return json.loads(done.stdout)
