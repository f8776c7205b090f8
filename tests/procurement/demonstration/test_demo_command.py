"""`manage.py demo` belongs in a sandbox and names whom it does not know."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from kernel.errors import Refused
from procurement.demonstration import play


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


def test_two_runs_never_act_under_one_key(monkeypatch):
    """Else the second vote of an expert would pass for the first one, or be refused for it."""
    keys = []

    def noted(*_args, key, **_more):
        keys.append(key)
        raise Refused.because("workflow.act.unknown")

    monkeypatch.setattr(play, "fire", noted)
    for _run in range(2):
        with pytest.raises(Refused):
            play.Play({"expert01": None}, "").open("procurement.project", "expert01", {})
    assert len(set(keys)) == 2
