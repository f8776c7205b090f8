"""People of the demonstration sign documents with their own key files, as they would at home."""

from __future__ import annotations

import base64
from datetime import datetime
from pathlib import Path

from django.conf import settings

from kernel.access.actors import Actor
from kernel.documents import ceremony
from kernel.documents.models import Document, DocumentState
from kernel.parties.models import User
from kernel.sealing.keystore import KeySigner, open_p12

_open: dict[tuple[Path, str], KeySigner] = {}


def key_file(actor: Actor) -> Path:
    """Where the demonstration keeps this person's key; a real one stays in the person's token."""
    name = User.objects.values_list("username", flat=True).get(person_id=actor.person_id)
    return Path(settings.VAR_DIR) / "demo-keys" / f"{name}.p12"


def signer_of(actor: Actor, pin: str) -> KeySigner:
    """The person's key, opened with the PIN; opened once, for that is slow on purpose."""
    path = key_file(actor)
    if (path, pin) not in _open:
        _open[path, pin] = open_p12(path.read_bytes(), pin)
    return _open[path, pin]


def sign(document: Document, actor: Actor, pin: str, at: datetime) -> Document:
    """Sign a document that waits for this person; refuses what the ceremony refuses."""
    certificate = ceremony.certificates_of(actor.person_id, actor.organisation_id, at)[0]
    request = ceremony.begin_signing(
        document.pk, actor.person_id, actor.organisation_id, certificate.pk, at
    )
    value = signer_of(actor, pin).sign(base64.b64decode(request["signed_attributes"]))
    return ceremony.finish_signing(request["pending"], value, at, actor_person=actor.person_id)


def waiting(machine: str, case_pk: int, form: str = "") -> list[Document]:
    """Documents of a case that wait for signatures, oldest first."""
    found = Document.objects.filter(
        case_machine=machine, case_pk=str(case_pk), state=DocumentState.AWAITING_SIGNATURE
    )
    return list(found.filter(form=form) if form else found)
