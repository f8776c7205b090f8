"""Play one whole project against a server of its own; or let an absent actor of the play act."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from kernel.errors import Refused
from kernel.web.refusals import in_words
from kernel.web.words import with_note
from kernel.workflow.machines import machine
from procurement.bidder.main import language
from procurement.demonstration import dossier, own_server, telling
from procurement.demonstration.play import Play
from procurement.demonstration.unexpected import Unexpected


class Command(BaseCommand):
    """``demo``: the whole play; ``demo act``, ``demo sign``: for somebody who is not there."""

    help = "Play a project from registration to completion filing in a sandbox."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """What to play, where, and how to tell it."""
        parser.add_argument("--json", action="store_true", help="tell everything as one JSON")
        parser.add_argument("--folder", help="where server and dossier live (a fresh one)")
        parser.add_argument(
            "--here", metavar="URL", help="play in this installation, whose server answers there"
        )
        verbs = parser.add_subparsers(dest="verb")
        act = verbs.add_parser("act", help="let somebody of the demonstration act")
        act.add_argument("who", help="log-in name, e.g. officer1")
        act.add_argument("machine", help="e.g. procurement.works")
        act.add_argument("case", type=int, help="key of the case; 0 opens one")
        act.add_argument("transition")
        act.add_argument("payload", nargs="?", default="{}", help="JSON")
        act.add_argument("--sign", action="store_true", help="sign what then waits for them")

        sign = verbs.add_parser("sign", help="let somebody sign what waits for them")
        sign.add_argument("who", help="log-in name, e.g. expert01")
        sign.add_argument("machine", help="e.g. procurement.evaluation")
        sign.add_argument("case", type=int, help="key of the case")

    def handle(self, *args: Any, **options: Any) -> None:
        """Play, or act."""
        if not settings.SANDBOX:
            raise CommandError("the play belongs in a sandbox only")
        if options["verb"] in {"act", "sign"}:
            self._for_somebody(options)
        elif options["here"] is not None:
            self._play(options["here"], as_json=options["json"])
        else:
            sys.exit(own_server.run(options["folder"], as_json=options["json"]))

    def _play(self, base_url: str, *, as_json: bool) -> None:
        from procurement.demonstration import life

        told = telling.Told(self.stdout, as_json=as_json)
        p = Play(telling.people(), telling.pin(), base_url, told.step)
        told.begin()
        try:
            life.play(p)
            p.head()
            summary = dossier.write(p, Path(settings.VAR_DIR) / "dossier")
        except (Unexpected, Refused) as fault:
            told.failed(p, fault)
            sys.exit(1)
        told.ended(p, summary)

    def _for_somebody(self, options: dict[str, Any]) -> None:
        """One act, or one signature, of somebody who is not there."""
        p = Play(telling.people(), telling.pin())
        if options["who"] not in p.actors:
            raise CommandError(f"nobody is called {options['who']}: see demo-accounts.txt")
        # What is told is told in the language of who asked; codes stay as they are.
        with translation.override(language()):
            try:
                pk = self._act(p, options) if options["verb"] == "act" else options["case"]
                if options["verb"] == "sign" or options["sign"]:
                    p.sign(options["machine"], pk, options["who"])
                case = p.case(options["machine"], pk)
            except Refused as refused:
                for reason in in_words(refused.refusals):
                    said = with_note(reason.message, reason.article)
                    self.stderr.write(f"{reason.code}: {said}")
                sys.exit(1)
            except Unexpected as fault:
                raise CommandError(str(fault)) from fault
        self.stdout.write(f"{options['machine']}:{pk} {case.state} v{case.version}")

    def _act(self, p: Play, options: dict[str, Any]) -> int:
        code, who, payload = options["machine"], options["who"], _payload(options["payload"])
        if options["case"]:
            pk = p.act(code, options["case"], options["transition"], who, payload).case_pk
        else:
            _opens(code, options["transition"])
            pk = p.open(code, who, payload)
        p.settle()
        return pk


def _opens(code: str, transition: str) -> None:
    """A case begins with the act that its machine begins with, and with no other that was named."""
    found = machine(code)
    opening = found.opening if found else None
    if opening is not None and opening.code != transition:
        raise Unexpected(f"a {code} is opened by {opening.code}, not by {transition}")


def _payload(said: str) -> dict[str, Any]:
    """The payload that was given on the command line, as an object of JSON."""
    try:
        found = json.loads(said)
    except ValueError as fault:
        raise Unexpected(f"the payload is no JSON: {fault}") from fault
    if not isinstance(found, dict):
        raise Unexpected('the payload is no JSON object: write {"field": value}')
    return found
