"""What a stranger downloads, and how it is verified without the platform."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any


def downloaded(page: Any, link: str, folder: Path) -> Path:
    """The file behind a link, as the browser saves it."""
    with page.expect_download() as download:
        page.click(link)
    path = folder / str(download.value.suggested_filename)
    download.value.save_as(path)
    return path


def verify(proof: Path, anchors: Path) -> int:
    """As a stranger does it: a process of its own, without the platform's settings."""
    return subprocess.run(
        [sys.executable, "-m", "kernel.evidence.verify", str(proof), "--trust", str(anchors)],
        cwd=Path(__file__).parents[2],
        env={},
        capture_output=True,
        check=False,
    ).returncode
