"""``manage.py evidence`` and the offline verifier hand in hand; words for every refusal."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from kernel import clock, evidence
from kernel.evidence import keys, selectors, verify
from kernel.evidence.messages import WORDINGS
from tests.kernel.evidence.support import CASE, append, append_some

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def var(settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    settings.VAR_DIR = tmp_path
    monkeypatch.delenv("ZHUXIN_LOG_KEY", raising=False)
    ticks = iter(range(1000))
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 23, 8, 0, next(ticks), tzinfo=UTC))
    return tmp_path


def evidence_command(*arguments: str) -> str:
    out = io.StringIO()
    call_command("evidence", *arguments, stdout=out)
    return out.getvalue()


def test_what_is_exported_verifies_offline(var: Path, capsys: pytest.CaptureFixture[str]):
    append_some(20)
    append(case="procurement.project:18")
    early, late, anchors = str(var / "early"), str(var / "late"), str(var / "anchors")
    evidence_command("head", "-o", early)
    append_some(30)
    evidence_command("head", "-o", late)
    evidence_command("anchors", "-o", anchors)
    evidence_command("prove", "7", "-o", str(var / "one"))
    evidence_command("export", "--case", CASE, "-o", str(var / "case"))
    evidence_command("consistency", "21", "51", "-o", str(var / "consistency"))
    history = ["--head", early, "--consistency", str(var / "consistency")]
    for name in ("one", "case", "late"):
        assert verify.main([str(var / name), "--trust", anchors, *history]) == 0
    capsys.readouterr()
    assert "51" in evidence_command("verify")


def test_rotation_by_command_carries_the_old_anchor_on(var: Path, settings):
    append_some(3)
    evidence_command("head")
    evidence_command("anchors", "-o", str(var / "old"))
    keys.create(var / "new.pem")
    settings.ZHUXIN_LOG_KEY = str(var / "new.pem")
    with pytest.raises(CommandError, match="--rotate"):
        evidence_command("head")
    evidence_command("head", "--rotate")
    with pytest.raises(CommandError, match="--trust"):
        evidence_command("verify")
    evidence_command("anchors", "--trust", str(var / "old"), "-o", str(var / "both"))
    assert "4" in evidence_command("verify", "--trust", str(var / "both"))
    evidence_command("prove", "1", "-o", str(var / "one"))
    assert verify.main([str(var / "one"), "--trust", str(var / "both")]) == 0
    assert verify.main([str(var / "one"), "--trust", str(var / "old")]) == 1


def test_private_entries_are_exported_only_when_asked_for(var: Path):
    append()
    append(public=False)
    evidence_command("head")
    evidence_command("export", "--case", CASE, "-o", str(var / "some"))
    evidence_command("export", "--case", CASE, "--all", "-o", str(var / "all"))
    assert (var / "some").read_bytes().count(b'"salt"') == 1
    assert (var / "all").read_bytes().count(b'"salt"') == 2


def test_a_refusal_has_words_and_status_1(var: Path):
    with pytest.raises(CommandError, match="没有序号为 5 的条目") as error:
        evidence_command("prove", "5", "-o", str(var / "x"))
    assert error.value.returncode == 1
    with pytest.raises(CommandError, match="信任锚"):
        evidence_command("verify", "--trust", str(var / "absent"))


def test_a_rolled_back_act_leaves_nothing_to_see():
    assert selectors.head() is None and selectors.log_size() == 0


def test_every_code_that_is_raised_has_words():
    source = "".join(path.read_text() for path in Path(evidence.__path__[0]).glob("*.py"))
    raised = set(re.findall(r'because\((?:\s*#.*\n)?\s*"(evidence\.[a-z_.]+)"', source))
    raised |= set(re.findall(r'^CODE = "(evidence\.[a-z_.]+)"', source, re.MULTILINE))
    assert raised == set(WORDINGS) and len(raised) > 10
