"""The registration form, grouped as the paper one, with a few lines for each list. No script."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cached_property
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel import clock
from kernel.access.actors import Actor
from kernel.documents import scans, storage
from kernel.identifiers import regions
from kernel.web import places
from kernel.web.money_field import YuanField
from kernel.web.viewmodels import FieldView, FormGroup, FormLine
from procurement.projects import form_lines, selectors
from procurement.projects.models import Project

FUNDING_LINES, EXTRA_PAPERS, PARTY_LINES = 3, 2, 6
NEEDED = {
    "name", "project_code", "project_class", "nature", "approval_kind", "region", "address",
    "planned_start_on", "planned_end_on", "manager_name", "manager_phone", "total_investment",
}  # fmt: skip
SCAN_MAX_BYTES = 20 * 1024 * 1024
SCAN_TYPES = {b"%PDF-": "application/pdf", b"\xff\xd8\xff": "image/jpeg", b"\x89PNG": "image/png"}


class ProjectForm(forms.Form):
    """Everything may be missing while it is a draft; ``submit`` says what still is."""

    name = form_lines.text(gettext_lazy("项目名称"))
    project_code = form_lines.text(
        gettext_lazy("项目代码"), 40, help_text=gettext_lazy("24 位，如 2511-230102-04-01-123456")
    )
    project_class = forms.ChoiceField(label=gettext_lazy("工程类别"), required=False)
    nature = forms.ChoiceField(label=gettext_lazy("建设性质"), required=False)
    approval_kind = forms.ChoiceField(label=gettext_lazy("立项方式"), required=False)
    region = forms.ChoiceField(label=gettext_lazy("建设地点（县、市、区）"), required=False)
    address = form_lines.text(gettext_lazy("详细地址"))
    floor_area_m2 = forms.IntegerField(
        label=gettext_lazy("总建筑面积"), required=False, min_value=0, max_value=10**9
    )
    planned_start_on = form_lines.day(gettext_lazy("计划开工"))
    planned_end_on = form_lines.day(gettext_lazy("计划竣工"))
    summary = form_lines.text(
        gettext_lazy("建设内容与规模"), 2000, widget=forms.Textarea(attrs={"rows": 4})
    )
    manager_name = form_lines.text(gettext_lazy("建设单位项目负责人"), 80)
    manager_phone = form_lines.text(gettext_lazy("负责人电话"), 20, widget=forms.TextInput())
    total_investment = YuanField(label=gettext_lazy("总投资"), required=False)

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        files: Any,
        *,
        at: datetime,
        project: Project | None,
        actor: Actor,
    ) -> None:
        self.actor = actor
        self.at, self.project = at, project
        super().__init__(data, files, initial=form_lines.initial(project, at, self.base_fields))
        self._options()
        self._lists()

    def _options(self) -> None:
        day = clock.legal_date(self.at)
        home = selectors.HOME_REGION
        counties = [
            (county.code, places.full_name(county.code, on=day))
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
            self.fields[f"funding-{i}-source"] = form_lines.choice(_("来源"), sources)
            self.fields[f"funding-{i}-amount"] = YuanField(label=_("金额"), required=False)
        for i in range(self.paper_lines):
            kind = form_lines.choice(_("文件种类"), kinds)
            if i < len(self.required_kinds):
                kind.widget = forms.HiddenInput()
            self.fields[f"papers-{i}-kind"] = kind
            self.fields[f"papers-{i}-number"] = form_lines.text(_("文号"))
            self.fields[f"papers-{i}-issued_on"] = form_lines.day(_("日期"))
            self.fields[f"papers-{i}-issuer"] = form_lines.text(_("发文机关"))
            self.fields[f"papers-{i}-scan"] = forms.FileField(
                label=_("扫描件"),
                required=False,
                help_text=_("PDF、JPEG 或 PNG，不超过 20 MB"),
                widget=forms.FileInput,
            )
            self.fields[f"papers-{i}-sha256"] = forms.CharField(
                required=False, widget=forms.HiddenInput
            )
        for i in range(PARTY_LINES):
            self.fields[f"parties-{i}-role"] = form_lines.choice(_("类别"), roles)
            self.fields[f"parties-{i}-uscc"] = form_lines.text(_("统一社会信用代码"), 18)
            self.fields[f"parties-{i}-name"] = form_lines.text(_("单位名称"))
        for name, field in self.fields.items():
            # What submission needs is not called optional, though a draft may miss it.
            line = name.partition("-")[2].partition("-")[0]
            needed = name in NEEDED or (
                name.startswith("papers-")
                and int(line) < len(self.required_kinds)
                and name.endswith(("number", "issued_on"))
            )
            field.needed = needed or ("-" in name and not name.endswith(("issuer", "scan")))  # type: ignore[attr-defined]

    @cached_property
    def required_kinds(self) -> tuple[str, ...]:
        """The kinds of paper that every registration needs, in the order of their list."""
        return form_lines.required_kinds(self.at)

    @property
    def paper_lines(self) -> int:
        """One line for each kind of paper, one for each other that the draft holds, a few more."""
        held = form_lines.by_line(self.project, self.required_kinds) if self.project else {}
        return max(len(self.required_kinds), *(line + 1 for line in held), 0) + EXTRA_PAPERS

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
        scan: UploadedFile[Any] | None = cleaned.get(name)
        if not scan:
            return
        head = scan.read(8)
        scan.seek(0)
        media_type = next((t for magic, t in SCAN_TYPES.items() if head.startswith(magic)), "")
        if not media_type or (scan.size or 0) > SCAN_MAX_BYTES:
            self.add_error(name, _("只收不超过 20 MB 的 PDF、JPEG 或 PNG 文件"))
            return
        stored = storage.put(scan, media_type=media_type)
        scans.record(actor=self.actor, sha256=stored.sha256, at=self.at)
        # The hash travels on in a hidden field, so that a page with errors keeps the scan.
        cleaned[f"papers-{line}-sha256"] = stored.sha256
        data: Any = self.data.copy()  # type: ignore[attr-defined]
        data[f"papers-{line}-sha256"] = stored.sha256
        self.data = data
        self._tell_kept_scan(line)

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
            "total_investment_fen": data.get("total_investment") or 0,
            "funding": list(self._funding()),
            "papers": list(self._papers()),
            "parties": list(self._parties()),
        }

    def _funding(self) -> Iterator[dict[str, Any]]:
        for i in range(FUNDING_LINES):
            amount = self.cleaned_data.get(f"funding-{i}-amount")
            if amount is not None:
                source = self.cleaned_data[f"funding-{i}-source"]
                yield {"source": source, "amount_fen": amount}

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

    def _paper_parts(self, line: int) -> tuple[str, ...]:
        parts = ("number", "issued_on", "issuer", "scan")
        return parts if line < len(self.required_kinds) else ("kind", *parts)

    def _tell_kept_scan(self, line: int) -> None:
        if sha256 := self[f"papers-{line}-sha256"].value():
            kept = _("已存扫描件 %(sha256)s…，另选文件即替换") % {"sha256": sha256[:8]}
            self[f"papers-{line}-scan"].help_text = kept

    def groups(self) -> tuple[FormGroup, ...]:
        """The fields as the paper form groups them."""
        for i in range(self.paper_lines):
            self._tell_kept_scan(i)

        def fields(*names: str, unit: str = "") -> tuple[FieldView, ...]:
            return tuple(FieldView(self[name], unit=unit) for name in names)

        funding = tuple(
            FormLine(
                _("资金来源 %d") % (i + 1),
                (
                    FieldView(self[f"funding-{i}-source"]),
                    FieldView(self[f"funding-{i}-amount"], unit=_("元")),
                ),
            )
            for i in range(FUNDING_LINES)
        )
        labels = dict(selectors.options("project_paper", self.at))
        papers = tuple(
            FormLine(
                labels[self.required_kinds[i]]
                if i < len(self.required_kinds)
                else _("其他文件 %d") % (i - len(self.required_kinds) + 1),
                fields(*(f"papers-{i}-{part}" for part in self._paper_parts(i))),
            )
            for i in range(self.paper_lines)
        )
        parties = tuple(
            FormLine(
                _("参建单位 %d") % (i + 1),
                fields(*(f"parties-{i}-{part}" for part in ("role", "uscc", "name"))),
            )
            for i in range(PARTY_LINES)
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
                (FieldView(self["total_investment"], unit=_("元")),),
                note=_("各项来源之和须等于总投资。"),
                lines=funding,
            ),
            FormGroup(
                _("用地、规划和其他批准文件"),
                (),
                note=_("前几项为必备文件；扫描件可以稍后补传。"),
                lines=papers,
            ),
            FormGroup(_("已确定的参建单位"), (), note=_("尚未确定的可以不填。"), lines=parties),
        )
