"""``manage.py people``: who takes part. An administrator's tool; every write stands in the log."""

from __future__ import annotations

import os
import pwd
from argparse import ArgumentTypeError
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from kernel import clock
from kernel.access.table import TABLE
from kernel.errors import Refused, catalogue
from kernel.identifiers import masks
from kernel.parties.models import ApiToken, Certificate, Membership, Organisation, Person
from kernel.workflow import administration
from kernel.workflow.administration import Administrator
from kernel.workflow.administration_certificates import add_certificate
from kernel.workflow.administration_factors import reset_factors


class Command(BaseCommand):
    """One subcommand per write, and a list; a refusal is told in words, with status 1."""

    help = "Register organisations, people, accounts, memberships, certificates and tokens."

    def add_arguments(self, parser: CommandParser) -> None:
        """One subcommand each; every write takes ``--reason``."""
        commands = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
        for name, words, arguments in _ACTIONS:
            sub = commands.add_parser(name, help=words)
            for flags, options in arguments:
                sub.add_argument(*flags, **options)
            if name != "list":
                sub.add_argument("--reason", default="", help="why, for the log")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the subcommand."""
        action = getattr(self, "_" + options["action"].replace("-", "_"))
        try:
            action(options)
        except Refused as refused:
            raise CommandError(_in_words(refused)) from refused

    def _add_organisation(self, options: dict[str, Any]) -> None:
        made, code = administration.add_organisation(
            **_by(options),
            code=options["uscc"],
            name=options["name"],
            region=options["region"],
            authority=options["authority"],
        )
        for warning in code.warnings:
            words = f"{catalogue.message(warning)}：{catalogue.cure(warning)}"
            self.stderr.write(self.style.WARNING(words))
        self._done(_("已登记单位 %(id)s：%(what)s"), made.pk, made.name)

    def _add_person(self, options: dict[str, Any]) -> None:
        made = administration.add_person(
            **_by(options),
            name=options["name"],
            identity_number=options["resident_id"],
            phone=options["phone"],
        )
        self._done(_("已登记人员 %(id)s：%(what)s"), made.pk, made.name)

    def _add_account(self, options: dict[str, Any]) -> None:
        user, password = administration.add_account(
            **_by(options), username=options["username"], person_id=options["person"]
        )
        self._done(_("已建立账号 %(id)s：%(what)s"), user.pk, user.username)
        self._secret(_("临时密码（只显示这一次，首次登录后必须修改）："), password)

    def _reset_second_factor(self, options: dict[str, Any]) -> None:
        user, number = reset_factors(**_by(options), username=options["username"])
        self._done(
            _("已解除账号 %(what)s 的两步验证 %(id)s 项，登录只凭密码"), number, user.username
        )

    def _add_membership(self, options: dict[str, Any]) -> None:
        made = administration.add_membership(
            **_by(options),
            person_id=options["person"],
            organisation_id=options["organisation"],
            role=options["role"],
            first=options["from"],
            last=options["to"],
        )
        self._done(_("已登记任职 %(id)s：%(what)s"), made.pk, TABLE.role_label(made.role))

    def _end_membership(self, options: dict[str, Any]) -> None:
        found = administration.end_membership(
            **_by(options),
            membership_id=options["membership"],
            last=options["last"] or clock.today(),
        )
        self._done(_("任职 %(id)s 的最后一日：%(what)s"), found.pk, str(found.valid_to))

    def _add_certificate(self, options: dict[str, Any]) -> None:
        try:
            data = options["file"].read_bytes()
        except OSError as fault:
            raise CommandError(
                _("无法读取 %(path)s：%(why)s") % {"path": options["file"], "why": fault.strerror}
            ) from fault
        made = add_certificate(
            **_by(options),
            organisation_id=options["organisation"],
            person_id=options["person"],
            data=data,
        )
        self._done(_("已登记证书 %(id)s：%(what)s"), made.pk, made.subject)

    def _issue_token(self, options: dict[str, Any]) -> None:
        token, secret = administration.issue_token(
            **_by(options),
            membership_id=options["membership"],
            name=options["name"],
            days=options["days"],
        )
        self._done(_("已签发令牌 %(id)s：%(what)s"), token.pk, token.name)
        self._secret(_("令牌（只显示这一次）："), secret)

    def _revoke_token(self, options: dict[str, Any]) -> None:
        found = administration.revoke_token(**_by(options), token_id=options["token"])
        self._done(_("已撤销令牌 %(id)s：%(what)s"), found.pk, found.name)

    def _list(self, options: dict[str, Any]) -> None:
        for part in [options["part"]] if options["part"] else _PARTS:
            self.stdout.write(part)
            for row in _PARTS[part]():
                self.stdout.write("  " + "  ".join(cell for cell in row if cell))

    def _done(self, words: str, number: int, what: str) -> None:
        self.stdout.write(words % {"id": number, "what": what})

    def _secret(self, words: str, secret: str) -> None:
        # A line of its own, so that it can be read out or cut without the words.
        self.stdout.write(words)
        self.stdout.write(secret)


def _by(options: dict[str, Any]) -> dict[str, Any]:
    """Who and when. The account is the process's own, not what its environment says."""
    user = os.getuid()
    try:
        account = pwd.getpwuid(user).pw_name
    except KeyError:
        account = str(user)
    behind = os.environ.get("SUDO_USER", "")
    account = f"{account} (sudo: {behind})" if behind else account
    return {"by": Administrator(account, options["reason"]), "at": clock.now()}


def _in_words(refused: Refused) -> str:
    lines = []
    for refusal in refused.refusals:
        cure = catalogue.cure(refusal)
        lines.append(catalogue.message(refusal) + (f"。{cure}" if cure else ""))
    return "\n".join(lines)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError("a date like 2026-01-31 is needed") from None


Rows = Iterable[tuple[str, ...]]


def _organisations() -> Rows:
    for one in Organisation.objects.order_by("pk"):
        yield str(one.pk), one.uscc, one.region, one.authority, one.name


def _people() -> Rows:
    for one in Person.objects.select_related("user").order_by("pk"):
        account = one.user.username if hasattr(one, "user") else ""
        number = masks.resident_id(one.resident_id) if one.resident_id else ""
        yield str(one.pk), one.name, number, account


def _memberships() -> Rows:
    for one in Membership.objects.select_related("person", "organisation").order_by("pk"):
        period = f"{one.valid_from} – {one.valid_to or ''}".rstrip()
        yield str(one.pk), one.person.name, one.organisation.name, one.role, period


def _certificates() -> Rows:
    for one in Certificate.objects.select_related("organisation").order_by("pk"):
        until = clock.legal_date(one.valid_to).isoformat()
        yield str(one.pk), one.fingerprint[:16], until, one.organisation.name, one.subject


def _tokens() -> Rows:
    now = clock.technical_now()
    for one in ApiToken.objects.order_by("pk"):
        state = _("已撤销") if one.revoked_at else _("已过期") if one.expires_at <= now else ""
        until = clock.legal_date(one.expires_at).isoformat()
        yield str(one.pk), str(one.membership_id), until, state, one.name


_PARTS: dict[str, Callable[[], Rows]] = {
    "organisations": _organisations,
    "people": _people,
    "memberships": _memberships,
    "certificates": _certificates,
    "tokens": _tokens,
}

_NUMBER: dict[str, Any] = {"type": int, "required": True, "metavar": "ID"}
_DATE: dict[str, Any] = {"type": _day, "metavar": "DATE"}
Argument = tuple[tuple[str, ...], dict[str, Any]]
_ACTIONS: tuple[tuple[str, str, tuple[Argument, ...]], ...] = (
    (
        "add-organisation",
        "register an organisation",
        (
            (("uscc",), {"metavar": "USCC"}),
            (("name",), {"metavar": "NAME"}),
            (("--region",), {"required": True, "help": "six digits (GB/T 2260)"}),
            (("--authority",), {"default": "", "choices": ["", *administration.LEVELS]}),
        ),
    ),
    (
        "add-person",
        "register a natural person",
        (
            (("name",), {"metavar": "NAME"}),
            (("--resident-id",), {"default": ""}),
            (("--phone",), {"default": ""}),
        ),
    ),
    (
        "add-account",
        "an account with a temporary password",
        ((("username",), {"metavar": "USERNAME"}), (("--person",), _NUMBER)),
    ),
    (
        "reset-second-factor",
        "for whoever lost phone and recovery codes, and came in person",
        ((("username",), {"metavar": "USERNAME"}),),
    ),
    (
        "add-membership",
        "a person acts for an organisation in a role",
        (
            (("--person",), _NUMBER),
            (("--organisation",), _NUMBER),
            (("--role",), {"required": True, "help": "as in ./dev manage access"}),
            (("--from",), _DATE | {"required": True}),
            (("--to",), _DATE | {"default": None}),
        ),
    ),
    (
        "end-membership",
        "set the last day of a membership",
        (
            (("membership",), {"type": int, "metavar": "ID"}),
            (("--last",), _DATE | {"default": None, "help": "today, if left out"}),
        ),
    ),
    (
        "add-certificate",
        "register a signing certificate",
        (
            (("file",), {"type": Path, "metavar": "FILE.pem"}),
            (("--organisation",), _NUMBER),
            (("--person",), _NUMBER | {"required": False, "help": "none: the seal"}),
        ),
    ),
    (
        "issue-token",
        "a token for a system",
        (
            (("--membership",), _NUMBER),
            (("--name",), {"required": True, "help": "what it is for"}),
            (("--days",), {"type": int, "required": True}),
        ),
    ),
    ("revoke-token", "end a token now", ((("token",), {"type": int, "metavar": "ID"}),)),
    ("list", "what is registered", ((("part",), {"nargs": "?", "choices": list(_PARTS)}),)),
)
