"""The recovery file opens under its passphrase, with ours and with Debian's age."""

import contextlib
import os
import pty
import shutil

import pytest

from kernel.sealing import age
from kernel.sealing.bids import recovery
from kernel.sealing.bids.recovery import make_recovery, open_recovery
from tests.kernel.sealing.bids.support import codes

IDENTITIES = {"price": age.new_identity(), "opening_sheet": age.new_identity()}


@pytest.fixture(scope="module")
def made():
    return make_recovery("ab" * 32, IDENTITIES, "口令 1")


def test_it_opens_under_its_passphrase_only(made):
    assert open_recovery(made, "口令 1") == ("ab" * 32, IDENTITIES)
    assert codes(open_recovery, made, "口令 2") == ["sealing.recovery.cannot_open"]
    assert codes(open_recovery, made[:-1], "口令 1") == ["sealing.recovery.cannot_open"]
    assert codes(make_recovery, "ab" * 32, IDENTITIES, "") == ["sealing.recovery.no_passphrase"]
    assert b"AGE-SECRET" not in made


def test_an_age_file_of_something_else_is_no_recovery():
    other = recovery._encrypt(b"something else", "x")
    assert codes(open_recovery, other, "x") == ["sealing.recovery.cannot_open"]
    assert codes(open_recovery, b"x", "x") == ["sealing.recovery.cannot_open"]


@pytest.mark.skipif(shutil.which("age") is None, reason="no age here")
def test_debians_age_reads_it_and_asks_for_a_passphrase(made, tmp_path):
    """age asks at a terminal only; a pseudo-terminal is one."""
    (tmp_path / "file").write_bytes(made)
    pid, terminal = pty.fork()
    if not pid:
        os.chdir(tmp_path)
        os.execvp("age", ["age", "-d", "-o", "out", "file"])
    os.read(terminal, 100)
    os.write(terminal, "口令 1\n".encode())
    with contextlib.suppress(OSError):
        while os.read(terminal, 1000):
            pass
    assert os.waitpid(pid, 0)[1] == 0
    assert age.identity_text(IDENTITIES["price"]) in (tmp_path / "out").read_text("ascii")
