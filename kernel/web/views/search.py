"""The search of everything public: words, kind and region in the address; no script."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from kernel import clock
from kernel.errors import NotFound, Refused
from kernel.identifiers import regions
from kernel.search import kinds, marking, selectors, whole
from kernel.search.kinds import Entry
from kernel.search.selectors import Found, Hit
from kernel.web import places
from kernel.web.refusals import in_words
from kernel.web.viewmodels import Filter, KindView, RefusalView, SearchPage, SearchRow

HOME_REGION = "230000"
PAGE = 20
_NOTHING = Found((), (), None)


def search(request: HttpRequest) -> HttpResponse:
    """What the words find, newest first; a question that cannot be asked is told why."""
    asked = {name: request.GET.get(name, "").strip() for name in ("q", "kind", "region", "before")}
    asked["q"] = " ".join(asked["q"].split())
    found, views, refusals = _NOTHING, tuple[KindView, ...](), tuple[RefusalView, ...]()
    status = 200
    try:
        found, views = _found(asked), tuple(_kinds(asked))
    except Refused as refused:
        refusals, status = in_words(refused.refusals), refused.status
    page = SearchPage(
        title=_("检索：%(query)s") % {"query": asked["q"][:40]}
        if asked["q"]
        else _("公开信息检索"),
        query=asked["q"],
        named=_named(asked) if not refusals else (),
        check=_check(asked["q"]),
        rows=tuple(_row(hit, found.words) for hit in found.hits),
        kinds=views,
        data_at=clock.now(),
        region=_regions(asked["region"]),
        hidden=(("kind", asked["kind"]),) if asked["kind"] in kinds.kinds() else (),
        refusals=refusals,
        first=_url(asked, before="") if asked["before"] and not refusals else "",
        next=_url(asked, before=str(found.next)) if found.next else "",
    )
    return render(request, "kernel/web/search.html", {"page": page}, status=status)


def _found(asked: Mapping[str, str]) -> Found:
    before = asked["before"]
    if before and not (before.isascii() and before.isdigit() and len(before) < 20):
        raise NotFound.because("search.before.unknown", field="before")
    return selectors.find(
        asked["q"],
        kinds=(asked["kind"],) if asked["kind"] else (),
        region=asked["region"],
        limit=PAGE,
        before=int(before) if before else None,
    )


def _named(asked: Mapping[str, str]) -> tuple[SearchRow, ...]:
    """What bears the number that was typed, before everything that only holds it somewhere."""
    if asked["before"] or asked["kind"] or asked["region"]:
        return ()
    return tuple(_row(entry, (asked["q"],)) for entry in whole.named(asked["q"]))


def _check(text: str) -> str:
    """Where a document is checked by its number, if the text may be one."""
    if len(text) < whole.SHORTEST or not any(map(str.isdigit, text)):
        return ""
    return f"{reverse('documents:check')}?{urlencode({'number': text})}"


def _row(hit: Hit | Entry, words: tuple[str, ...]) -> SearchRow:
    title, number = marking.marked(hit.title, words), marking.marked(hit.number, words)
    seen = any(part[1] for part in (*title, *number))
    return SearchRow(
        kind=str(kinds.kinds()[hit.kind].label) if hit.kind in kinds.kinds() else hit.kind,
        title=title,
        url=hit.url,
        at=hit.published_at,
        number=number,
        place=_place(hit),
        excerpt=() if seen else marking.excerpt(hit.text, words),
    )


def _place(hit: Hit | Entry) -> str:
    try:
        on = clock.legal_date(hit.published_at)
        return places.full_name(hit.region, on=on) if hit.region else ""
    except Refused:
        return hit.region


def _kinds(asked: Mapping[str, str]) -> Iterator[KindView]:
    """All, then each kind that may have hits or is looked at."""
    text, region, chosen = asked["q"], asked["region"], asked["kind"]
    whole = selectors.count(text, region=region)
    every = _url(asked, kind="", before="")
    yield KindView(_("全部"), every, whole.total, not whole.complete, not chosen)
    for code, kind in kinds.kinds().items():
        counted = whole
        if code == chosen and not whole.complete:
            counted = selectors.count(text, kinds=(code,), region=region)
        number, more = counted.by_kind[code], not counted.complete
        if number or more or code == chosen:
            url = _url(asked, kind=code, before="")
            yield KindView(str(kind.label), url, number, more, code == chosen)


def _regions(chosen: str) -> Filter:
    on = clock.today()
    cities = [(r.code, places.name(r.code, on=on)) for r in regions.children(HOME_REGION, on)]
    return Filter("region", _("地区"), "select", chosen, (("", _("全部")), *cities))


def _url(asked: Mapping[str, str], **changes: str) -> str:
    kept = {name: value for name, value in {**asked, **changes}.items() if value}
    return "?" + urlencode(kept)
