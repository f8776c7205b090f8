"""`manage.py demo` belongs in a sandbox and names whom it does not know."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import translation

from kernel.errors import Refused
from kernel.web import formats
from procurement.demonstration import play, telling
from tests.procurement.projects.samples import submitted


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


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en_US.UTF-8", "zh_CN.UTF-8"])
def test_an_act_that_is_refused_is_told_in_the_language_of_who_asked(
    people, settings, tmp_path, monkeypatch, capsys, language
):
    settings.SANDBOX, settings.VAR_DIR = True, tmp_path
    (tmp_path / "demo-accounts.txt").write_text("证书 PIN        abcdefgh    （…）\n")
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", language)
    monkeypatch.setattr(telling, "people", lambda: {"owner1": people["clerk"]})
    project = submitted(people["clerk"])
    with pytest.raises(SystemExit) as ended:
        call_command("demo", "act", "owner1", "procurement.project", str(project.pk), "submit")
    said = capsys.readouterr().err
    assert ended.value.code == 1
    assert said.startswith("workflow.act.not_in_state: ")
    assert formats.has_han(said) == language.startswith("zh")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["procurement.tender", "404", "report_award"], "no procurement.tender has the key 404"),
        (["procurement.tender", "404", "suspend", "because"], "the payload is no JSON"),
        (["procurement.tender", "404", "suspend", "[]"], "the payload is no JSON object"),
        (["procurement.nothing", "1", "suspend"], "no machine procurement.nothing"),
        (["procurement.nothing", "0", "open"], "nobody opens a procurement.nothing"),
        (
            ["procurement.project", "0", "submit"],
            "a procurement.project is opened by open, not by submit",
        ),
    ],
)
def test_what_somebody_mistypes_is_told_in_words(
    people, settings, tmp_path, monkeypatch, words, said
):
    settings.SANDBOX, settings.VAR_DIR = True, tmp_path
    (tmp_path / "demo-accounts.txt").write_text("证书 PIN        abcdefgh    （…）\n")
    monkeypatch.setattr(telling, "people", lambda: {"owner1": people["clerk"]})
    with pytest.raises(CommandError, match=said) as found:
        call_command("demo", "act", "owner1", *words)
    assert found.value.returncode == 1


def test_what_a_play_settles_it_settles_in_the_platforms_language(monkeypatch):
    """Papers are printed then: whoever lets somebody act in English gets no English paper."""
    spoken = []
    made = play.Play({}, "")
    monkeypatch.setattr(made, "_settle", lambda: spoken.append(translation.get_language()))
    with translation.override("en"):
        made.settle()
    assert spoken == ["zh-hans"]
