"""Entering the keys of witnesses: by the operator, each in the log."""

from __future__ import annotations

from datetime import datetime

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.db import transaction

from kernel.errors import Conflict, Refused
from kernel.evidence import formats, services
from kernel.evidence.models import Witness

REGISTERED = "evidence.witness_registered"


def register(*, name: str, uscc: str, spki: bytes, at: datetime) -> Witness:
    """Enter a witness's key (SubjectPublicKeyInfo, DER), and log it.

    Refused ``evidence.witness.key`` (no P-256 key); Conflict ``evidence.witness.twice``.
    """
    try:
        key = serialization.load_der_public_key(spki)
    except ValueError:
        key = None
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise Refused.because("evidence.witness.key")
    key_id = formats.key_id(spki)
    with transaction.atomic():
        if Witness.objects.filter(key_id=key_id).exists():
            raise Conflict.because("evidence.witness.twice", key=key_id)
        body = {"name": name, "uscc": uscc, "witness": key_id, "key": formats.b64(spki)}
        entry = services.append(kind=REGISTERED, case="", at=at, body=body)
        return Witness.objects.create(
            name=name, uscc=uscc, key_id=key_id, spki=spki, registered_at=at, log_index=entry.index
        )


def registered() -> list[Witness]:
    """Every key that was entered."""
    return list(Witness.objects.all())
