"""The lines of docs/checking-by-hand.md check a real dossier, with nothing of ours."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

from kernel import clock
from kernel.documents import demo_pki, demo_stamps
from kernel.evidence import keys
from kernel.sealing import demo_tsa, timestamps
from kernel.sealing.bids.policy_proof import proof_of
from kernel.sealing.certificates import pem
from procurement.bids import readings, stamps
from procurement.bids.models import BidVersion, PolicyStamp, PolicyVersion
from tests.procurement.bids.test_dossier import opened, packed, rows_of, write  # noqa: F401

pytestmark = pytest.mark.django_db
TOOLS = ("age", "openssl", "sha256sum", "unzip", "bash")
absent = [tool for tool in TOOLS if shutil.which(tool) is None]
PAGE = Path(settings.BASE_DIR) / "docs" / "checking-by-hand.md"


def run(folder: Path) -> subprocess.CompletedProcess[str]:
    blocks = re.findall(r"```sh\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    script = "set -e\nset -o pipefail\n" + "\n".join(blocks)
    return subprocess.run(
        ["bash", "-c", script], cwd=folder, capture_output=True, text=True, check=False
    )


def stamped():
    """The token that the worker would have brought when the policy came into force."""
    version = PolicyVersion.objects.get()
    said = proof_of(readings.bundle_of(version)).encode()
    asked = timestamps.request(hashlib.sha256(said).digest())
    signer = demo_stamps._signer(demo_stamps._file())
    PolicyStamp.objects.create(
        version=version, text=said.decode(), authority=demo_tsa.NAME,
        token=demo_tsa.token(asked, signer, version.in_force_at), gen_time=version.in_force_at,
    )  # fmt: skip


@pytest.mark.skipif(bool(absent), reason=f"not here: {', '.join(absent)}")
def test_the_page_checks_a_dossier_and_finds_what_was_changed(opened, tmp_path):  # noqa: F811
    stamped()
    BidVersion.objects.exclude(follow_up_at=None).update(follow_up_at=clock.technical_now())
    assert stamps.follow_up() == 5
    path = write(tmp_path)
    good, bad = tmp_path / "good", tmp_path / "bad"
    for folder in (good, bad):
        folder.mkdir()
        root = demo_pki.authority(clock.now()).root.certificate
        for name in ("roots.pem", "tsa-roots.pem"):
            (folder / name).write_bytes(pem([root]))
        subprocess.run(
            ["openssl", "pkey", "-pubin", "-inform", "DER", "-out", str(folder / "log.pem")],
            input=keys.signer().spki, check=True,
        )  # fmt: skip
    shutil.copy(path, good / "dossier.zip")
    done = run(good)
    assert done.returncode == 0, done.stdout + done.stderr
    told = done.stdout
    assert [told.count(word) for word in ("opened: ", "in the log: ", "drawn: discount")] == [
        3,
        5,
        1,
    ]
    assert told.count("committed: ") == 4
    assert told.count("stamped: d/policy/") == 1
    assert told.count("stamped: d/openings/opening/list.json") == 1
    assert told.count(" s after its receipt") == 5
    assert told.count("\non the list: ") == 3
    assert "Verified OK" in told
    assert told.count("signed: ") == 1 + 4 + 1 + 2 + 2 + 2 + 1 + 10 + 1
    assert told.count("withdrawn and not on the list: ") == 1
    assert "the record is of this list" in told
    assert '"price_fen":222200' in told
    files = rows_of(path)
    name = next(n for n in files if "/marks/" in n and n.endswith(".json"))
    marks = files[name].replace(b'"good":true', b'"good":false', 1)
    (bad / "dossier.zip").write_bytes(packed({**files, name: marks}))
    assert run(bad).returncode != 0


@pytest.mark.skipif(bool(absent), reason=f"not here: {', '.join(absent)}")
def test_the_page_finds_a_bid_that_was_dropped(
    opened,  # noqa: F811
    tmp_path,
):
    """Its own blocks, over a folder in which a live bid is not on the list."""
    lines = PAGE.read_text("utf-8")
    block = next(b for b in re.findall(r"```sh\n(.*?)```", lines, re.DOTALL) if "DROPPED" in b)
    helper = "sum() { sha256sum | cut -c 1-64; }\nset -e\nset -o pipefail\n"
    files = rows_of(write(tmp_path))
    listed = files["d/openings/opening/list.json".removeprefix("d/")]
    for name, data in files.items():
        path = tmp_path / "d" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)

    def ran():
        return subprocess.run(
            ["bash", "-c", helper + block], cwd=tmp_path, capture_output=True, text=True,
            check=False,
        )  # fmt: skip

    assert (ran().returncode, ran().stdout.count("on the list: ")) == (0, 3)
    first = re.search(rb'"manifest_sha256":"([0-9a-f]{64})"', listed)
    assert first
    (tmp_path / "d/openings/opening/list.json").write_bytes(
        listed.replace(first.group(1), b"0" * 64)
    )
    done = ran()
    assert (done.returncode, done.stdout.count("DROPPED: ")) == (1, 1)
