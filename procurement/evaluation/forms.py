"""Forms of a member's session: one bid a page, all steps or all criteria on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from kernel.web.viewmodels import FieldView, FormGroup, RefusalView
from kernel.web.words import sentences
from procurement.evaluation.formulas import points
from procurement.evaluation.inputs import TECHNICAL, Criterion
from procurement.evaluation.models import BidScore, BidVote
from procurement.evaluation.pages import grounds, stages

PASS, FAIL = "pass", "fail"
QUALIFICATION = "qualification"


class VoteForm(forms.Form):
    """Form, qualification and response of one bid."""

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        bid_id: int,
        given: BidVote | None,
        at: datetime,
        left_to_judge: Iterable[RefusalView] = (),
    ) -> None:
        self.bid_id = bid_id
        self.warning = sentences(
            f"{one.message} ({one.article}) {one.cure}" for one in left_to_judge
        )
        known = {one["stage"]: one for one in (given.findings if given else ())}
        super().__init__(data)
        for code, label in stages():
            one = known.get(code, {})
            passed = {True: PASS, False: FAIL}.get(one.get("passed"))
            self.fields[code] = forms.ChoiceField(
                label=_("%(step)s的结论") % {"step": label},
                choices=[(PASS, _("通过")), (FAIL, _("不通过"))],
                widget=forms.RadioSelect,
                initial=passed,
            )
            self.fields[f"{code}_ground"] = forms.ChoiceField(
                label=_("否决情形"),
                choices=[("", _("（通过的不填）")), *grounds(at)],
                required=False,
                initial=one.get("ground", ""),
            )
            self.fields[f"{code}_evidence"] = forms.CharField(
                label=_("所见事实"),
                widget=forms.Textarea(attrs={"rows": 2}),
                max_length=2000,
                required=False,
                initial=one.get("evidence", ""),
            )

    def groups(self) -> tuple[FormGroup, ...]:
        """One group a step."""
        return tuple(
            FormGroup(
                str(label),
                tuple(
                    FieldView(self[name]) for name in (code, f"{code}_ground", f"{code}_evidence")
                ),
                warning=self.warning if code == QUALIFICATION else "",
            )
            for code, label in stages()
        )

    def payload(self) -> dict[str, Any]:
        """What the act brings along."""
        clean = self.cleaned_data
        return {
            "bid_id": self.bid_id,
            "findings": [
                {
                    "stage": code,
                    "passed": clean[code] == PASS,
                    "ground": clean[f"{code}_ground"],
                    "evidence": clean[f"{code}_evidence"],
                }
                for code, _label in stages()
            ],
        }


class ScoreForm(forms.Form):
    """All criteria of one bid."""

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        bid_id: int,
        criteria: tuple[Criterion, ...],
        given: BidScore | None,
    ) -> None:
        self.bid_id, self.criteria = bid_id, criteria
        super().__init__(data)
        for one in criteria:
            known = given.marks.get(one.code) if given else None
            self.fields[f"mark-{one.code}"] = forms.DecimalField(
                label=one.label,
                help_text=_("满分 %(most)s") % {"most": points(one.maximum)},
                min_value=Decimal(0),
                max_value=Decimal(one.maximum).scaleb(-2),
                decimal_places=2,
                initial=None if known is None else points(known),
                widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "0.01"}),
            )
        self.fields["deviation_reason"] = forms.CharField(
            label=_("与平均分相差较大的理由"),
            help_text=_("与其他成员的平均分相差较大时填写。"),
            widget=forms.Textarea(attrs={"rows": 3}),
            max_length=2000,
            required=False,
            initial=given.reason if given else "",
        )

    def groups(self) -> tuple[FormGroup, ...]:
        """Technical criteria, commercial ones, the reason."""
        technical, commercial = (
            tuple(
                FieldView(self[f"mark-{one.code}"], unit=_("分"))
                for one in self.criteria
                if (one.kind == TECHNICAL) == wanted
            )
            for wanted in (True, False)
        )
        reason = FormGroup(_("理由"), (FieldView(self["deviation_reason"]),))
        return (
            *((FormGroup(_("技术评审"), technical),) if technical else ()),
            *((FormGroup(_("商务评审"), commercial),) if commercial else ()),
            reason,
        )

    def payload(self) -> dict[str, Any]:
        """What the act brings along."""
        clean = self.cleaned_data
        return {
            "bid_id": self.bid_id,
            "marks": [
                {"criterion": one.code, "points": clean[f"mark-{one.code}"]}
                for one in self.criteria
            ],
            "deviation_reason": clean["deviation_reason"],
        }
