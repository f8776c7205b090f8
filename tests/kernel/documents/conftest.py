"""Sample forms, a storage of its own for each test, a small authority and its people."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.hashes import SHA256

from kernel.documents import forms, seal, trust
from kernel.parties.models import Certificate, Membership, Organisation, Person
from tests.kernel.documents import pki, sample

TEMPLATES = Path(__file__).parent / "templates"


@pytest.fixture(autouse=True)
def _sample_forms(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.TEMPLATES = [settings.TEMPLATES[0] | {"DIRS": [TEMPLATES]}]
    monkeypatch.setattr(forms, "_forms", {form.code: form for form in sample.FORMS})
    monkeypatch.setattr(forms, "_on_issued", type(forms._on_issued)(list))


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> Path:
    folder = tmp_path / "files"
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(folder), "base_url": None},
        },
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    return folder


@dataclass
class Office:
    """An authority with two people who hold certificates of one root."""

    organisation: Organisation
    root: pki.Authority
    people: dict[str, Person] = field(default_factory=dict)
    holders: dict[str, pki.Holder] = field(default_factory=dict)
    certificates: dict[str, Certificate] = field(default_factory=dict)

    def employ(self, name: str, *roles: str) -> Person:
        person = Person.objects.create(name=name)
        for role in roles:
            Membership.objects.create(
                person=person,
                organisation=self.organisation,
                role=role,
                valid_from=pki.NOW.date() - timedelta(days=100),
            )
        self.people[name] = person
        self.certify(name)
        return person

    def certify(self, name: str, **changes: Any) -> Certificate:
        holder = self.root.issue(name, organisation=self.organisation.name, **changes)
        self.holders[name] = holder
        self.certificates[name] = Certificate.objects.create(
            organisation=self.organisation,
            person=self.people[name],
            fingerprint=holder.cert.fingerprint(SHA256()).hex(),
            pem=holder.certificate.decode(),
            subject=holder.cert.subject.rfc4514_string(),
            serial=format(holder.cert.serial_number, "x"),
            valid_from=holder.cert.not_valid_before_utc,
            valid_to=holder.cert.not_valid_after_utc,
            registered_at=pki.NOW,
        )
        return self.certificates[name]


@pytest.fixture
def office(db: None, monkeypatch: pytest.MonkeyPatch) -> Office:
    root = pki.Authority()
    monkeypatch.setattr(trust, "_source", lambda: trust.Trust(anchors=(root.pem,)))
    monkeypatch.setattr(seal, "_source", lambda: root.issue("筑信平台", organisation="筑信平台"))
    organisation = Organisation.objects.create(
        uscc="11230109MB0000001X",
        name="示例市住房和城乡建设局",
        region="230109",
        authority="city",
    )
    made = Office(organisation, root)
    made.employ("经办甲", "clerk")
    made.employ("签发乙", "chief")
    return made
