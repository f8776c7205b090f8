"""Every refusal of the room has words, no words are left over, and no Django is pulled in."""

import re
import subprocess
import sys
from pathlib import Path

import kernel.sealing.bids.policy
from kernel.sealing.bids.messages import WORDINGS

ROOM = Path(kernel.sealing.bids.policy.__file__).parent
ROOT = ROOM.parents[2]
FULL = re.compile(r'"(sealing\.[a-z0-9_]+\.[a-z0-9_]+)"')
SHORT = re.compile(r'_(?:fault|refused)\(\s*"([a-z_]+)"')
PREFIX = re.compile(r'f"(sealing\.[a-z_]+)\.\{what\}"')
# Raised by what this room calls, and named here only to be told apart.
GROUND = {
    f"sealing.certificate.{what}" for what in ("crl_missing", "crl_stale", "expired", "revoked")
}


def raised():
    for path in ROOM.glob("*.py"):
        if path.name != "messages.py":
            text = path.read_text("utf-8")
            yield from FULL.findall(text)
            for prefix in PREFIX.findall(text):
                yield from (f"{prefix}.{what}" for what in SHORT.findall(text))


def test_codes_and_words_are_the_same_set():
    found = set(raised()) - GROUND
    # _layout names the one code it has.
    assert found == set(WORDINGS)


def test_no_module_of_the_room_pulls_django_in():
    names = sorted(f"kernel.sealing.bids.{p.stem}" for p in ROOM.glob("*.py"))
    names = [name for name in names if not name.endswith("__init__")]
    code = (
        f"import sys\nfor name in {names!r}: __import__(name)\n"
        "assert not [m for m in sys.modules if m.split('.')[0] == 'django']"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
