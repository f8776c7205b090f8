"""What a process loads before it has anything to do."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Each costs between a tenth of a second and more than one, and most requests need none of them.
LATE = (
    "pyhanko", "weasyprint", "aiohttp", "stdnum", "numpy", "pandas", "lxml", "xlsxwriter",
    "fontTools", "segno",
)  # fmt: skip
PROGRAM = f"""
import sys
import django
django.setup()
import config.urls
print(*[name for name in {LATE!r} if name in sys.modules])
"""


def test_what_is_slow_to_import_is_imported_late() -> None:
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings"}
    found = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env=environment,
    )
    assert found.stdout.split() == []


def test_what_pyhanko_finds_odd_in_a_file_fills_no_log() -> None:
    assert not logging.getLogger("pyhanko.pdf_utils").isEnabledFor(logging.WARNING)
