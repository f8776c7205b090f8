"""Make the demonstration province, once: people with accounts and keys, and first projects."""

from __future__ import annotations

import os
import secrets
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from kernel import clock
from kernel.access.actors import Actor
from kernel.access.table import TABLE
from kernel.documents import demo_pki
from kernel.evidence import keys, services
from kernel.parties.models import Organisation, Person, User
from kernel.workflow import sandbox
from procurement.demonstration import people, projects

# Everything of the demonstration lies in years whose working days are known.
BEGINS_AT = datetime(2025, 9, 1, 9, 0, tzinfo=clock.LEGAL_ZONE)
# A key file of a real person takes half a second to open, on purpose; nobody waits for eighty.
PLAY_ROUNDS = 20_000
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


class Command(BaseCommand):
    """Idempotent and quick: a second call finds the accounts and does nothing."""

    help = "Make the demonstration province on first start (sandbox only)."

    def handle(self, *args: Any, **options: Any) -> None:
        """Make everything in one transaction, then let the projects be played by real acts."""
        if not settings.SANDBOX:
            raise CommandError("a demonstration province belongs in a sandbox only")
        if User.objects.exists():
            return
        sandbox.begin_at(BEGINS_AT)
        password, pin = _word(12), _word(8)
        with transaction.atomic():
            actors = people.create(password)
            for actor in actors.values():
                demo_pki.certify(
                    Person.objects.select_related("user").get(pk=actor.person_id),
                    Organisation.objects.get(pk=actor.organisation_id),
                    pin,
                    clock.now(),
                    rounds=PLAY_ROUNDS,
                )
        projects.play(actors)
        services.sign_head(clock.now(), keys.signer())
        _write_accounts(Path(settings.VAR_DIR) / "demo-accounts.txt", actors, password, pin)
        self.stdout.write(f"{len(actors)} accounts, {len(projects._NAMES)} projects")


def _word(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def _write_accounts(path: Path, actors: dict[str, Actor], password: str, pin: str) -> None:
    lines = [
        f"密码 password  {password}    （所有演示账号相同 the same for all）",
        f"证书 PIN        {pin}    （密钥文件 key files: {path.parent}/demo-keys/*.p12）",
        "",
    ]
    lines += [
        f"{name:10} {TABLE.role_label(actor.role)} · {actor.organisation_name}"
        for name, actor in actors.items()
    ]
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write("\n".join(lines) + "\n")
