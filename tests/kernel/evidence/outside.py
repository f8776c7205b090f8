"""A deployment's authorities for tests: a file that names paths of the process outside."""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from kernel.documents import trust
from kernel.evidence import authorities, stamping

# Its certificate bears two names, so that one process stands for two authorities.
NAME, SECOND = "Zhuxin DEMONSTRATION Outside TSA", "筑信 DEMONSTRATION"
ROOT = Path(__file__).resolve().parents[3]


@dataclass
class Outside:
    """The process: where it answers, and where its root and its lists lie."""

    folder: Path
    port: int

    def url(self, path):
        return f"http://127.0.0.1:{self.port}/{path}"


@pytest.fixture(scope="session")
def outside(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tsa")
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.kernel.evidence.tsa_server", str(folder)],
        stdout=subprocess.PIPE, text=True, cwd=ROOT,
    )  # fmt: skip
    try:
        yield Outside(folder, int(process.stdout.readline()))
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def configured(outside, tmp_path, monkeypatch, settings):
    """Name authorities by the paths of the process; the sandbox's own is left out unless asked."""

    def configure(*paths, own=False, timeout=1, names=(NAME, SECOND), more=""):
        rows = [
            f'[[authority]]\nname = "{name}"\n'
            f'url = "{outside.url(path)}"\nroots = "{outside.folder / "roots.pem"}"\n'
            f"timeout = {timeout}\n{more}"
            for path, name in zip(paths, names, strict=False)
        ]
        file = tmp_path / "authorities.toml"
        file.write_text("\n".join(rows), "utf-8")
        monkeypatch.setenv("ZHUXIN_TIMESTAMP_AUTHORITIES", str(file))
        if not own:
            monkeypatch.setattr(authorities, "_own", lambda: None)
        before = trust._source

        def with_lists():
            found = before()
            lists = tuple(path.read_bytes() for path in outside.folder.glob("*.crl"))
            return trust.Trust(found.anchors, found.issuers, (*found.crls, *lists))

        monkeypatch.setattr(trust, "_source", with_lists)
        authorities._read.cache_clear()
        stamping.forget_failures()

    yield configure
    stamping.forget_failures()
