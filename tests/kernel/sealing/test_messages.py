"""Every refusal of the room has words, and no words are left over."""

import re
import sys
from pathlib import Path

from django.utils import translation

import kernel.sealing.canonical
from kernel.sealing.messages import WORDINGS
from kernel.sealing.words import lazy

ROOM = Path(kernel.sealing.canonical.__file__).parent
CODE = re.compile(r'"(sealing\.[a-z0-9_]+\.[a-z0-9_]+)"')


def test_codes_and_words_are_the_same_set():
    raised = {
        code
        for path in ROOM.glob("*.py")
        if path.name != "messages.py"
        for code in CODE.findall(path.read_text("utf-8"))
    }
    assert raised == set(WORDINGS)


def test_words_follow_the_active_language():
    with translation.override("zh-hans"):
        assert str(WORDINGS["sealing.cms.signature"].message) == "签名无效"


def test_words_stay_readable_without_django(monkeypatch):
    monkeypatch.delitem(sys.modules, "django.utils.translation")
    assert lazy("%(a)s 页") % {"a": 3} == "3 页"


def test_the_room_imports_no_django():
    for path in ROOM.glob("*.py"):
        assert not re.search(r"^\s*(from|import) django", path.read_text("utf-8"), re.MULTILINE)
