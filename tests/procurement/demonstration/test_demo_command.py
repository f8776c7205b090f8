"""`manage.py demo` belongs in a sandbox and names whom it does not know."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError


@pytest.mark.parametrize(
    "words",
    [[], ["--here", "http://127.0.0.1:9"], ["act", "owner1", "procurement.project", "1", "submit"]],
)
def test_nobody_is_played_outside_a_sandbox(settings, words):
    settings.SANDBOX = False
    with pytest.raises(CommandError, match="sandbox"):
        call_command("demo", *words)


@pytest.mark.django_db
def test_somebody_who_is_not_of_the_demonstration_does_not_act(settings, tmp_path):
    settings.SANDBOX, settings.VAR_DIR = True, tmp_path
    (tmp_path / "demo-accounts.txt").write_text("证书 PIN        abcdefgh    （…）\n")
    with pytest.raises(CommandError, match="nobody is called stranger"):
        call_command("demo", "act", "stranger", "procurement.project", "1", "submit")
