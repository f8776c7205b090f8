"""The log's key file."""

from __future__ import annotations

import multiprocessing
import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from kernel.errors import Unavailable
from kernel.evidence import formats, keys


@pytest.fixture
def var(settings, tmp_path: Path, monkeypatch) -> Path:
    settings.VAR_DIR = tmp_path
    monkeypatch.delenv("ZHUXIN_LOG_KEY", raising=False)
    return tmp_path


def test_the_key_is_made_at_first_use_readable_by_its_owner_only(var: Path):
    assert keys.known() == {}
    signer = keys.signer()
    path = var / "keys" / "log.pem"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [file.name for file in path.parent.iterdir()] == ["log.pem"]
    assert keys.known() == {signer.key_id: signer.spki}
    assert keys.signer().key_id == signer.key_id == formats.key_id(signer.spki)


def test_a_key_is_never_made_over_another(tmp_path: Path):
    path = tmp_path / "log.pem"
    keys.create(path)
    before = path.read_bytes()
    keys.create(path)
    assert path.read_bytes() == before and len(list(tmp_path.iterdir())) == 1


def _create(path: str, start, answers) -> None:
    start.wait()
    keys.create(Path(path))
    answers.put(keys.load(Path(path)).key_id)


def test_processes_that_come_at_once_get_the_same_key(tmp_path: Path):
    context = multiprocessing.get_context("fork")
    start, answers = context.Barrier(6), context.Queue()
    path = tmp_path / "keys" / "log.pem"
    workers = [context.Process(target=_create, args=(str(path), start, answers)) for _ in range(6)]
    for worker in workers:
        worker.start()
    names = {answers.get(timeout=30) for _ in workers}
    for worker in workers:
        worker.join()
    assert names == {keys.load(path).key_id} and len(list(path.parent.iterdir())) == 1


def test_a_configured_key_is_used_and_never_made(var: Path, monkeypatch, settings):
    path = var / "elsewhere.pem"
    monkeypatch.setenv("ZHUXIN_LOG_KEY", str(path))
    with pytest.raises(Unavailable) as refused:
        keys.signer()
    assert refused.value.refusals[0].code == "evidence.key.unreadable" and not path.exists()
    keys.create(path)
    assert keys.signer().key_id == keys.load(path).key_id
    other = var / "setting.pem"
    keys.create(other)
    settings.ZHUXIN_LOG_KEY = str(other)
    assert keys.signer().key_id == keys.load(other).key_id


def _pem(key: ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not a key",
        _pem(ed25519.Ed25519PrivateKey.generate()),
        _pem(ec.generate_private_key(ec.SECP384R1())),
        ec.generate_private_key(ec.SECP256R1()).private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(b"secret"),
        ),
    ],
)
def test_only_an_open_p256_key_will_do(tmp_path: Path, content: bytes):
    path = tmp_path / "log.pem"
    path.write_bytes(content)
    with pytest.raises(Unavailable):
        keys.load(path)


def test_a_signature_holds_for_its_data_and_key_only(tmp_path: Path):
    keys.create(tmp_path / "a")
    keys.create(tmp_path / "b")
    one, two = keys.load(tmp_path / "a"), keys.load(tmp_path / "b")
    signature = one.sign(b"data")
    assert formats.signature_holds(one.spki, signature, b"data")
    assert not formats.signature_holds(one.spki, signature, b"other")
    assert not formats.signature_holds(two.spki, signature, b"data")
    assert not formats.signature_holds(one.spki, b"junk", b"data")
    assert not formats.signature_holds(b"junk", signature, b"data")
