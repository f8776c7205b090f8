"""The play's own server lives as long as the play."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parents[3]


def _waits(for_it, seconds):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if (found := for_it()) is not None:
            return found
        time.sleep(0.1)
    raise AssertionError("it did not come")


def test_whoever_ends_a_play_ends_its_server(tmp_path):
    outside = {k: v for k, v in os.environ.items() if not k.startswith(("DJANGO_", "ZHUXIN_"))}
    play = subprocess.Popen(
        [sys.executable, "manage.py", "demo", "--json", "--folder", str(tmp_path / "play")],
        cwd=ROOT, env=outside, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    lock = tmp_path / "play" / "web.lock"
    try:
        told = _waits(lambda: _said(lock), 240)
        url = told.rpartition(" ")[2].strip()
        _waits(lambda: _answers(url), 240)
    finally:
        play.terminate()
    assert play.wait(60) == 143
    _waits(lambda: None if _answers(url) else True, 30)


def _said(lock: Path) -> str | None:
    text = lock.read_text() if lock.exists() else ""
    return text if "http" in text else None


def _answers(url: str) -> bool | None:
    try:
        with urlopen(f"{url}/healthz", timeout=2):
            return True
    except (URLError, OSError):
        return None
