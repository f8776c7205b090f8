"""Which files a case names: to know a hash, or to write one down, is no right to a file."""

from __future__ import annotations

from typing import Any

from kernel.documents import scans
from kernel.workflow.columns import columns
from kernel.workflow.models import Act, Case


def names(case: Case, sha256: str) -> bool:
    """Whether a case names a file (SHA-256, hex) that one of its own organisations brought.

    Only what is kept as a hash counts, whole: words that hold one somewhere are anybody's to
    write. And whoever brought the file must have acted on this very case.
    """
    if len(sha256) != 64 or not _named(columns(case), sha256):
        return False
    acts = Act.objects.filter(machine=case.machine.code, case_pk=case.pk)
    acted = acts.exclude(organisation=None).values_list("organisation_id", flat=True)
    return scans.was_uploaded(sha256, by=acted)


def _named(value: Any, sha256: str, key: str = "") -> bool:
    """Whether a value below a key that is one of a hash is just this hash."""
    if isinstance(value, dict):
        return any(_named(each, sha256, str(name)) for name, each in value.items())
    if isinstance(value, list):
        return any(_named(each, sha256, key) for each in value)
    return bool(value == sha256) and (key == "sha256" or key.endswith("_sha256"))
