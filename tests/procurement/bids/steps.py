"""Steps that tests of an opening share: a closed lot, cures, protests, stages."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

from django.db import connection

from kernel import clock
from kernel.sealing.bids import closing as closing_formats
from kernel.sealing.bids import cures, making, protests, releasing, results
from kernel.sealing.bids import receipts as receipt_formats
from kernel.sealing.bids.manifest import read_manifest
from procurement.bids import (
    answers,
    bidding,
    closing,
    correcting,
    decrypting,
    gathering,
    opening,
    receipts,
    subscribers,
)
from procurement.bids.models import Bid, BidVersion, Opening, StageRehearsal
from tests.procurement.bids.support import LOT, TRUSTEES, World


def close(lot: World) -> Opening:
    """The deadline is over."""
    assert lot.lot.deadline is not None
    lot.at(lot.lot.deadline + timedelta(seconds=1))
    lot.lot.state = "closing"
    return closing.close(LOT)


def now(lot_number: str = LOT) -> Opening:
    """The opening as it is, of the newest stage."""
    return opening.of_lot(lot_number)


def ready(lot: World, *who: str) -> None:
    """The list is countersigned and everything revealed."""
    lot.countersign(*who)
    lot.reveal("owner", *TRUSTEES)


def finish(lot: World) -> Opening:
    """What the subscriber does once enough is released."""
    decrypting.open_lot(now().pk, clock.now())
    return now()


def settle() -> Opening:
    """What subscribers do after an act."""
    subscribers.go_on(now(), clock.now())
    return now()


def version_of(lot: World, name: str) -> BidVersion:
    """A bidder's newest version."""
    rows = BidVersion.objects.filter(bid__bidder_uscc=lot.people[name].uscc)
    return rows.select_related("bid").order_by("-number")[0]


def cure(lot: World, name: str, envelope: str, identity: bytes, **changes: Any) -> Any:
    """A bidder deals an envelope's key anew."""
    manifest = read_manifest(version_of(lot, name).manifest.encode())
    made = cures.make_cure(lot.in_force, manifest, envelope, identity, now().list_sha256)
    text = made.encode().decode()
    return lot.say(
        "cure", changes.get("by", name), cure=text, p7s=lot.p7s(changes.get("by", name), text)
    )


def mark_cured(lot: World, *names: str) -> None:
    """Trustees mark every cure that was given."""
    for name in names:
        told = answers.closed(LOT, lot.people[name])
        index = lot.in_force.index_of(lot.people[name].uscc)
        manifests = {
            m.sha256: m for m in (read_manifest(row["manifest"].encode()) for row in told["bids"])
        }
        marks = []
        for row in told["cures"]:
            given = cures.read_cure(row["cure"].encode())
            mark, _share = releasing.try_share(
                manifests[given.manifest_sha256], given.envelope, index, given.sealed[index],
                lot.keys[name], given.again,
            )  # fmt: skip
            marks.append(cures.CuredMark.of(given, mark))
        text = cures.CuredMarks(LOT, now().list_sha256, lot.people[name].uscc, tuple(marks))
        said = text.encode().decode()
        lot.say("mark_cured", name, cured_marks=said, p7s=lot.p7s(name, said))


def withdraw(lot: World, name: str) -> BidVersion:
    """A bidder takes its newest version back."""
    version = version_of(lot, name)
    wish = receipt_formats.Withdrawal(
        LOT, lot.people[name].uscc, version.manifest_sha256, ""
    ).encode().decode()  # fmt: skip
    bidding.withdraw(LOT, actor=lot.people[name], statement=wish, p7s=lot.p7s(name, wish), key="")
    return version_of(lot, name)


def relist(lot: World, name: str) -> None:
    """An operator writes a withdrawn bid back into its own database as a live one."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {Bid._meta.db_table} SET state = 'received' WHERE bidder_uscc = %s",
            [lot.people[name].uscc],
        )


def protest_dead(lot: World, name: str, version: BidVersion, **changes: Any) -> Any:
    """Who withdrew protests against the list by the withdrawal's receipt."""
    (text, p7s), (gone, gone_p7s) = receipts.of(version), receipts.of_withdrawal(version)
    made = protests.Protest(
        LOT, changes.get("list_sha256", now().list_sha256), lot.people[name].uscc,
        text.encode(), p7s, "已撤回", gone.encode(), changes.get("withdrawn_p7s", gone_p7s),
    )  # fmt: skip
    said = made.encode().decode()
    return lot.say("protest", name, protest=said, p7s=lot.p7s(name, said))


def protest(lot: World, name: str, version: BidVersion, **changes: Any) -> Any:
    """A receipt-holder protests against the list."""
    text, p7s = receipts.of(version)
    made = protests.Protest(
        LOT, changes.get("list_sha256", now().list_sha256), lot.people[name].uscc,
        text.encode(), changes.get("receipt_p7s", p7s), "不在名单上",
    )  # fmt: skip
    said = made.encode().decode()
    return lot.say("protest", name, protest=said, p7s=lot.p7s(name, said))


def conclude(lot: World, failed: dict[str, str], by: str = "owner") -> Any:
    """The procuring entity signs which bids passed the stage. failed: bidder → reason."""
    case = now()
    listed = closing_formats.read_list(case.list_text.encode())
    reasons = {version_of(lot, name).manifest_sha256: why for name, why in failed.items()}
    every = [bid.manifest_sha256 for bid in listed.bids]
    result = results.StageResult(
        LOT, case.stage, case.list_sha256, "ab" * 32,
        tuple(each for each in every if each not in reasons),
        tuple(results.Failed(each, reasons[each]) for each in every if each in reasons),
    )  # fmt: skip
    text = result.encode().decode()
    return lot.say("conclude", by, result=text, p7s=lot.p7s(by, text))


def rehearse_stage(lot: World, *names: str) -> None:
    """Trustees answer the later stage's challenge."""
    from kernel.sealing.bids import trustees

    for name in names:
        uscc = lot.people[name].uscc
        challenge = StageRehearsal.objects.get(opening=now(), uscc=uscc).challenge
        answer = trustees.answer_challenge(challenge.encode(), LOT, uscc, lot.keys[name]).decode()
        lot.say("rehearse", name, answer=answer, p7s=lot.p7s(name, answer))


def later(lot: World, *names: str) -> tuple[str, ...]:
    """Trustees at the next stage; each acts under a name of its own there."""
    for name in names:
        for table in (lot.people, lot.keys):
            table[name + "p"] = table[name]
        lot.signers[name + "p"] = lot.signer(name)
    return tuple(name + "p" for name in names)


def drop(lot: World, name: str) -> None:
    """An operator takes a bid out of its own database, with the file."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {Bid._meta.db_table} SET state = 'withdrawn' WHERE bidder_uscc = %s",
            [lot.people[name].uscc],
        )


def give(lot: World, name: str, data: bytes) -> Opening:
    """A bidder gives the file of its receipted bid again."""
    return correcting.give_again(
        LOT, version_of(lot, name).manifest_sha256, actor=lot.people[name],
        read=io.BytesIO(data).read, at=clock.now(),
    )  # fmt: skip


def again(lot: World, *names: str) -> None:
    """The same trustees under the corrected list."""
    for name in names:
        lot.people[name + "x"] = lot.people[name]
        lot.keys[name + "x"] = lot.keys[name]
        lot.signers[name + "x"] = lot.signer(name)
    new = [name + "x" for name in names]
    lot.countersign(*new)
    lot.mark(*new)
    lot.release(*new)


def uncured(world: World, monkeypatch: Any) -> World:
    """Three bids are listed; two trustees say that the first one's price shares are bad."""
    monkeypatch.setattr(closing, "machine", lambda _code: None)
    world.policy()
    made: list[Any] = []
    real = making.seal_bid

    def sealing(*args: Any, **more: Any) -> Any:
        made.append(real(*args, **more))
        return made[-1]

    monkeypatch.setattr(making, "seal_bid", sealing)
    for name in ("bidder1", "bidder2", "bidder3"):
        world.bid(name)
    world.identities = made[0].identities
    close(world)
    ready(world, "trustee1", "trustee2")
    price = version_of(world, "bidder1").manifest_sha256

    def bad(mark: Any) -> bool:
        return (mark.manifest_sha256, mark.envelope) == (price, "price")

    world.mark("trustee1", "trustee2", bad=bad)
    honest = world.opened_shares

    def cured(name: str) -> Any:
        """What a trustee sends: of a cured envelope the cured share."""
        listed, manifests, found = honest(name)
        rows = gathering.told(gathering.said(now()))
        index = world.in_force.index_of(world.people[name].uscc)
        shares = []
        for mark, share in found:
            place = mark.manifest_sha256, mark.envelope
            if rows.again(place, 2):
                given: cures.Cure = rows.cures[place]
                mark, share = releasing.try_share(
                    manifests[place[0]], place[1], index, given.sealed[index], world.keys[name],
                    given.again,
                )  # fmt: skip
            elif bad(mark):
                share = None
            shares.append((mark, share))
        return listed, manifests, shares

    monkeypatch.setattr(world, "opened_shares", cured)
    return world
