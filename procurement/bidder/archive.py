"""``archive``: what the platform knows of the bidder, into the qualification envelope's folder."""

from __future__ import annotations

import argparse
from typing import Any

from kernel.errors import Refused
from procurement.bidder.answers import rows, text
from procurement.bidder.submit import client

# Answer's part -> name of the file.
_FILES = {"archive_json": "archive.json", "archive_html": "archive.html"}


def fetch(options: argparse.Namespace) -> dict[str, Any]:
    """Write both files; ``bidder.archive.exists`` where one is there and may not be replaced."""
    folder = options.output
    there = [name for name in _FILES.values() if (folder / name).exists()]
    if there and not options.replace:
        raise Refused.because("bidder.archive.exists", name=", ".join(there))
    answer = client(options).get("/archive")
    contents = {name: text(answer, part) for part, name in _FILES.items()}
    missing = rows(answer, "missing")
    judge = rows(answer, "left_to_judge") if "left_to_judge" in answer else []
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    return {
        "files": [str(folder / name) for name in contents],
        "missing": [str(each.get("message", "")) for each in missing if isinstance(each, dict)],
        "left_to_judge": [
            f"{each.get('message', '')} ({each.get('article', '')})"
            for each in judge
            if isinstance(each, dict)
        ],
    }
