"""The evidence log for everybody: signed heads, one entry with its proof, files to verify."""

from __future__ import annotations

import hashlib

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kernel import offline
from kernel.access.actors import Actor
from kernel.errors import NotFound
from kernel.evidence import (
    authorities,
    cosignatures,
    formats,
    keys,
    selectors,
    services,
    witnesses,
)
from kernel.evidence.models import LogEntry, TreeHead
from kernel.sealing import canonical
from kernel.sealing.certificates import pem
from kernel.web import entry_words
from kernel.web.acting import acting
from kernel.web.case_pages import case_url
from kernel.web.presenters import presenter_of
from kernel.web.views.heads import page_of
from kernel.workflow import attempts, judge
from kernel.workflow.models import Case
from kernel.workflow.selectors import get_case

_LOG_NAME = "zhuxin"


def heads(request: HttpRequest) -> HttpResponse:
    """The newest signed heads, and how to verify them."""
    rows, more = page_of(request)
    newest = selectors.head()
    signed = cosignatures.of(rows)
    context = {
        "heads": [(row, signed[row.pk]) for row in rows],
        "witnesses": witnesses.registered(),
        "more": more,
        "behind": "before" in request.GET,
        # Not what stands in the log by now: minute by minute that would count sealed bids.
        "size": newest.size if newest is not None else 0,
        "program_sha256": hashlib.sha256(offline.program()).hexdigest(),
        "keys": list(keys.known()),
    }
    return render(request, "kernel/web/log_heads.html", context)


def program(_request: HttpRequest) -> HttpResponse:
    """The program that verifies and signs on one's own machine."""
    response = HttpResponse(offline.program(), content_type="application/zip")
    response["Content-Disposition"] = 'attachment; filename="zhuxin.pyz"'
    return response


def anchors(_request: HttpRequest) -> HttpResponse:
    """The log's public keys, as the verifier's ``--trust`` file takes them."""
    # The installation's own record of the log's keys, never the database that they vouch for.
    # Witnesses' keys can come from nowhere else here: a reader compares them with the witnesses'.
    value = formats.anchors(
        [(_LOG_NAME, spki) for spki in keys.known().values()],
        witnesses=[(w.name, w.uscc, bytes(w.spki)) for w in witnesses.registered()],
        timestamp_authorities=[
            (each.name, pem(each.anchors.certificates).decode(), each.anchors.demonstration)
            for each in authorities.all_of_them()
        ],
    )
    return _file(value, "anchors.json")


def head_file(_request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """The very bytes of a head that were signed and stamped (``head.txt``), or its token.

    ``openssl ts -verify -data head.txt -in token.tst -token_in -CAfile roots.pem`` checks it.
    """
    head = TreeHead.objects.filter(pk=pk).first() if pk < 2**63 else None
    token = head.tokens.first() if head is not None else None
    if head is not None and kind == "head.txt":
        data = formats.head_bytes(
            size=head.size, root=bytes(head.root), at=head.at, log=head.key_id
        )
    elif head is not None and kind == "token.tst" and token is not None:
        data = bytes(token.token)
    else:
        raise NotFound.because("evidence.head.unknown", size=head.size if head else 0)
    response = HttpResponse(data, content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="zhuxin-{head.size}-{kind}"'
    return response


def entry(request: HttpRequest, index: int) -> HttpResponse:
    """One entry: what may be said of it, and its proof."""
    row, open_, head = _found(request, index)
    covered = head is not None and index < head.size
    case = _case(row) if open_ else None
    context = {
        "entry": row,
        "open": open_,
        "kind": entry_words.kind_of(row) if open_ else "",
        "case_kind": entry_words.case_of(row) if open_ else "",
        "said": tuple(entry_words.said(row)) if open_ else (),
        "head": head if covered else None,
        "proof": services.prove(index, head.size) if head is not None and covered else (),
        "leaf": bytes(row.leaf).hex(),
        "case_url": _url(case, request) if case else "",
    }
    return render(request, "kernel/web/log_entry.html", context)


def proof(request: HttpRequest, index: int) -> HttpResponse:
    """The proof file of one entry; its body only for those who may see it."""
    _row, open_, head = _found(request, index)
    bundle = services.bundle(index, disclose=open_, head=head)
    return _file(bundle, f"zhuxin-log-{index}.json")


def _found(request: HttpRequest, index: int) -> tuple[LogEntry, bool, TreeHead | None]:
    """An entry, whether its content may be seen, the newest head; NotFound where it is hidden.

    What no signed head covers yet is there only for whoever may see its content: else its number
    would be as good as a count.
    """
    row = selectors.entry(index)
    open_ = _may_see(row, acting(request).actor)
    head = selectors.head()
    if not open_ and (head is None or index >= head.size):
        raise NotFound.because("evidence.entry.unknown", index=index)
    return row, open_, head


def _file(value: dict[str, object], name: str) -> HttpResponse:
    # Canonical, byte for byte: the offline verifier takes no other spelling.
    response = HttpResponse(canonical.encode(value), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _case(row: LogEntry) -> Case | None:
    machine, _, pk = row.case.partition(":")
    return get_case(machine, int(pk)) if pk.isdigit() else None


def _may_see(row: LogEntry, actor: Actor | None) -> bool:
    """Public entries, acts on public cases, and everything on a case that one may read."""
    if row.public:
        return True
    case = _case(row)
    if case is None:
        return actor is not None and _is_overseen(row, actor)
    shown = presenter_of(case.machine)
    if actor is not None and judge.readable(case.machine, case, actor):
        hidden = shown.hidden_roles(case, actor)
        return not hidden or _role_of(row) not in hidden
    return (
        row.kind == "workflow.act" and shown.is_public(case) and _act_of(row) in shown.public_acts
    )


def _is_overseen(row: LogEntry, actor: Actor) -> bool:
    """A refused attempt to begin a case stands on none: whoever oversees such cases reads it."""
    return row.kind == "workflow.refusal" and attempts.may_see_opening(actor, row.case, row.index)


def _act_of(row: LogEntry) -> str:
    body = canonical.decode(row.body.encode()) if row.body else {}
    return str(body.get("act", "")).rpartition(".")[2]


def _role_of(row: LogEntry) -> str:
    body = canonical.decode(row.body.encode()) if row.body else {}
    return str(body.get("role", ""))


def _url(case: Case, request: HttpRequest) -> str:
    actor = acting(request).actor
    if actor is not None and judge.readable(case.machine, case, actor):
        return case_url(case)
    return presenter_of(case.machine).public_url(case)
