"""How a licence is shown and filled in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from credit import citing
from credit.conduct.pages import enterprise_url, known_codes, known_names
from credit.enterprises.machine import LICENCE
from credit.enterprises.models import Licence
from kernel.access.actors import Actor
from kernel.identifiers import masks
from kernel.regulation import selectors as law
from kernel.web import presenters
from kernel.web.presenters import Presenter
from kernel.web.schema_forms import Words
from kernel.web.viewmodels import Fact, FactGroup, Party


def _trades(_case: Any, _actor: Actor, at: datetime) -> Iterator[tuple[str, str]]:
    """Trades of qualifications, and those that persons are registered for."""
    found = dict(law.options("qualification_trade", at, citing.language()))
    for code, label in law.options("person_trade", at, citing.language()):
        found[code] = f"{found[code]} / {label}" if code in found else label
    yield from found.items()


class LicencePresenter(Presenter):
    """A licence's case page and act pages."""

    machine = LICENCE
    public_acts = frozenset({"record", "revoke", "lapse"})
    fields = {
        "uscc": Words(gettext_lazy("统一社会信用代码"), suggest=known_codes),
        "name": Words(gettext_lazy("企业名称"), suggest=known_names),
        "kind": Words(gettext_lazy("证照种类"), options="licence_kind"),
        "number": Words(gettext_lazy("证书编号")),
        "trade": Words(gettext_lazy("资质类别或执业专业"), options=_trades),
        "grade": Words(gettext_lazy("资质等级"), options="qualification_grade"),
        "holder": Words(gettext_lazy("持证人"), help=gettext_lazy("个人证书填写")),
        "certificate": Words(gettext_lazy("人员证书种类"), options="person_certificate"),
        "holder_id": Words(gettext_lazy("公民身份号码"), help=gettext_lazy("个人证书填写，不公开")),
        "registry_sha256": Words(
            gettext_lazy("登记机关的登记信息"), help=gettext_lazy("信用代码末位校验不符时上传")
        ),
        "issuer": Words(gettext_lazy("发证机关")),
        "valid_from": Words(gettext_lazy("有效期自")),
        "valid_to": Words(gettext_lazy("有效期至")),
        "proof": Words(gettext_lazy("核验等级"), options="proof_level"),
        "file_sha256": Words(gettext_lazy("证书扫描件")),
        "document_number": Words(gettext_lazy("文书编号")),
    }

    def title(self, case: Any) -> str:
        """Kind and number."""
        return f"{words('licence_kind', case.kind, case)} {case.number}"

    def search(self, text: str) -> Q:
        """By number or the holder's code."""
        return Q(number__contains=text) | Q(uscc__startswith=text.upper())

    def head(self, case: Any, at: datetime) -> tuple[Fact, ...]:
        """Who holds what until when."""
        return (
            Fact(_("统一社会信用代码"), case.uscc, "code", url=enterprise_url(case.uscc)),
            Fact(_("类别与等级"), scope(case)),
            Fact(_("有效期至"), case.valid_to, "date"),
        )

    def facts(self, case: Any, at: datetime) -> tuple[FactGroup, ...]:
        """Everything that the archive has of it."""
        return (
            FactGroup(
                _("证照"),
                (
                    Fact(_("证照种类"), words("licence_kind", case.kind, case)),
                    Fact(_("证书编号"), case.number, "code"),
                    Fact(_("持证人"), case.holder, "name"),
                    Fact(_("公民身份号码"), masks.resident_id(case.holder_id), "masked"),
                    Fact(_("发证机关"), case.issuer, "name"),
                    Fact(_("有效期自"), case.valid_from, "date"),
                    Fact(_("有效期至"), case.valid_to, "date"),
                    Fact(_("核验等级"), words("proof_level", case.proof, case)),
                ),
            ),
        )

    def masked(self, case: Any, name: str) -> str | None:
        """The holder's identity number, for those entitled who say why."""
        return str(case.holder_id) if name == "holder_id" and case.holder_id else None

    def parties(self, case: Any, at: datetime) -> tuple[Party, ...]:
        """Who holds it."""
        return (Party(_("持证单位"), case.uscc, case.uscc),)


def words(listed: str, code: str, case: Licence) -> str:
    """A code's words in the list of the day on which the licence was recorded."""
    options = dict(law.options(listed, case.opened_at, citing.language()))
    return options.get(code, code)


def scope(case: Licence) -> str:
    """Trade and grade of a qualification; whose and which a personal certificate is."""
    if case.kind == "person":
        kind = words("person_certificate", case.certificate, case)
        trade = words("person_trade", case.trade, case)
        return " ".join(filter(None, (case.holder, kind, trade)))
    if not case.trade:
        return case.holder
    trade = words("qualification_trade", case.trade, case)
    grade = words("qualification_grade", case.grade, case)
    said = pgettext("qualification", "%(trade)s %(grade)s")
    return said % {"trade": trade, "grade": grade} if grade else trade


presenters.register(LicencePresenter())
