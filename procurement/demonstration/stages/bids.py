"""Sealed bids in the play: keys, policy, five bids, closing, opening, with everybody's own tool.

``store["lot"]``: the lot's number (its documents approved, for :func:`policy`; its notice out, for
:func:`submit`). ``store["folder"]``: where everybody's own folders lie (absent: where a server
runs, its folder ``desks``, from which a person goes on; else a fresh one).
``store["envelopes"]``: bidder → envelope → name → bytes, where a bid has more in it than a word.
``store["stages"]``: in how many stages the lot is opened, where not in one.
``store["sheets"]``: bidder → fields of the opening sheet that differ from the usual ones.
"""

from __future__ import annotations

import tempfile
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings

from procurement.bids import opening, readings, selectors
from procurement.bids.machines import OPENING, POLICY
from procurement.bids.models import Bid, Opening, OpeningPolicy
from procurement.demonstration import browser
from procurement.demonstration.play import Play
from procurement.demonstration.stages import envelopes
from procurement.demonstration.tools import Desk, side_by_side
from procurement.tendering import selectors as tendering

OWNER, AGENCY = "owner1", "agency1"
TRUSTEES = ("trustee1", "trustee2", "trustee3")
BIDDERS = envelopes.BIDDERS
# What the price formula lowers its benchmark by, in percent: one of the lot's factors.
FACTOR = "factor"


def play(p: Play) -> None:
    """Bids of a lot whose notice is out, to their opening."""
    number = p.store["lot"]
    submit(p, number)
    open_lot(p, number)


def desk(p: Play, who: str) -> Desk:
    """Somebody's own folder in this play."""
    desks: dict[str, Desk] = p.store.setdefault("desks", {})
    if who not in desks:
        root = p.store.get("folder") or _root(p)
        p.store["folder"] = root
        desks[who] = Desk(p, who, Path(root) / who)
        desks[who].folder.mkdir(parents=True, exist_ok=True)
    return desks[who]


def _root(p: Play) -> Path:
    if not p.base_url:
        return Path(tempfile.mkdtemp(prefix="zhuxin-play-"))
    root = Path(settings.VAR_DIR) / "desks"
    root.mkdir(mode=0o700, exist_ok=True)
    return root


def policy(p: Play, number: str) -> str:
    """Draw the opening policy up, make keys, rehearse, sign; its hash. Before the notice."""
    pk = draw_up(p, number)
    trustee(p, OWNER, number, "key", share=False)
    _trustees(p, number, "key", "rehearse")
    p.expect_state(POLICY.code, pk, "rehearsed")
    _sign(p, number)
    p.expect_state(POLICY.code, pk, "signed")
    p.settle()
    return selectors.signed_policy(number)


def draw_up(p: Play, number: str) -> int:
    """The opening policy as the agency draws it up, nobody's key in it yet; the case's key."""
    p.begin("opening policy")
    lot = tendering.lot_facts(number)
    assert lot is not None
    choices = ", ".join(lot.parameters["factors"])
    return p.open(
        POLICY.code,
        AGENCY,
        {
            "lot_number": number,
            "trustees": [{"uscc": p.actors[who].uscc} for who in TRUSTEES],
            "supervisor": p.actors["supervisor1"].uscc,
            "threshold": 2,
            "draws": [{"name": FACTOR, "choices": choices}] if choices else [],
            "padding_minimum": 1024 * 1024,
            "maximum_size": 256 * 1024 * 1024,
            "stages": p.store.get("stages", "one_stage"),
        },
    )


def extend(p: Play, number: str) -> str:
    """After the lot's deadline was put off: a newer version, signed by the same; its hash."""
    pk = OpeningPolicy.objects.exclude(state="superseded").get(lot_number=number).pk
    p.act(POLICY.code, pk, "extend", AGENCY)
    _sign(p, number)
    p.expect_state(POLICY.code, pk, "signed")
    return selectors.signed_policy(number)


def _sign(p: Play, number: str) -> None:
    trustee(p, OWNER, number, "sign-policy", share=False)
    _trustees(p, number, "sign-policy")


def submit(p: Play, number: str, bidders: tuple[str, ...] = BIDDERS, at_browser: str = "") -> None:
    """Everybody bids; one replaces, one withdraws and comes again, the last one comes too late.

    With fewer than three bidders each simply bids. at_browser: who seals at the page, where this
    machine has a Chromium; all others, and everybody elsewhere, do it by the command line.
    """
    p.begin("bids")
    for who in bidders:
        desk(p, who).prepare()
    path = browser.chromium() if at_browser and p.base_url else ""
    if at_browser and not path:
        p.note("no browser", instead_of=at_browser, why="no Chromium, or no playwright")
    seats = {at_browser: path}
    side_by_side(
        p, [partial(_bid, p, who, number, "bid", chromium=seats.get(who, "")) for who in bidders]
    )
    if len(bidders) >= 3:
        _bid(p, bidders[1], number, "new", before="bid", cut=12_300_00)
        second = desk(p, bidders[2])
        second.run(
            "withdraw", second.path("bid.zxb"), *second.lot(number), *second.signer(),
            *second.trust([]), "--reason", "报价有误，撤回后重新递交（演示）",
        )  # fmt: skip
        p.note("withdrawn", who=bidders[2])
        _bid(p, bidders[2], number, "new", before="bid", cut=4_000_00)
        seal(p, bidders[-1], number, "late", before="bid", cut=500_000_00)
    p.expect(Bid.objects.filter(lot_number=number).count() == len(bidders), "a bid is missing")
    found = readings.in_force(number)
    assert found is not None
    p.until(found.policy.deadline + timedelta(seconds=1))
    if len(bidders) >= 3:
        last = desk(p, bidders[-1])
        last.refused(
            "submit", last.path("late.zxb"), *last.lot(number), *last.trust([]),
            codes={"sealing.bid.deadline"},
        )  # fmt: skip
        bid = Bid.objects.get(lot_number=number, bidder_uscc=p.actors[bidders[-1]].uscc)
        p.expect(bid.bid_version == 1, "a late replacement took effect")
    p.settle()


def _bid(
    p: Play, who: str, number: str, name: str, *, before: str = "", cut: int = 0, chromium: str = ""
) -> None:
    seal(p, who, number, name, before=before, cut=cut, chromium=chromium)
    at = desk(p, who)
    told = at.run("submit", at.path(f"{name}.zxb"), *at.lot(number), *at.trust([]), *at.wait())
    p.note(
        "receipt", who=who, version=told["version"], manifest=told["manifest_sha256"],
        log=told["log_index"],
    )  # fmt: skip


def seal(
    p: Play, who: str, number: str, name: str, *, before: str = "", cut: int = 0, chromium: str = ""
) -> None:
    """Seal a bid at the bidder's own desk as ``name``.zxb, ``cut`` fen below the usual price.

    chromium: where there is one that is to seal a first version, at the page from disk.
    """
    at = desk(p, who)
    folders, sheet = envelopes.lay(at, number, name, cut)
    if chromium and _at_the_page(at, number, name, folders, sheet, chromium):
        p.note("sealed", who=who, lot=number, bid=name, by=browser.PROGRAM)
        return
    words = [w for e, folder in folders.items() for w in ("--envelope", f"{e}={folder}")]
    if before:
        words += ["--replaces", at.path(f"{before}.zxb")]
    at.run(
        "seal", *at.lot(number), *at.signer(), *at.trust(_parties(p)), *words,
        "--sheet", at.path(f"{name}.sheet.json"), "--recovery", at.path(f"{name}.recovery"),
        *at.passphrase(), "-o", at.path(f"{name}.zxb"),
    )  # fmt: skip
    p.note("sealed", who=who, lot=number, bid=name, by="command line")


def _at_the_page(
    at: Desk, number: str, name: str, folders: dict[str, Path], sheet: dict[str, Any], path: str
) -> bool:
    """Seal in a Chromium; false, and said, where it does not start."""
    try:
        browser.seal(at, number, name, _parties(at.p), folders, sheet, path)
    except browser.NotStarted as fault:
        at.p.note("no browser", instead_of=at.who, why=str(fault))
        return False
    return True


def open_lot(p: Play, number: str) -> None:
    """Trustees sign the list, draw, check, release; two of three open. One may stay away."""
    p.begin("opening")
    case = opening.of_lot(number)
    _trustees(p, number, "check")
    trustee(p, OWNER, number, "reveal", share=False)
    _trustees(p, number, "reveal")
    p.expect_state(OPENING.code, case.pk, "drawn")
    _trustees(p, number, "mark")
    p.expect_state(OPENING.code, case.pk, "checked")
    _trustees(p, number, "release", who=TRUSTEES[1:])
    p.settle()
    p.expect_state(OPENING.code, case.pk, "opened")
    _trustees(p, number, "destroy")
    found = selectors.opened_bids(number)
    lot = tendering.lot_facts(number)
    ceiling = lot.ceiling_price_fen if lot else 0
    high = [bid.name for bid in found if ceiling and bid.price_fen > ceiling]
    p.expect(not high, f"bids above the ceiling of {ceiling}: {high}")
    p.store["opened_bids"] = found
    p.store["drawn"] = selectors.drawn(number)
    p.note(
        "opened", bids=[(bid.name, bid.price_fen) for bid in found], drawn=p.store["drawn"],
        record=Opening.objects.get(pk=case.pk).list_sha256,
    )  # fmt: skip


def open_stages(p: Play, number: str, failed: dict[str, str]) -> None:
    """Both openings of a lot of two envelopes. failed: bidder → why it did not pass the first."""
    p.begin("opening, technical")
    first = opening.of_lot(number)
    _trustees(p, number, "check")
    if first.policy.draws:
        trustee(p, OWNER, number, "reveal", share=False)
        _trustees(p, number, "reveal")
    _trustees(p, number, "mark")
    _trustees(p, number, "release", who=TRUSTEES[1:])
    p.settle()
    p.expect_state(OPENING.code, first.pk, "stage_opened")
    p.expect(not selectors.opened_bids(number), "a price was opened before its stage")
    p.begin("opening, price")
    owner = desk(p, OWNER)
    owner.write("report.pdf", b"%PDF-1.7 (the committee's signed report of the stage)")
    words = [w for who, why in failed.items() for w in ("--failed", f"{p.actors[who].uscc}={why}")]
    owner.run(
        "result", *owner.lot(number), *owner.signer(), *owner.trust([]),
        "--report", owner.path("report.pdf"), *words,
    )  # fmt: skip
    p.settle()
    p.expect_state(OPENING.code, first.pk, "concluded")
    case = opening.of_lot(number)
    _trustees(p, number, "rehearse", "check", who=TRUSTEES[:2])
    _trustees(p, number, "mark", who=TRUSTEES[:2])
    _trustees(p, number, "release", who=TRUSTEES[:2])
    p.settle()
    p.expect_state(OPENING.code, case.pk, "opened")
    _trustees(p, number, "destroy")


def _trustees(p: Play, number: str, *steps: str, who: tuple[str, ...] = TRUSTEES) -> None:
    """The same steps by several trustees, each on its own machine."""
    for name in who:
        desk(p, name).prepare()
    side_by_side(p, [partial(trustee, p, name, number, *steps) for name in who])


def trustee(p: Play, who: str, number: str, *steps: str, share: bool = True) -> dict[str, Any]:
    """Steps of a party to the policy at its own machine; share: whether it holds one."""
    at = desk(p, who)
    at.prepare()
    more = [] if share else ["--no-share"]
    told = at.run(
        "trustee", *steps, *at.lot(number), *at.signer(), *at.trust(_parties(p)),
        "--keep", at.path(f"keep-{number}"), *at.passphrase(), *more,
    )  # fmt: skip
    p.note(f"trustee {' '.join(steps)}", who=who, lot=number)
    return told


def _parties(p: Play) -> list[str]:
    return [p.actors[who].uscc for who in (OWNER, *TRUSTEES)]
