"""The supervisor witnesses the log; at the end anybody checks the opening without the platform."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from kernel import clock
from kernel.evidence import formats, keys, witnesses
from kernel.evidence.dossiers import layout
from kernel.sealing import canonical
from kernel.sealing.certificates import der, load_many, subject_text
from procurement.bids import dossier
from procurement.demonstration.play import Play
from procurement.demonstration.stages.bids import BIDDERS, OWNER, TRUSTEES, desk

_SUPERVISOR, _OPERATOR = "supervisor1", "operator"
_ROOT = Path(__file__).resolve().parents[3]


def enter(p: Play) -> None:
    """The supervisor makes a key on its own machine; the operator enters it, and that is logged."""
    if not p.base_url:
        return
    at = desk(p, _SUPERVISOR)
    _run(p, "witness", "init", at.path("witness"))
    actor = p.actors[_SUPERVISOR]
    made = witnesses.register(
        name=actor.organisation_name, uscc=actor.uscc, spki=_public(p), at=clock.now()
    )
    p.note("witness", who=_SUPERVISOR, log=made.log_index)


def look(p: Play) -> None:
    """The supervisor follows the log to its newest head, and signs it."""
    if not p.base_url:
        return
    at = desk(p, _SUPERVISOR)
    at.prepare()
    _write_anchors(p, Path(at.path("anchors.json")), witness=False)
    _run(
        p, "witness", "follow", "--server", p.base_url, "--keep", at.path("witness"),
        "--anchors", at.path("anchors.json"),
    )  # fmt: skip
    p.note("witnessed", who=_SUPERVISOR)


def prove(p: Play, number: str, folder: Path) -> dict[str, Any]:
    """Write the lot's dossier and anchors into a folder, and verify it there as a stranger."""
    path, trust = folder / dossier.name_of(number, layout.PUBLIC), folder / "anchors.json"
    with path.open("wb") as target:
        for chunk in dossier.build(number).chunks:
            target.write(chunk)
    witnessed = bool(p.base_url)
    _write_anchors(p, trust, witness=witnessed)
    words = [str(path), "--trust", str(trust), "--witnesses", str(int(witnessed))]
    for who in BIDDERS:
        kept = sorted(desk(p, who).folder.glob("*.receipt.json"))
        words += [word for one in kept if _of(one, number) for word in ("--receipt", str(one))]
    told = _run(p, "verify", *words)
    nobody = _run(p, "verify", str(path), status=2)
    p.expect(nobody, "a dossier without anchors said nothing")
    lines = told.splitlines()
    p.note("dossier", lot=number, checks=len(lines), bytes=path.stat().st_size)
    return {"lot_dossier": str(path), "lot_dossier_checks": len(lines)}


def _of(receipt: Path, number: str) -> bool:
    text = json.loads(receipt.read_text("utf-8"))["receipt"]
    return bool(json.loads(text)["lot"] == number)


def _write_anchors(p: Play, path: Path, *, witness: bool) -> None:
    """Whom this play's people believe: what each has from the others, nothing of the dossier."""
    roots = load_many(Path(desk(p, _SUPERVISOR).path("roots.pem")).read_bytes())
    actor = p.actors[_SUPERVISOR]
    value = formats.anchors(
        [("log", spki) for spki in keys.known().values()],
        witnesses=[(actor.organisation_name, actor.uscc, _public(p))] if witness else [],
        authorities=[(subject_text(root), der(root)) for root in roots],
        organisations=[
            (p.actors[who].uscc, p.actors[who].organisation_name)
            for who in (OWNER, _OPERATOR, *TRUSTEES)
        ],
        demonstration=True,
    )
    path.write_bytes(canonical.encode(value))


def _public(p: Play) -> bytes:
    told = json.loads(Path(desk(p, _SUPERVISOR).path("witness/witness.json")).read_bytes())
    return base64.b64decode(told["key"])


def _run(p: Play, program: str, *words: str, status: int = 0) -> str:
    command: Sequence[str] = [sys.executable, "-m", f"kernel.evidence.{program}", *words]
    done = subprocess.run(  # noqa: S603  (our own program)
        command, cwd=_ROOT, capture_output=True, text=True, check=False, timeout=300
    )
    p.expect(done.returncode == status, f"{program}: {done.stdout[-1500:]}{done.stderr[-1500:]}")
    return done.stdout
