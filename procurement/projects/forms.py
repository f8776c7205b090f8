"""The registration form, grouped as the paper one, with a few lines for each list. No script."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel import clock
from kernel.documents import storage
from kernel.identifiers import regions
from kernel.web.viewmodels import FieldView, FormGroup
from procurement.projects import selectors
from procurement.projects.models import Project

FUNDING_LINES, EXTRA_PAPERS, PARTY_LINES = 3, 2, 6
SCAN_MAX_BYTES = 20 * 1024 * 1024
SCAN_TYPES = {b"%PDF-": "application/pdf", b"\xff\xd8\xff": "image/jpeg", b"\x89PNG": "image/png"}
_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def _day(label: Any) -> forms.DateField:
    return forms.DateField(label=label, required=False, widget=_DAY)


def _yuan(label: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        required=False,
        min_value=Decimal(0),
        max_digits=15,
        decimal_places=2,
        localize=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )


def _text(label: Any, length: int = 200, **kwargs: Any) -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=length, **kwargs)


class ProjectForm(forms.Form):
    """Everything may be missing while it is a draft; ``submit`` says what still is."""

    name = _text(gettext_lazy("项目名称"))
    project_code = _text(
        gettext_lazy("项目代码"), 40, help_text=gettext_lazy("24 位，如 2511-230102-04-01-123456")
    )
    project_class = forms.ChoiceField(label=gettext_lazy("工程类别"), required=False)
    nature = forms.ChoiceField(label=gettext_lazy("建设性质"), required=False)
    approval_kind = forms.ChoiceField(label=gettext_lazy("立项方式"), required=False)
    region = forms.ChoiceField(label=gettext_lazy("建设地点（县、市、区）"), required=False)
    address = _text(gettext_lazy("详细地址"))
    floor_area_m2 = forms.IntegerField(
        label=gettext_lazy("总建筑面积"), required=False, min_value=0, max_value=10**9
    )
    planned_start_on = _day(gettext_lazy("计划开工"))
    planned_end_on = _day(gettext_lazy("计划竣工"))
    summary = _text(gettext_lazy("建设内容与规模"), 2000, widget=forms.Textarea(attrs={"rows": 4}))
    manager_name = _text(gettext_lazy("建设单位项目负责人"), 80)
    manager_phone = _text(gettext_lazy("负责人电话"), 20, widget=forms.TextInput())
    total_investment = _yuan(gettext_lazy("总投资"))

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        files: Any,
        *,
        at: datetime,
        project: Project | None,
    ) -> None:
        self.at, self.project = at, project
        super().__init__(data, files, initial=_initial(project, at))
        self._options()
        self._lists()

    def _options(self) -> None:
        day = clock.legal_date(self.at)
        home = selectors.HOME_REGION
        counties = [
            (county.code, regions.full_name(county.code, on=day))
            for city in regions.children(home, day)
            for county in regions.children(city.code, day)
        ]
        for name, items in (
            ("project_class", selectors.options("project_class", self.at)),
            ("nature", selectors.options("construction_nature", self.at)),
            ("approval_kind", selectors.options("investment_kind", self.at)),
            ("region", counties),
        ):
            self._field(name).choices = [("", _("请选择")), *items]

    def _field(self, name: str) -> Any:
        return self.fields[name]

    def _lists(self) -> None:
        blank = [("", "—")]
        sources = [*blank, *selectors.options("funding_source", self.at)]
        kinds = [*blank, *selectors.options("project_paper", self.at)]
        roles = [*blank, *selectors.options("project_party", self.at)]
        for i in range(FUNDING_LINES):
            self.fields[f"funding-{i}-source"] = _choice(_("资金来源 %d") % (i + 1), sources)
            self.fields[f"funding-{i}-amount"] = _yuan(_("金额 %d") % (i + 1))
        for i in range(self.paper_lines):
            self.fields[f"papers-{i}-kind"] = _choice(_("文件种类 %d") % (i + 1), kinds)
            self.fields[f"papers-{i}-number"] = _text(_("文号 %d") % (i + 1))
            self.fields[f"papers-{i}-issued_on"] = _day(_("日期 %d") % (i + 1))
            self.fields[f"papers-{i}-issuer"] = _text(_("发文机关 %d") % (i + 1))
            self.fields[f"papers-{i}-scan"] = forms.FileField(
                label=_("扫描件 %d") % (i + 1),
                required=False,
                help_text=_("PDF、JPEG 或 PNG，不超过 20 MB"),
            )
            self.fields[f"papers-{i}-sha256"] = forms.CharField(
                required=False, widget=forms.HiddenInput
            )
        for i in range(PARTY_LINES):
            self.fields[f"parties-{i}-role"] = _choice(_("参建单位类别 %d") % (i + 1), roles)
            self.fields[f"parties-{i}-uscc"] = _text(_("统一社会信用代码 %d") % (i + 1), 18)
            self.fields[f"parties-{i}-name"] = _text(_("单位名称 %d") % (i + 1))

    @property
    def paper_lines(self) -> int:
        """One line for each kind of paper and a few more, or what the draft holds."""
        kinds = len(selectors.options("project_paper", self.at)) - 1
        return max(kinds, len(self.project.papers) if self.project else 0) + EXTRA_PAPERS

    def clean(self) -> dict[str, Any]:
        """Store the scans, and mark lines that are only half filled."""
        cleaned = super().clean() or {}
        for i in range(self.paper_lines):
            self._clean_scan(cleaned, i)
        for prefix, parts, lines in (
            ("funding", ("source", "amount"), FUNDING_LINES),
            ("papers", ("kind", "number", "issued_on"), self.paper_lines),
            ("parties", ("role", "uscc", "name"), PARTY_LINES),
        ):
            for i in range(lines):
                names = [f"{prefix}-{i}-{part}" for part in parts]
                filled = [cleaned.get(name) not in (None, "") for name in names]
                # A prefilled kind alone is no line yet.
                if not any(filled[1:]):
                    continue
                for name, there in zip(names, filled, strict=True):
                    if not there and name not in self.errors:
                        self.add_error(name, _("本行其他内容已填，此项也须填写"))
        return cleaned

    def _clean_scan(self, cleaned: dict[str, Any], line: int) -> None:
        name = f"papers-{line}-scan"
        scan: UploadedFile | None = cleaned.get(name)
        if not scan:
            return
        head = scan.read(8)
        scan.seek(0)
        media_type = next((t for magic, t in SCAN_TYPES.items() if head.startswith(magic)), "")
        if not media_type or (scan.size or 0) > SCAN_MAX_BYTES:
            self.add_error(name, _("只收不超过 20 MB 的 PDF、JPEG 或 PNG 文件"))
            return
        stored = storage.put(scan, media_type=media_type)
        # The hash travels on in a hidden field, so that a page with errors keeps the scan.
        cleaned[f"papers-{line}-sha256"] = stored.sha256
        self.data = self.data.copy()
        self.data[f"papers-{line}-sha256"] = stored.sha256

    def payload(self) -> dict[str, Any]:
        """The act's payload out of clean data."""
        data = self.cleaned_data
        plain = (
            "name", "project_code", "project_class", "nature", "approval_kind", "region",
            "address", "planned_start_on", "planned_end_on", "summary", "manager_name",
            "manager_phone",
        )  # fmt: skip
        return {
            **{name: data.get(name) for name in plain},
            "floor_area_m2": data.get("floor_area_m2") or 0,
            "total_investment_fen": _fen(data.get("total_investment")),
            "funding": list(self._funding()),
            "papers": list(self._papers()),
            "parties": list(self._parties()),
        }

    def _funding(self) -> Iterator[dict[str, Any]]:
        for i in range(FUNDING_LINES):
            amount = self.cleaned_data.get(f"funding-{i}-amount")
            if amount is not None:
                source = self.cleaned_data[f"funding-{i}-source"]
                yield {"source": source, "amount_fen": _fen(amount)}

    def _papers(self) -> Iterator[dict[str, Any]]:
        for i in range(self.paper_lines):
            line = {
                part: self.cleaned_data.get(f"papers-{i}-{part}") or ""
                for part in ("kind", "number", "issued_on", "issuer")
            }
            if line["number"]:
                yield {**line, "file_sha256": self.cleaned_data.get(f"papers-{i}-sha256") or ""}

    def _parties(self) -> Iterator[dict[str, Any]]:
        for i in range(PARTY_LINES):
            line = {
                part: self.cleaned_data.get(f"parties-{i}-{part}") or ""
                for part in ("role", "uscc", "name")
            }
            if line["uscc"]:
                yield line

    def groups(self) -> tuple[FormGroup, ...]:
        """The fields as the paper form groups them."""

        def fields(*names: str, unit: str = "") -> tuple[FieldView, ...]:
            return tuple(FieldView(self[name], unit=unit) for name in names)

        funding = tuple(
            view
            for i in range(FUNDING_LINES)
            for view in (
                FieldView(self[f"funding-{i}-source"]),
                FieldView(self[f"funding-{i}-amount"], unit=_("元")),
            )
        )
        papers = tuple(
            view
            for i in range(self.paper_lines)
            for view in fields(
                *(f"papers-{i}-{p}" for p in ("kind", "number", "issued_on", "issuer", "scan"))
            )
        )
        parties = tuple(
            view
            for i in range(PARTY_LINES)
            for view in fields(*(f"parties-{i}-{part}" for part in ("role", "uscc", "name")))
        )
        return (
            FormGroup(
                _("项目"),
                (
                    *fields("name", "project_code", "project_class", "nature", "approval_kind"),
                    *fields("region", "address"),
                    FieldView(self["floor_area_m2"], unit=_("平方米")),
                    *fields("planned_start_on", "planned_end_on", "summary"),
                ),
            ),
            FormGroup(_("负责人"), fields("manager_name", "manager_phone")),
            FormGroup(
                _("资金"),
                (FieldView(self["total_investment"], unit=_("元")), *funding),
                note=_("各项来源之和须等于总投资。"),
            ),
            FormGroup(
                _("用地、规划和其他批准文件"),
                papers,
                note=_("立项、用地、规划和资金证明为必备文件。"),
            ),
            FormGroup(_("已确定的参建单位"), parties, note=_("尚未确定的可以不填。")),
        )


def _choice(label: str, choices: list[tuple[str, str]]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, required=False)


def _fen(amount: Decimal | None) -> int:
    return int(amount * 100) if amount is not None else 0


def _amount(fen: int) -> Decimal:
    return Decimal(fen) / 100


def _initial(project: Project | None, at: datetime) -> dict[str, Any]:
    """What the draft holds; a new one has the kinds of paper filled in."""
    if project is None:
        kinds = [code for code, _label in selectors.options("project_paper", at)][:-1]
        return {f"papers-{i}-kind": kind for i, kind in enumerate(kinds)}
    found: dict[str, Any] = {
        f.name: f.value_from_object(project)
        for f in project._meta.concrete_fields
        if f.name in ProjectForm.base_fields
    }
    found["total_investment"] = _amount(project.total_investment_fen)
    for i, item in enumerate(project.funding):
        found |= {
            f"funding-{i}-source": item["source"],
            f"funding-{i}-amount": _amount(item["amount_fen"]),
        }
    for i, item in enumerate(project.papers):
        found |= {f"papers-{i}-{part}": value for part, value in item.items()}
        found[f"papers-{i}-issued_on"] = date.fromisoformat(item["issued_on"])
        found[f"papers-{i}-sha256"] = item["file_sha256"]
    for i, item in enumerate(project.parties):
        found |= {f"parties-{i}-{part}": value for part, value in item.items()}
    return found
