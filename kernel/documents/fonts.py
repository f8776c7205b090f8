"""The fonts that documents are set in: by file path, never from the system; what they cover."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pylopdf_fonts_zh_cn
from django.conf import settings

SERIF = "Zhuxin Serif"
SANS = "Zhuxin Sans"
EXTRA = "Zhuxin Extra"


@dataclass(frozen=True)
class Face:
    """One font file under the family name that stylesheets use."""

    family: str
    path: Path

    @property
    def url(self) -> str:
        """The ``file:`` address of the font."""
        return self.path.resolve().as_uri()


def faces() -> tuple[Face, ...]:
    """Serif, sans, and whatever ``settings.DOCUMENT_FONTS`` (paths) adds for rare characters."""
    extra = tuple(
        Face(f"{EXTRA} {position}", Path(path))
        for position, path in enumerate(getattr(settings, "DOCUMENT_FONTS", ()), start=1)
    )
    return (
        Face(SERIF, pylopdf_fonts_zh_cn.serif_path()),
        Face(SANS, pylopdf_fonts_zh_cn.sans_path()),
        *extra,
    )


def stack(first: str) -> str:
    """A CSS ``font-family`` value: ``first``, then the fonts for rare characters."""
    names = (first, *(face.family for face in faces() if face.family.startswith(EXTRA)))
    return ", ".join(f'"{name}"' for name in names)


def uncovered(text: str) -> str:
    """The characters of a text that no font of ours can draw, sorted; empty when all can.

    A document with a box in a person's name must not be issued, so this is asked before.
    """
    common = _covered(faces()[0].path) & _covered(faces()[1].path)
    extra = frozenset[int]().union(*(_covered(face.path) for face in faces()[2:]))
    wanted = {character for character in text if not character.isspace()}
    return "".join(sorted(c for c in wanted if ord(c) not in common and ord(c) not in extra))


@cache
def _covered(path: Path) -> frozenset[int]:
    # A web worker that prints no document does without it.
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

    with TTFont(path, lazy=True) as font:
        return frozenset(font.getBestCmap())
