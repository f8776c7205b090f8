"""A lot's dossier: everything that shows, without the platform, how its bids were opened.

The same material gives the same bytes.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kernel import clock
from kernel.access.actors import Actor
from kernel.documents import storage
from kernel.documents.models import Document, DocumentState
from kernel.errors import NotFound
from kernel.evidence.dossiers import layout
from kernel.evidence.dossiers.layout import Index
from kernel.sealing.bids import stored_zip
from kernel.sealing.bids.closing import read_list
from kernel.sealing.bids.opening import read_record
from kernel.sealing.bids.results import read_result
from kernel.sealing.certificates import load, pem
from kernel.workflow import judge
from procurement.bids import (
    believed,
    dossier_keep,
    dossier_log,
    gathering,
    lots,
    moment_notes,
    opening,
    policy_stamps,
    receipts,
    stamps,
)
from procurement.bids.bid_machine import BID
from procurement.bids.dossier_pieces import Piece, ciphertext, measured
from procurement.bids.machines import OPENED, OPENING
from procurement.bids.models import Bid, BidStamp, BidVersion, Opening, OpeningStatement
from procurement.bids.readings import unpacked
from procurement.bids.relations import SEALED

Kind = OpeningStatement.Kind


@dataclass(frozen=True)
class Made:
    """A dossier ready to be sent: its index, and its bytes as they come."""

    index: Index
    chunks: Iterator[bytes]


def build(lot_number: str, *, scope: str = layout.PUBLIC) -> Made:
    """The dossier of a lot that was opened.

    scope: ``public``, or ``entitled`` for those who may have the other envelopes' keys too.
    NotFound ``procurement.opening.unknown`` before the record; Unavailable
    ``evidence.head.behind`` until a signed head covers the opening.
    """
    pieces = _pieces(_opened_case(lot_number), scope)
    entries = {name: measured(name, piece) for name, piece in sorted(pieces.items())}
    index = Index(lot_number, scope, tuple(row for row, _crc in entries.values()))
    data = index.encode()

    def packed() -> Iterator[stored_zip.Entry]:
        yield stored_zip.Entry.of(layout.INDEX, data)
        yield stored_zip.Entry.of(layout.SEAL, dossier_keep.seal(data))
        for name, (row, crc) in entries.items():
            yield stored_zip.Entry(name, row.size, crc, pieces[name].chunks())

    return Made(index, stored_zip.stream(packed()))


def file(lot_number: str, *, scope: str = layout.PUBLIC) -> Path:
    """The dossier as a file of this server, made where what it holds has changed.

    Raises as :func:`build`.
    """
    case = _opened_case(lot_number)
    state = dossier_log.state(case, list(_versions(lot_number)))
    path = dossier_keep.folder(lot_number) / f"{scope}-{state}.zip"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        try:
            with draft.open("wb") as target:
                for chunk in build(lot_number, scope=scope).chunks:
                    target.write(chunk)
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
    return path


def name_of(lot_number: str, scope: str) -> str:
    """What a dossier's file is called where it is taken away."""
    return f"{lot_number}.{scope}.dossier.zip"


def may_have_all(case: Opening, actor: Actor) -> bool:
    """Whether an actor gets the keys of every envelope: who may read every opened bid of the lot.

    These are the owner, its agency, the authorities and, once they judge it, the committee.
    """
    bids = Bid.objects.filter(lot_number=case.lot_number).exclude(state__in=SEALED)
    return bids.exists() and all(judge.readable(BID, bid, actor) for bid in bids)


def _opened_case(lot_number: str) -> Opening:
    case = opening.of_lot(lot_number)
    if case.state != OPENED and not _all_failed(case):
        raise NotFound.because("procurement.opening.unknown", lot=lot_number[:80])
    return case


def _all_failed(case: Opening) -> bool:
    """Whether the lot ended with a stage that nothing passed."""
    return bool(case.result_text) and not read_result(case.result_text.encode()).passed


def _pieces(case: Opening, scope: str) -> dict[str, Piece]:
    stages = dossier_log.stages(case)
    found: dict[str, bytes] = {**_certificates(case.lot_number), **_policies(case)}
    for stage in stages:
        found |= _opening(stage)
    pieces = {name: Piece(data) for name, data in found.items()}
    for version in _versions(case.lot_number):
        pieces |= {name: Piece(data) for name, data in _version(version).items()}
    for stage in stages:
        pieces |= _opened(stage, scope)
    papers = _documents(case)
    for place, document in enumerate(papers, start=1):
        assert document.signed_file is not None
        data = storage.read(document.signed_file)
        pieces[f"documents/{place:04d}.pdf"] = Piece(data, title=document.title)
    proofs = dossier_log.files(case, list(_versions(case.lot_number)), scope)
    return pieces | {name: Piece(data) for name, data in proofs.items()}


def _certificates(lot_number: str) -> dict[str, bytes]:
    dossier_keep.keep_lists(lot_number)
    files = believed.raw(clock.now())
    found = {layout.ROOTS: pem([load(one) for one in files.anchors])}
    if files.issuers:
        found[layout.ISSUERS] = pem([load(one) for one in files.issuers])
    kept = dossier_keep.lists(lot_number)
    return found | {f"crls/{place:04d}.crl": data for place, data in enumerate(kept, start=1)}


def _policies(case: Opening) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    listed = read_list(case.list_text.encode())
    rows = case.policy.versions.filter(in_force_at__isnull=False, number__lte=listed.policy_version)
    for version in rows.select_related("stamp").prefetch_related("signatures"):
        root = f"policy/{version.number:05d}"
        found[f"{root}/policy.json"] = version.text.encode()
        if (stamp := policy_stamps.of(version)) is not None:
            found[f"{root}/proof.json"] = stamp.text.encode()
            found[f"{root}/proof.tsr"] = bytes(stamp.token)
        for signature in version.signatures.all():
            found[f"{root}/signatures/{signature.uscc}.p7s"] = bytes(signature.p7s)
    for party in case.policy.parties.all():
        root = f"parties/{party.uscc}"
        found[f"{root}/announcement.json"] = party.announcement.encode()
        found[f"{root}/announcement.p7s"] = bytes(party.announcement_p7s)
        if party.place is not None:
            found[f"{root}/rehearsal/challenge.json"] = party.challenge.encode()
            found[f"{root}/rehearsal/secret.bin"] = bytes(party.secret)
            found[f"{root}/rehearsal/answer.json"] = party.answer.encode()
            found[f"{root}/rehearsal/answer.p7s"] = bytes(party.answer_p7s)
    return found


def _opening(case: Opening) -> dict[str, bytes]:
    """What was signed of one stage, by whom it binds."""
    root = f"openings/{case.stage}"
    found = {
        f"{root}/list.json": case.list_text.encode(),
        f"{root}/list.p7s": unpacked(case.list_p7s),
        f"{root}/record.json": case.record_text.encode(),
        f"{root}/record.p7s": unpacked(case.record_p7s),
        **moment_notes.files(case, root),
    }
    if case.draw_text:
        found[f"{root}/draw.json"] = case.draw_text.encode()
    if case.result_text:
        found[f"{root}/result.json"] = case.result_text.encode()
        found[f"{root}/result.p7s"] = unpacked(case.result_p7s)
    if (token := stamps.token_of(case)) is not None:
        found[f"{root}/list.tsr"] = bytes(token.token)
    for place, old in enumerate(case.replaced_lists.all(), start=1):
        found[f"{root}/replaced/{place:04d}.json"] = old.text.encode()
        found[f"{root}/replaced/{place:04d}.p7s"] = unpacked(old.p7s)
    for held in case.rehearsals.all():
        answer = case.statements.filter(of_list="", kind=Kind.REHEARSAL, uscc=held.uscc).first()
        if answer is not None:
            stem = f"{root}/rehearsals/{held.uscc}"
            found[f"{stem}/challenge.json"] = held.challenge.encode()
            found[f"{stem}/secret.bin"] = bytes(held.secret)
            found[f"{stem}/answer.json"] = answer.text.encode()
            found[f"{stem}/answer.p7s"] = bytes(answer.p7s)
    for row in case.statements.filter(of_list=""):
        stem = _stem(row)
        if stem:
            found[f"{root}/{stem}.p7s"] = bytes(row.p7s)
        if stem and row.kind != Kind.SIGNATURE:
            found[f"{root}/{stem}.json"] = row.text.encode()
    return found


_FOLDERS = {
    Kind.SIGNATURE: "signatures", Kind.MARKS: "marks", Kind.RELEASE: "releases",
    Kind.CURE: "cures", Kind.CURED: "cured", Kind.PROTEST: "protests",
}  # fmt: skip
_ONCE = (Kind.SIGNATURE, Kind.MARKS, Kind.RELEASE)  # of the others a name has the hash, too


def _stem(row: OpeningStatement) -> str:
    kind = Kind(row.kind)
    if kind not in _FOLDERS:
        return ""
    own = "" if kind in _ONCE else f"-{hashlib.sha256(row.text.encode()).hexdigest()[:16]}"
    return f"{_FOLDERS[kind]}/{row.uscc}{own}"


def _versions(lot_number: str) -> Any:
    rows = BidVersion.objects.filter(bid__lot_number=lot_number).select_related("bid")
    return rows.order_by("bid__bidder_uscc", "number")


def _version(version: BidVersion) -> dict[str, bytes]:
    root = layout.bid_folder(version.bid.bidder_uscc, version.number)
    text, p7s = receipts.of(version)
    found = {
        "manifest.json": version.manifest.encode(),
        "manifest.p7s": bytes(version.signature),
        "receipt.json": text.encode(),
        "receipt.p7s": bytes(p7s),
    }
    stamp = BidStamp.objects.filter(version=version).first()
    if stamp is not None and stamp.token:
        found["receipt.tsr"] = bytes(stamp.token)
    if stamp is not None and stamp.refusal:
        found |= {"fallen.json": stamp.refusal.encode(), "fallen.p7s": bytes(stamp.refusal_p7s)}
    if version.withdrawn_at is not None:
        text, p7s = receipts.of_withdrawal(version)
        found |= {
            "withdrawal.json": version.withdrawal.encode(),
            "withdrawal.p7s": bytes(version.withdrawal_p7s),
            "withdrawn.json": text.encode(),
            "withdrawn.p7s": bytes(p7s),
        }
    return {f"{root}/{name}": data for name, data in found.items()}


def _opened(case: Opening, scope: str) -> dict[str, Piece]:
    """The shares of the envelopes whose keys this scope has, and the ciphertext of the sheets.

    Of those that did not open too, to whom they are shown: everybody entitled tries again.
    """
    record, versions = read_record(case.record_text.encode()), gathering.listed_versions(case)
    found = {}
    for bid in record.bids:
        version = versions[bid.manifest_sha256]
        given = dict(version.envelopes.values_list("name", "shares"))
        root = layout.bid_folder(bid.bidder, bid.version)
        for line in bid.envelopes:
            public = line.name == layout.SHEET and bool(line.identity)
            shown = line.state == "opened" or layout.is_repeatable(line.reason)
            if not shown or not (public or scope == layout.ENTITLED):
                continue
            shares = {int(place): unpacked(share) for place, share in given[line.name].items()}
            found[f"{root}/{line.name}.shares.json"] = Piece(layout.shares(shares))
            if line.name == layout.SHEET and (piece := ciphertext(version)) is not None:
                found[f"{root}/{layout.SHEET}.age"] = piece
    return found


def _documents(case: Opening) -> list[Document]:
    """The issued papers of the lot and of its opening that the log names to everybody."""
    named = dossier_log.issued(case)
    wanted = {(OPENING.code, str(stage.pk)) for stage in dossier_log.stages(case)}
    wanted.add((lots.TENDER, str(case.lot_id)))
    rows = Document.objects.filter(
        state=DocumentState.ISSUED,
        case_machine__in=[machine for machine, _pk in wanted],
        case_pk__in=[pk for _machine, pk in wanted],
    ).select_related("signed_file")
    return [
        row
        for row in rows.order_by("issued_at", "pk")
        if (row.case_machine, row.case_pk) in wanted
        and row.signed_file is not None
        and row.signed_file.sha256 in named
    ]
