"""The editor of schemes: a form over the text of one, which is tried over everybody."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from credit import citing
from credit.scoring import drafting, kinds, selectors, studies, supervising
from credit.scoring.desks import actor_of
from kernel import clock
from kernel.errors import Refusal, Refused
from kernel.web.acting import moment
from kernel.web.refusals import in_words

# What counts months, days, steps or shares; everything else of a scheme counts points.
_COUNTS = ("mean.months", "lag.days", "inertia.steps", "inertia.months", "weight.")
_POINTS = re.compile(r"([+-]?)(\d{1,6})(?:\.(\d{1,2}))?")
_CODE = re.compile(r"[a-z][a-z0-9_]{1,39}")
_WHOLE = re.compile(r"-?\d{1,9}")
_SEVERITIES = ("", "minor", "ordinary", "serious")
_NEW = ("code", "zh", "en", "points", "category", "days", "severity", "article", "article_en")


class Wanted(NamedTuple):
    """What a form says: the draft's text, or every field that cannot be read."""

    text: str
    faults: tuple[Refusal, ...]


@require_http_methods(["GET", "HEAD", "POST"])
def editor(request: HttpRequest) -> HttpResponse:
    """A scheme as a form; a draft of it is checked, kept as a file, or tried over everybody."""
    actor, now = actor_of(request), moment(request)
    said = request.POST if request.method == "POST" else request.GET
    held = dict(selectors.codes(now, citing.language()))
    code = said.get("scheme", "")
    code = code if code in held else selectors.SCHEME
    base = supervising.text_of(code, now)
    refused: tuple[Refusal, ...] = ()
    if request.method == "POST":
        wanted = read(base, said)
        try:
            if wanted.faults:
                raise Refused(wanted.faults)
            require_later(said.get("valid_from", ""), now)
            studies.drafted(wanted.text)
            if said.get("kind") == "file":
                return _file(wanted.text)
            day = _day(said.get("valid_on", ""), now)
            study = studies.ask(actor=actor, at=now, valid_on=day, first=code, draft=wanted.text)
        except Refused as refusal:
            refused = refusal.refusals
        else:
            return redirect("credit:study", study.pk)
    context = {
        "scheme": code,
        "schemes": list(held.items()),
        "valid_on": said.get("valid_on", clock.legal_date(now).isoformat()),
        "today": clock.legal_date(now),
        **form(base, said, now),
        "refused": in_words(refused),
    }
    return render(request, "credit/editor.html", context, status=422 if refused else 200)


def require_later(valid_from: str, now: datetime) -> None:
    """Refuse (``credit.scheme.draft_early``) a day in force that is said and not to come."""
    try:
        day = date.fromisoformat(valid_from) if valid_from else None
    except ValueError:
        raise Refused.because("credit.score.day_unreadable", field="valid_from") from None
    if day is not None and day <= clock.legal_date(now):
        raise Refused.because(
            "credit.scheme.draft_early", on=valid_from, field="valid_from"
        )  # fmt: skip


def _file(text: str) -> HttpResponse:
    response = HttpResponse(text, content_type="application/toml; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="scheme.toml"'
    return response


def _day(text: str, now: datetime) -> date:
    try:
        return date.fromisoformat(text) if text else clock.legal_date(now)
    except ValueError:
        raise Refused.because("credit.score.day_unreadable", field="valid_on") from None


def form(base: str, said: Mapping[str, str], now: datetime) -> dict[str, Any]:
    """The form's fields: as the text has them, or as they were typed."""
    rows = drafting.rows(base)
    words = _words()
    values = [
        {
            "name": f"value:{key}",
            "label": words.get(key) or _named(key),
            "value": said.get(f"value:{key}", _shown(key, row["value"])),
            "unit": "" if _is_count(key) else _("分"),
        }
        for key, row in rows.items()
        if "value" in row
    ]
    items = [
        {
            "code": code,
            "label": str((row.get("label") or {}).get(citing.language(), code)),
            "points": said.get(f"points:{code}", _points(row.get("points", 0))),
            "days": said.get(f"days:{code}", str(row.get("days", 0))),
            "decay": said.get(f"decay:{code}", row.get("decay", "step")),
            "half_life": said.get(f"half:{code}", str(row.get("half_life_days", 0) or "")),
            "veto": said.get(f"veto:{code}", row.get("veto", "no")),
            "gone": said.get(f"gone:{code}", ""),
        }
        for key, row in rows.items()
        if (code := key.partition("item.")[2])
    ]
    return {
        "version": said.get("version", ""),
        "valid_from": said.get("valid_from", ""),
        "values": values,
        "items": items,
        "categories": sorted({str(r["category"]) for r in rows.values() if r.get("category")}),
        "decays": [(each, _decays()[each]) for each in kinds.DECAYS],
        "severities": [(each, _severities()[each]) for each in _SEVERITIES],
        "new": {name: said.get(f"new:{name}", "") for name in _NEW},
    }


def read(base: str, said: Mapping[str, str]) -> Wanted:
    """The draft that a form asks for; what no form has a field for stays as it was."""
    faults: list[Refusal] = []
    changes: dict[str, dict[str, str | int]] = {}
    gone = set()
    for key, row in drafting.rows(base).items():
        code = key.partition("item.")[2]
        if code:
            if said.get(f"gone:{code}"):
                gone.add(key)
            changes[key] = _item(code, row, said, faults)
        elif "value" in row and (typed := said.get(f"value:{key}")) is not None:
            number = _whole(typed) if _is_count(key) else _hundredths(typed)
            _keep(changes.setdefault(key, {}), "value", number, f"value:{key}", key, faults)
    header = {
        name: said[name].strip() for name in ("version", "valid_from") if said.get(name, "").strip()
    }
    new = [name for name in _NEW if said.get(f"new:{name}", "").strip()]
    added = [_added(said, faults)] if new else []
    if faults:
        return Wanted("", tuple(faults))
    return Wanted(drafting.edited(base, header=header, changes=changes, gone=gone, added=added), ())


def _item(
    code: str, row: Mapping[str, Any], said: Mapping[str, str], faults: list[Refusal]
) -> dict[str, str | int]:
    found: dict[str, str | int] = {}
    label = str((row.get("label") or {}).get(citing.language(), code))
    words = {"points": _("分值"), "days": _("有效天数"), "half": _("半衰期（天）")}
    for field, name, reading in (
        ("points", "points", _hundredths), ("days", "days", _whole),
        ("half", "half_life_days", _whole),
    ):  # fmt: skip
        typed = said.get(f"{field}:{code}")
        if typed is None or (field == "half" and not typed.strip()):
            continue
        _keep(found, name, reading(typed), f"{field}:{code}", f"{label} · {words[field]}", faults)
    for name, default in (("decay", "step"), ("veto", "no")):
        chosen = said.get(f"{name}:{code}", "")
        if chosen and chosen != row.get(name, default):
            found[name] = chosen
    return found


def _added(said: Mapping[str, str], faults: list[Refusal]) -> dict[str, str | int]:
    new = {name: said.get(f"new:{name}", "").strip() for name in _NEW}
    found: dict[str, str | int] = {"key": f"item.{new['code']}"}
    if not _CODE.fullmatch(new["code"]):
        faults.append(Refusal("credit.scheme.draft_code", {}, "", "new:code"))
    faults += [
        Refusal("credit.scheme.draft_empty", {"what": what}, "", f"new:{name}")
        for name, what in (
            ("zh", _("中文名称")),
            ("category", _("类别代码")),
            ("article", _("依据")),
        )
        if not new[name]
    ]
    _keep(found, "points", _hundredths(new["points"]), "new:points", _("分值"), faults)
    found["category"] = new["category"]
    _keep(found, "days", _whole(new["days"]), "new:days", _("有效天数"), faults)
    if new["severity"]:
        found["severity"] = new["severity"]
    return found | {
        "label_zh": new["zh"] or new["code"],
        "label_en": new["en"] or new["zh"] or new["code"],
        "article": new["article"],
        "article_en": new["article_en"] or new["article"],
        "source": "own_default",
    }


def _keep(
    into: dict[str, str | int],
    name: str,
    number: int | None,
    field: str,
    what: str,
    faults: list[Refusal],
) -> None:
    if number is None:
        faults.append(Refusal("credit.scheme.draft_number", {"what": what}, "", field))
    else:
        into[name] = number


def _is_count(key: str) -> bool:
    return key.startswith(_COUNTS)


def _hundredths(typed: str) -> int | None:
    found = _POINTS.fullmatch(_narrow(typed))
    if found is None:
        return None
    sign, whole, part = found.groups()
    number = int(whole) * 100 + int((part or "").ljust(2, "0") or 0)
    return -number if sign == "-" else number


def _whole(typed: str) -> int | None:
    return int(_narrow(typed)) if _WHOLE.fullmatch(_narrow(typed)) else None


def _narrow(typed: str) -> str:
    """As a number is read: signs of full width are those of half width."""
    return unicodedata.normalize("NFKC", typed).strip().replace("−", "-")


def _points(hundredths: int) -> str:
    sign = "-" if hundredths < 0 else ""
    return f"{sign}{abs(hundredths) // 100}.{abs(hundredths) % 100:02d}"


def _shown(key: str, value: int) -> str:
    return str(value) if _is_count(key) else _points(value)


def _named(key: str) -> str:
    """Of a row that belongs to a category or a grade: which, and what it says of it."""
    kind, _dot, name = key.partition(".")
    words = {
        "cap": _("类别 %(name)s：加分上限"),
        "floor": _("类别 %(name)s：扣分下限"),
        "band": _("等级 %(name)s：最低分"),
    }
    return words[kind] % {"name": name} if kind in words else key


def _words() -> dict[str, str]:
    return {
        "base": _("基础分"),
        "bound.lower": _("最低分"),
        "bound.upper": _("最高分"),
        "cap.good": _("加分总上限"),
        "veto.cap": _("一票否决时的最高分"),
        "mean.months": _("取几个月的平均分"),
        "lag.days": _("几天后生效"),
        "inertia.steps": _("一次最多升几级"),
        "inertia.months": _("几个月内"),
    }


def _decays() -> dict[str, str]:
    return {"step": _("期内不变"), "linear": _("逐日递减"), "half_life": _("按半衰期递减")}


def _severities() -> dict[str, str]:
    return {
        "": _("良好"), "minor": _("轻微"), "ordinary": _("一般"), "serious": _("严重"),
    }  # fmt: skip
