"""Files are named by their content, written whole, healed, and verified on every read."""

from __future__ import annotations

import hashlib
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.storage import InMemoryStorage
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from kernel.documents import storage
from kernel.documents.models import StoredFile
from kernel.errors import Refused, Unavailable

pytestmark = pytest.mark.django_db


def put(content: bytes) -> StoredFile:
    return storage.put(content, media_type="text/plain")


def on_disk(files: Path, stored: StoredFile) -> Path:
    return files / storage.path_of(stored.sha256)


def test_a_content_is_named_by_its_hash_and_comes_back_whole(files: Path) -> None:
    stored = put(b"abc")
    assert stored.sha256 == hashlib.sha256(b"abc").hexdigest()
    assert stored.size == 3
    assert on_disk(files, stored).read_bytes() == storage.read(stored) == b"abc"


def test_the_same_content_is_one_row_and_one_file(files: Path) -> None:
    assert put(b"abc") == storage.put(BytesIO(b"abc"), media_type="other/type")
    assert StoredFile.objects.count() == 1
    assert sum(path.is_file() for path in files.rglob("*")) == 1


@hypothesis_settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(content=st.binary(max_size=3 * 1024))
def test_any_content_survives_a_round_trip(content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage, "CHUNK", 700)
    assert storage.read(put(content)) == content


def test_a_damaged_file_is_refused_before_its_first_byte(files: Path) -> None:
    stored = put(b"what was signed")
    path = on_disk(files, stored)
    path.chmod(0o600)
    path.write_bytes(b"What was signed")
    with pytest.raises(Unavailable) as refused:
        storage.open_verified(stored)
    assert refused.value.refusals[0].code == "documents.file.damaged"


def test_bringing_the_right_content_again_heals_a_damaged_file(files: Path) -> None:
    stored = put(b"what was signed")
    on_disk(files, stored).chmod(0o600)
    on_disk(files, stored).write_bytes(b"rot")
    put(b"what was signed")
    assert storage.read(stored) == b"what was signed"


def test_a_missing_file_is_refused(files: Path) -> None:
    stored = put(b"abc")
    on_disk(files, stored).unlink()
    with pytest.raises(Unavailable) as refused:
        storage.read(stored)
    assert refused.value.refusals[0].code == "documents.file.missing"


def test_a_content_beyond_the_limit_is_refused_and_leaves_nothing(files: Path) -> None:
    with pytest.raises(Refused) as refused:
        storage.put(BytesIO(b"x" * 11), media_type="text/plain", limit=10)
    assert refused.value.refusals[0].code == "documents.file.too_large"
    assert not StoredFile.objects.exists()
    assert not files.exists()


def test_a_content_with_another_hash_than_announced_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        storage.put(b"abc", media_type="text/plain", expected_sha256="00" * 32)
    assert refused.value.refusals[0].code == "documents.file.hash_mismatch"
    assert not StoredFile.objects.exists()


def test_a_write_that_fails_leaves_no_half_file(
    files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def power_cut(descriptor: int) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr("os.fsync", power_cut)
    with pytest.raises(OSError, match="no space"):
        put(b"abc")
    assert not any(path.is_file() for path in files.rglob("*"))
    assert not StoredFile.objects.exists()


def test_an_object_store_is_used_through_its_own_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    store = InMemoryStorage()
    monkeypatch.setattr(storage, "_storage", lambda: store)
    stored = put(b"abc")
    put(b"abc")
    assert storage.read(stored) == b"abc"
    store.delete(storage.path_of(stored.sha256))
    with pytest.raises(Unavailable):
        storage.read(stored)
