"""The second keeper: a copy of every live bid in another storage, compared hash for hash.

The storage is Django's alias ``second-keeper``; its names say nothing but the file's own hash.
"""

from __future__ import annotations

import hashlib
import logging
from typing import IO, BinaryIO, cast

from django.core.files.storage import Storage, storages

from kernel.documents.storage import write_in
from procurement.bids import gathering, vault
from procurement.bids.models import BidVersion, Opening

ALIAS = "second-keeper"
_log = logging.getLogger(__name__)


def storage() -> Storage:
    """Where the copies are."""
    return storages[ALIAS]


def keep_listed(case: Opening) -> int:
    """Copy every bid of a closing list that has no copy yet; how many lack one afterwards.

    May be called again. A file that is not what was receipted is never copied: it would make two
    bad ones of one.
    """
    missing = 0
    for version in gathering.listed_versions(case).values():
        missing += not (version.keeper or keep(version))
    if missing:
        _log.error("%s: %d bids have no second copy", case.reference, missing)
    return missing


def keep(version: BidVersion) -> bool:
    """Copy one bid and read the copy back; whether it is there and the same."""
    name = f"sealed/{version.file_sha256[:2]}/{version.file_sha256}"
    try:
        with vault.open_file(version.vault) as file:
            if sha256_of(file) != version.file_sha256:
                _log.error("the vault's file %s is damaged", version.vault)
                return False
            file.seek(0)
            write_in(storage(), name, file, version.file_sha256)
        with storage().open(name, "rb") as copy:
            same = sha256_of(copy) == version.file_sha256
    except OSError as fault:
        _log.error("no second copy of %s: %s", version.vault, fault)
        return False
    if same:
        BidVersion.objects.filter(pk=version.pk).update(keeper=name)
        version.keeper = name
    return same


def open_file(name: str) -> BinaryIO:
    """The copy, for reading. OSError where there is none."""
    return cast(BinaryIO, storage().open(name, "rb"))


def delete(name: str) -> None:
    """Take a copy away for ever."""
    if name:
        storage().delete(name)


def sha256_of(file: IO[bytes]) -> str:
    """SHA-256 (hex) of the rest of a stream."""
    digest = hashlib.sha256()
    while piece := file.read(vault.CHUNK):
        digest.update(piece)
    return digest.hexdigest()
