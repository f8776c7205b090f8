"""The page of a lot's trustees (task out, answer in), and the programs that it and bidders use."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from kernel import clock
from kernel.errors import NotFound, Refused
from kernel.sealing.bids.tasks import MAX_ANSWER
from kernel.web.acting import actor_of
from kernel.web.refusals import in_words
from procurement.bidder import programs
from procurement.bids import (
    commands,
    lots,
    named_programs,
    policies,
    steps_now,
    tasks_for_trustees,
    tool,
)

_KINDS = {
    "trustee-key": gettext_lazy("开启密钥公布书"),
    "rehearsal": gettext_lazy("演练答复"),
    "policy-signature": gettext_lazy("对开启方案的签名"),
    "closing-signature": gettext_lazy("对截标名单的签名"),
    "nonce": gettext_lazy("抽取随机数"),
    "marks": gettext_lazy("份额核对结果"),
    "cured-marks": gettext_lazy("补发份额核对结果"),
    "shares": gettext_lazy("密钥份额"),
}


class AnswerForm(forms.Form):
    """An answer file."""

    file = forms.FileField(
        label=gettext_lazy("答复文件"),
        help_text=gettext_lazy("由开启程序或命令行工具在本单位的机器上生成"),
        widget=forms.ClearableFileInput(attrs={"accept": ".json", "required": True}),
        max_length=200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def trustee(request: HttpRequest, number: str) -> HttpResponse:
    """What a trustee takes away and brings back; each statement of an answer is told alone."""
    actor = actor_of(request)
    party = tasks_for_trustees.party_of(number, actor)
    taken: list[tasks_for_trustees.Taken] = []
    refused: Refused | None = None
    if request.method == "POST":
        file = request.FILES.get("file")
        try:
            if file is None:
                raise Refused.because("procurement.task.no_file", field="file")
            if (file.size or 0) > MAX_ANSWER:
                raise Refused.because("sealing.format.size", form="zhuxin-trustee-answer/1",
                                      limit=MAX_ANSWER)  # fmt: skip
            taken = tasks_for_trustees.take(number, actor, file.read())
        except Refused as found:
            refused = found
    case = policies.of_lot(number)
    expected = list(case.parties.values_list("uscc", flat=True))
    lot = lots.find(number)
    deadline = lot.bid_deadline_at if lot is not None else None
    now = steps_now.of_lot(case, party, deadline, actor, clock.now())
    context: dict[str, Any] = {
        "number": number,
        "title": case.title,
        "party": party,
        "taken": [(_KINDS[each.kind], in_words(each.refusals)) for each in taken],
        "refusals": in_words(refused.refusals) if refused else (),
        "form": AnswerForm(),
        "program": programs.program("open.html"),
        "now": now,
        "command": commands.trustee_offline(
            number, expected, now.steps, share=party.place is not None
        )
        if now.steps
        else "",
    }
    return render(
        request, "procurement/bids/trustee.html", context, status=refused.status if refused else 200
    )


@require_safe
def task_file(request: HttpRequest, number: str) -> HttpResponse:
    """The task of now, for the program or the command line."""
    content = tasks_for_trustees.task(number, actor_of(request)).encode()
    response = HttpResponse(content, content_type="application/json")
    stamp = clock.now().strftime("%Y%m%dT%H%M%SZ")
    response["Content-Disposition"] = f'attachment; filename="{number}-{stamp}.task.json"'
    return response


@require_safe
def all_programs(request: HttpRequest) -> HttpResponse:
    """The programs for everybody: what each is for, its hash, how to check and to run it."""
    purposes = {
        "seal.html": gettext_lazy("投标人：封装、签名、撤回、截标后的补救、核验回执"),
        "open.html": gettext_lazy("开启人：开启密钥、演练、核对、释放份额"),
    }
    rows = [(purposes[name], programs.program(name)) for name in programs.NAMES]
    program_file, libraries = tool.files()
    context = {
        "rows": rows,
        "tool": program_file,
        "libraries": libraries,
        "install": commands.install_tool(),
        "apart": commands.install_apart(),
        "check": commands.check_programs(),
        "rebuild": commands.rebuild_programs(),
        "rebuild_tool": commands.rebuild_tool(),
    }
    return render(request, "procurement/bids/programs.html", context)


@require_safe
def program(request: HttpRequest, name: str) -> HttpResponse:
    """A program's very bytes, under the policy that stands in them; with ``?save`` to keep.

    With ``?sha256=`` the one that a policy names so, also of a release before this one. The command
    line and the list of its libraries are always kept.
    """
    wanted = request.GET.get("sha256", "")
    found = named_programs.content(name, wanted) if wanted else None
    try:
        if wanted and found is None:
            raise KeyError(wanted)
        if name in (tool.PROGRAM, tool.LIBRARIES):
            return _kept(tool.file(name) if found is None else tool.File(name, found, wanted))
        file = programs.program(name) if found is None else programs.read(name, found)
    except KeyError as fault:
        raise NotFound.because("procurement.program.unknown", name=name[:80]) from fault
    response = HttpResponse(file.content, content_type="text/html; charset=utf-8")
    response["Content-Security-Policy"] = file.policy
    response["Cache-Control"] = "no-cache"
    response["ETag"] = f'"{file.sha256}"'
    if "save" in request.GET:
        response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _kept(file: tool.File) -> HttpResponse:
    response = HttpResponse(file.content, content_type="application/octet-stream")
    response["Cache-Control"] = "no-cache"
    response["ETag"] = f'"{file.sha256}"'
    response["Content-Disposition"] = f'attachment; filename="{file.name}"'
    return response
