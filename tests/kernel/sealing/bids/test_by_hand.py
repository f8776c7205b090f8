"""The check by hand of docs/sealed-bids.md, with the tools that stand there and nothing of ours."""

import shutil
import subprocess

import pytest

from kernel.sealing import age
from kernel.sealing.certificates import pem
from tests.kernel.sealing.bids.support import BIDDERS, NOW

TOOLS = ("unzip", "openssl", "age", "sha256sum")
absent = [tool for tool in TOOLS if shutil.which(tool) is None]
SCRIPT = """set -e
unzip -q bid.zxb -d bid
openssl cms -verify -cades -binary -inform DER -in bid/manifest.p7s -content bid/manifest.json \
    -CAfile roots.pem -attime {at} -out /dev/null
sha256sum bid/manifest.json bid/*.age bid/*.shares/*
age -d -i identity.txt bid/price.age > price.zip && unzip -q price.zip -d price
"""


@pytest.mark.skipif(bool(absent), reason=f"not here: {', '.join(absent)}")
def test_a_bid_is_checked_and_opened_by_hand(stage, sealed, tmp_path):
    path, made = sealed
    shutil.copy(path, tmp_path / "bid.zxb")
    (tmp_path / "roots.pem").write_bytes(pem([stage.authority.root.certificate]))
    (tmp_path / "identity.txt").write_text(age.identity_text(made.identities["price"]) + "\n")
    script = SCRIPT.format(at=int(NOW.timestamp()) + 1)
    done = subprocess.run(
        ["bash", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    sums = dict(reversed(line.split()) for line in done.stdout.splitlines())
    assert sums["bid/manifest.json"] == made.manifest.sha256
    for envelope in made.manifest.envelopes:
        assert sums[f"bid/{envelope.name}.age"] == envelope.sha256
        for index, share in enumerate(envelope.shares):
            assert sums[f"bid/{envelope.name}.shares/{index}"] == share.sealed_sha256
    opened = tmp_path / "price" / "files" / "附件" / "说明.txt"
    assert opened.read_text("utf-8").startswith(f"price {BIDDERS[0]}")
