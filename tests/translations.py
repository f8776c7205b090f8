"""``python -m tests.translations``: is every word that a page says there in English?

Takes the msgids out of a copy of the tree with GNU gettext and compares them with the catalogue.
``--update`` writes the catalogue anew: new msgids empty, unused ones dropped, the .mo compiled.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests import catalogue

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("config", "kernel", "procurement", "credit", "equipment", "labour", "reports")
# English texts that need Chinese characters: the form of a number, taken from the certificate.
NAMES = frozenset({"按证书填写，形如 (黑)JZ安许证字[2024]000123"})
_EXTRACT = """
from django.conf import settings
settings.configure(LOCALE_PATHS=["locale"], USE_I18N=True)
import django
django.setup()
from django.core.management import call_command
call_command(
    "makemessages", locale=["en"], extensions=["py", "html", "txt", "css"], add_location="file",
    no_wrap=True, verbosity=0,
)
"""


def has_han(text: str) -> bool:
    """Whether a text has Chinese characters or full-width punctuation."""
    return any("\u2e80" <= c <= "\u9fff" or "\uff00" <= c <= "\uffef" for c in text)


def extract() -> dict[catalogue.Key, catalogue.Entry]:
    """Every message of code and templates, by GNU gettext, from a copy of the packages."""
    with tempfile.TemporaryDirectory(prefix="zhuxin-words-") as name:
        copy = Path(name)
        for package in PACKAGES:
            if (ROOT / package).is_dir():
                skipped = shutil.ignore_patterns("static", "locale", "__pycache__", "node_modules")
                shutil.copytree(ROOT / package, copy / package, ignore=skipped)
        (copy / "locale").mkdir()
        clean = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
        subprocess.run([sys.executable, "-c", _EXTRACT], cwd=copy, env=clean, check=True)
        return catalogue.read((copy / "locale/en/LC_MESSAGES/django.po").read_text("utf-8"))


def faults(
    wanted: dict[catalogue.Key, catalogue.Entry], po: str, mo: bytes, names: frozenset[str] = NAMES
) -> Iterator[str]:
    """What a catalogue lacks: one line for each fault, naming the msgid."""
    held = catalogue.read(po)
    for key, entry in wanted.items():
        kept = held.get(key)
        where = " ".join(line[3:] for line in entry.comments if line.startswith("#: "))
        if kept is None or not kept.complete or kept.plural != entry.plural:
            yield f"no English: {entry.msgid!r} ({where})"
    for key, entry in held.items():
        if entry.fuzzy:
            yield f"fuzzy: {entry.msgid!r}"
        if key not in wanted:
            yield f"obsolete: {entry.msgid!r}"
        if entry.msgid not in names and any(has_han(text) for text in entry.texts):
            yield f"Chinese in the English: {entry.msgid!r}"
    yield from (f"obsolete: {msgid!r}" for msgid in catalogue.obsolete(po))
    compiled = catalogue.read_mo(mo)
    for identity, text in catalogue.mo_messages(held).items():
        if compiled.get(identity) != text:
            yield f"the .mo is older than the .po: {identity!r}"


def update() -> None:
    """Write the .po and .mo anew, keeping what is translated."""
    path = ROOT / catalogue.ENGLISH
    entries = catalogue.merged(extract(), catalogue.read(path.read_text("utf-8")))
    path.write_text(catalogue.write_po(entries), "utf-8")
    path.with_suffix(".mo").write_bytes(catalogue.write_mo(entries))


def main() -> int:
    """Print every fault; the exit code says whether there was one."""
    if not all(map(shutil.which, ("xgettext", "msgmerge"))):
        print("translations: skipped: gettext is not installed (apt-get install -y gettext)")
        return 0
    if "--update" in sys.argv[1:]:
        update()
    path = ROOT / catalogue.ENGLISH
    found = list(faults(extract(), path.read_text("utf-8"), path.with_suffix(".mo").read_bytes()))
    for line in found:
        print(f"translations: {line}")
    if found:
        print(f"translations: {len(found)} faults. python -m tests.translations --update")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
