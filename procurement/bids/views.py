"""Pages of sealed bids: the bidder's own."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from kernel import clock
from kernel.access.actors import Actor
from kernel.errors import NotFound, Refused
from kernel.web.acting import actor_of, moment
from kernel.web.case_pages import chip
from kernel.web.refusals import in_words
from kernel.workflow import throttle
from procurement.bidder import programs
from procurement.bids import (
    answers,
    commands,
    judged,
    lots,
    needs,
    own_security,
    readings,
    receipt_checks,
    receipts,
    receiving,
    rescue_forms,
    selectors,
    stamps,
    upload_limits,
    upload_views,
)
from procurement.bids.bid_machine import ANNULLED, BID, WITHDRAWN
from procurement.bids.models import Bid, BidVersion, PendingUpload
from procurement.bids.page_parts import failure, json_file, server
from procurement.tendering import bill_views
from procurement.tendering import selectors as tendering


class UploadForm(forms.Form):
    """A sealed bid."""

    file = forms.FileField(
        label=gettext_lazy("投标文件（.zxb）"),
        help_text=gettext_lazy("由投标工具在本单位的机器上封装；平台不持有可打开它的密钥"),
        widget=forms.ClearableFileInput(attrs={"accept": ".zxb", "required": True}),
        max_length=200,
    )


class WithdrawalForm(forms.Form):
    """A signed withdrawal."""

    file = forms.FileField(
        label=gettext_lazy("已签署的撤回声明（.withdrawal.json）"),
        help_text=gettext_lazy("在封装程序里签署并保存；由平台核对签名后生效"),
        widget=forms.ClearableFileInput(attrs={"accept": ".json", "required": True}),
        max_length=200,
    )


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """The bidder's bids, and the way to a lot by its number."""
    number = request.GET.get("lot", "").strip()
    if number and lots.find(number) is not None:
        return redirect("procurement:bids-lot", number)
    own = list(Bid.objects.filter(bidder_uscc=actor_of(request).uscc)[:200])
    begun = {bid.lot_number for bid in own}
    known = {each.number: each for each in tendering.public_register().filter(number__in=begun)}
    rows = [(bid, chip(BID, bid.state), known.get(bid.lot_number)) for bid in own]
    biddable = tendering.public_register().filter(state="published").exclude(number__in=begun)
    context = {"rows": rows, "number": number, "biddable": biddable[:50]}
    return render(request, "procurement/bids/mine.html", context)


@require_safe
def lot(request: HttpRequest, number: str) -> HttpResponse:
    """The bidder's bid for a lot: state, receipts, what to run, the upload and what came of it."""
    return lot_page(request, number, ended=request.GET.get("upload", ""))


def lot_page(
    request: HttpRequest,
    number: str,
    refused: Refused | None = None,
    status: int = 200,
    ended: str = "",
    **more: Any,
) -> HttpResponse:
    """A bidder's page of a lot; ``refused``: why a bid was not taken, ``more`` of what else was."""
    found = lots.find(number)
    if found is None:
        raise NotFound.because("procurement.bid.lot_unknown", lot=number)
    actor = actor_of(request)
    bid = _own(number, actor)
    policy = readings.in_force(number)
    expected = list(policy.policy.parties()) if policy else []
    versions = _versions(bid) if bid else []
    is_open = found.state == "published" and policy is not None
    due = found.bid_deadline_at
    closed = due is not None and moment(request) >= due
    judge = needs.left_to_judge(actor.uscc, found, moment(request)) if is_open else ()
    context: dict[str, Any] = {
        "lot": found,
        "bid": bid,
        "state": chip(BID, bid.state) if bid else None,
        **judged.shown(bid, moment(request)),
        "versions": versions,
        "policy": policy,
        "form": UploadForm(),
        "withdrawal": WithdrawalForm(prefix="withdrawal"),
        "bidder": actor.uscc,
        "open": is_open,
        "opened": selectors.is_opened(number),
        "bill": bill_views.offered(number) if found.state == "published" else (),
        "security": own_security.standing(found, actor.uscc, moment(request)),
        "left_to_judge": in_words(judge),
        "program": programs.program("seal.html"),
        "seal": commands.seal(server(), number, expected, len(versions)),
        "submit": commands.submit(server(), number, len(versions)),
        "withdraw": commands.withdraw(server(), number, len(versions)),
        "check": receipt_checks.of(versions[0][0], server(), number, closed=closed)
        if versions
        else None,
        **rescue_forms.parts(number, bid, moment(request)),
        "withdrawn": bid is not None and bid.state in (WITHDRAWN, ANNULLED),
        "refusals": in_words(refused.refusals) if refused else (),
        **upload_views.signed(refused),
        **upload_views.shown(number, actor, ended),
        **more,
    }
    return render(request, "procurement/bids/lot.html", context, status=status)


def _versions(bid: Bid) -> list[tuple[BidVersion, dict[str, Any]]]:
    """The versions, newest first, with how far the receipt of each is."""
    rows = bid.versions.select_related("bid").order_by("-number")
    return [(row, _in_words(stamps.state_of(row))) for row in rows]


def _in_words(stamp: dict[str, Any]) -> dict[str, Any]:
    """With words for each authority that failed; its code is all that is kept."""
    told = [{**each, "words": failure(each["code"])} for each in stamp["failures"]]
    return {**stamp, "failures": told}


def _own(number: str, actor: Actor) -> Bid | None:
    return Bid.objects.filter(lot_number=number, bidder_uscc=actor.uscc or "-").first()


@csrf_exempt  # the upload is noted before the middleware reads the body; see _upload
@require_POST
def upload(request: HttpRequest, number: str) -> HttpResponse:
    """Take a bid in from the browser; the same service as the tool's."""
    actor = actor_of(request)
    with upload_limits.one_of_few(actor.organisation_id, number):
        row = receiving.begin(number, actor)
        try:
            return _upload(request, number, row, actor)
        finally:
            PendingUpload.objects.filter(pk=row.pk, status=PendingUpload.Status.OPEN).update(
                status=PendingUpload.Status.VOID
            )


@csrf_protect
def _upload(request: HttpRequest, number: str, row: PendingUpload, actor: Actor) -> HttpResponse:
    last_byte = clock.now()  # the body is here, whole; nothing was looked at yet
    file = request.FILES.get("file")
    try:
        with throttle.refusals(actor):
            if file is None:
                raise Refused.because("procurement.bid.no_file", field="file")
            whole = receiving.stream(row, file.read, last_byte=last_byte)
            version, _new = receiving.settle(whole, actor)
            receipts.of(version)
    except Refused as refused:
        return lot_page(request, number, refused, refused.status)
    # As after an upload in parts: the page says which version came in, also of the same file again.
    messages.success(request, _("已收到第 %(n)s 版，回执如下") % {"n": version.number})
    return redirect("procurement:bids-lot", number)


# What the tool keeps of an answer.
_KEPT = ("receipt", "p7s")


@require_safe
def receipt(request: HttpRequest, number: str, version: int, kind: str) -> HttpResponse:
    """A receipt as a file: its text with the platform's signature, as the tool keeps it."""
    found = (
        BidVersion.objects.select_related("bid")
        .filter(bid__lot_number=number, bid__bidder_uscc=actor_of(request).uscc, number=version)
        .first()
    )
    if found is None or (kind == "withdrawal" and found.withdrawn_at is None):
        raise NotFound.because("procurement.bid.unknown", lot=number)
    if kind == "completed":
        told = {name: value for name, value in answers.newest(found).items() if name in _KEPT}
    elif kind == "withdrawal":
        text, p7s = receipts.of_withdrawal(found)
        told = {"receipt": text, "p7s": answers.b64(p7s)}
    else:
        told = answers.receipt(found)
    return json_file(told, commands.receipt_name(number, version, kind))
