"""``manage.py evidence``: check the log, sign a head, write proofs, dossiers and anchors."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from kernel import clock
from kernel.errors import Refused, catalogue
from kernel.evidence import anchors as anchoring
from kernel.evidence import audit, authorities, formats, keys, proofs, reading, services, witnesses
from kernel.identifiers import uscc as usccs
from kernel.sealing import canonical
from kernel.sealing.certificates import der, load_many, pem, subject_text
from kernel.workflow import audit as workflow_audit


class Command(BaseCommand):
    """The log's commands; every one exits with 1 where it refuses or finds a fault."""

    help = "Check the evidence log, sign a head, write proofs, dossiers and anchors."

    def add_arguments(self, parser: CommandParser) -> None:
        """One subcommand each."""
        commands = parser.add_subparsers(dest="action", required=True)
        verify = commands.add_parser("verify", help="check the whole log from its rows")
        verify.add_argument("--trust", type=Path, help="anchors of former log keys")
        verify.add_argument(
            "--cases", action="store_true", help="hold every act and case against the log too"
        )
        head = commands.add_parser("head", help="sign a head now")
        head.add_argument("--rotate", action="store_true", help="go over to another log key")
        _output(head, required=False)
        export = commands.add_parser("export", help="proof file of all entries of a case")
        export.add_argument("--case", required=True)
        export.add_argument("--all", action="store_true", help="entries that are not public too")
        _output(export)
        anchors = commands.add_parser("anchors", help="the log's public key, to be vouched for")
        anchors.add_argument("--trust", type=Path, help="anchors of former log keys to carry on")
        anchors.add_argument(
            "--roots", type=Path, help="PEM of the authorities' roots to vouch for"
        )
        anchors.add_argument(
            "--organisation",
            action="append",
            default=[],
            metavar="USCC=NAME",
            help="who may stand in opening policies; once each",
        )
        witness = commands.add_parser("witness", help="enter a witness's key, in the log too")
        witness.add_argument("--name", required=True)
        witness.add_argument("--uscc", required=True)
        witness.add_argument("--key", type=Path, required=True, help="witness.json of the program")
        _output(anchors)
        prove = commands.add_parser("prove", help="proof file of one entry")
        prove.add_argument("index", type=int)
        _output(prove)
        consistency = commands.add_parser("consistency", help="proof between two sizes")
        consistency.add_argument("first", type=int)
        consistency.add_argument("second", type=int)
        _output(consistency)

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the subcommand; a refusal becomes its words and status 1."""
        try:
            getattr(self, f"_{options['action']}")(options)
        except Refused as refused:
            raise CommandError(_words(refused)) from refused

    def _verify(self, options: dict[str, Any]) -> None:
        former = {log: anchor.spki for log, anchor in _former(options["trust"]).items()}
        trusted = keys.known() | former
        summary = audit.check(trusted, self._progress)
        self.stdout.write(
            _("日志完好：%(entries)s 条，其中已清除内容 %(erased)s 条；树头 %(heads)s 个。")
            % vars(summary)
        )
        if summary.unsigned:
            self.stdout.write(_("末尾 %(unsigned)s 条尚无签名树头。") % vars(summary))
        if options["cases"]:
            held = workflow_audit.check()
            self.stdout.write(
                _("办理记录 %(acts)s 条、未获准 %(attempts)s 条、业务 %(cases)s 件与日志相符。")
                % vars(held)
            )

    def _head(self, options: dict[str, Any]) -> None:
        sign = services.rotate_key if options["rotate"] else services.sign_head
        head = sign(clock.now(), keys.signer())
        self.stdout.write(
            _("已签名树头：%(size)s 条，根 %(root)s。")
            % {"size": head.size, "root": bytes(head.root).hex()}
        )
        if options["output"]:
            self._write(options, proofs.head_file(head))

    def _export(self, options: dict[str, Any]) -> None:
        self._write(options, proofs.dossier(options["case"], include_private=bool(options["all"])))

    def _anchors(self, options: dict[str, Any]) -> None:
        # Never a log key out of the database: whoever writes there could have himself vouched for.
        logs = [(anchor.name, anchor.spki) for anchor in _former(options["trust"]).values()]
        own = keys.signer().spki
        if own not in [spki for _name, spki in logs]:
            logs.append((_("筑信存证日志"), own))
        value = formats.anchors(
            logs,
            witnesses=[(w.name, w.uscc, bytes(w.spki)) for w in witnesses.registered()],
            authorities=_roots(options["roots"]),
            timestamp_authorities=[
                (each.name, pem(each.anchors.certificates).decode(), each.anchors.demonstration)
                for each in authorities.all_of_them()
            ],
            organisations=[_organisation(word) for word in options["organisation"]],
            demonstration=bool(settings.SANDBOX),
        )
        self._write(options, value)

    def _witness(self, options: dict[str, Any]) -> None:
        uscc = options["uscc"]
        usccs.parse(uscc)
        made = witnesses.register(
            name=options["name"], uscc=uscc, spki=_public_key(options["key"]), at=clock.now()
        )
        self.stdout.write(
            _("已登记见证人 %(name)s，密钥 %(key)s，存证第 %(index)s 号。")
            % {"name": made.name, "key": made.key_id, "index": made.log_index}
        )

    def _prove(self, options: dict[str, Any]) -> None:
        self._write(options, proofs.bundle(options["index"]))

    def _consistency(self, options: dict[str, Any]) -> None:
        first, second = options["first"], options["second"]
        proof = proofs.prove_consistency(first, second)
        self._write(options, formats.consistency(first, second, proof))

    def _write(self, options: dict[str, Any], value: dict[str, Any]) -> None:
        path: Path = options["output"]
        path.write_bytes(canonical.encode(value))
        self.stdout.write(_("已写入 %(path)s。") % {"path": path})

    def _progress(self, done: int, total: int) -> None:
        # Every 50,000 entries, and never on a pipe's every line: the log may have millions.
        if done % 50_000 == 0:
            self.stdout.write(_("已核验 %(done)s / %(total)s 条") % {"done": done, "total": total})


def _output(parser: ArgumentParser, required: bool = True) -> None:
    parser.add_argument("-o", "--output", type=Path, required=required, metavar="FILE")


def _former(path: Path | None) -> dict[str, anchoring.Anchor]:
    if path is None:
        return {}
    try:
        return anchoring.read_anchors(path).logs
    except reading.Unsound as found:
        raise CommandError(_("信任锚文件无效：%(code)s。") % {"code": found.code}) from found


def _roots(path: Path | None) -> list[tuple[str, bytes]]:
    if path is None:
        return []
    return [(subject_text(root), der(root)) for root in load_many(path.read_bytes())]


def _organisation(word: str) -> tuple[str, str]:
    uscc, _sign, name = word.partition("=")
    return uscc, name or uscc


def _public_key(path: Path) -> bytes:
    try:
        value = reading.read_file(path, formats.WITNESS_FORMAT)
        return reading.base64_field(value, "key", path.name)
    except reading.Unsound as found:
        raise CommandError(_("见证人公钥文件无效：%(code)s。") % {"code": found.code}) from found


def _words(refused: Refused) -> str:
    lines = []
    for refusal in refused.refusals:
        lines.append(catalogue.message(refusal) + catalogue.cure(refusal))
    return "\n".join(lines)
