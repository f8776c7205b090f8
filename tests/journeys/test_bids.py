"""The stage of sealed bids, played on a lot that is published by its own acts."""

from __future__ import annotations

import io
import shutil
import subprocess

import pytest
from asn1crypto import x509 as asn1_x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from kernel import clock
from kernel.documents import demo_pki, storage, trust
from kernel.documents.models import Document
from kernel.evidence import keys
from kernel.parties.models import Organisation, Person
from kernel.sealing.certificates import der, load
from kernel.workflow import order
from procurement.bids import believed, lots, selectors
from procurement.bids.models import Bid
from procurement.demonstration import people
from procurement.demonstration.play import Play
from procurement.demonstration.stages import bids, credit
from procurement.tendering import needs
from procurement.tendering.models import Lot
from tests.procurement.tendering import samples

pytestmark = pytest.mark.django_db
PIN = "123456"
PLAYERS = (
    "owner1", "agency1", "supervisor1", "operator", *bids.TRUSTEES, *bids.BIDDERS,
)  # fmt: skip


@pytest.fixture
def play(september, settings, tmp_path, monkeypatch):
    settings.VAR_DIR = tmp_path
    believed.forget()
    trust.use(demo_pki.current)
    lots.use(None)
    actors = people.create("word")
    keys.signer()
    for name in PLAYERS:
        actor = actors[name]
        demo_pki.certify(
            Person.objects.select_related("user").get(pk=actor.person_id),
            Organisation.objects.get(pk=actor.organisation_id), PIN, clock.now(), rounds=1000,
        )  # fmt: skip
    for name, answer in {
        "bill": lambda sha256: needs.BillFacts(sha256, "GB/T 50500-2024", 7_900_000_00),
        "drawings_passed": lambda _number, _at: True,
    }.items():
        monkeypatch.setattr(getattr(needs, name), "_answer", answer)
    made = Play(actors, PIN, store={"folder": tmp_path / "desks"})
    yield made
    believed.forget()


def test_a_lot_of_two_envelopes_opens_prices_only_of_those_who_passed(play):
    p = play
    p.store["stages"] = "two_envelopes"
    lot = published(p)
    bids.submit(p, lot.number)
    bids.open_stages(p, lot.number, {bids.BIDDERS[3]: "技术标不满足招标文件要求（演示）"})
    opened = selectors.opened_bids(lot.number)
    shut = p.actors[bids.BIDDERS[3]].uscc
    assert len(opened) == 4
    assert shut not in {bid.bidder_uscc for bid in opened}
    assert {tuple(sorted(bid.files)) for bid in opened} == {
        ("opening_sheet", "price", "qualification", "technical")
    }
    bid = Bid.objects.get(lot_number=lot.number, bidder_uscc=shut)
    assert (bid.state, bid.price_fen) == ("not_passed", None)
    assert not bid.versions.exclude(vault="").exists()
    assert Lot.objects.get(pk=lot.pk).state == "evaluating"
    seal_holds(Document.objects.get(form="procurement.opening.record", state="issued"), p)


def seal_holds(record, p):
    """The record's bytes, as others read them: one seal, the platform's, over all of it."""
    pdf = storage.read(record.signed_file)
    (found,) = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    believed_ones = believed.raw(clock.now())
    roots = [asn1_x509.Certificate.load(der(load(one))) for one in believed_ones.anchors]
    context = ValidationContext(trust_roots=roots, moment=record.issued_at, allow_fetching=False)
    told = validate_pdf_signature(found, context)
    assert (told.intact, told.valid, told.trusted) == (True, True, True)
    assert told.coverage == SignatureCoverageLevel.ENTIRE_FILE
    assert told.signing_cert.subject.native["organization_name"] == (
        p.actors["operator"].organisation_name
    )
    if not shutil.which("pdfsig"):
        return
    file = p.store["folder"].parent / "record.pdf"
    for data, holds in ((pdf, True), (pdf[:200] + bytes([pdf[200] ^ 1]) + pdf[201:], False)):
        file.write_bytes(data)
        asked = ["pdfsig", "-nocert", str(file)]
        said = subprocess.run(asked, capture_output=True, text=True, check=False).stdout
        assert ("Signature is Valid." in said) == holds
        assert ("Total document signed" in said) or not holds


def published(p):
    """A lot whose notice is out, with its opening policy signed."""
    credit.archive(p)
    crew = {
        "owner": p.actors["owner1"], "agency": p.actors["agency1"], "officer": p.actors["officer1"]
    }  # fmt: skip
    lot = samples.approved(
        crew,
        agency_uscc=p.actors["agency1"].uscc,
        agency_engagement="WT-1",
        qualification_grade="third",
    )
    p.store["lot"] = lot.number
    bids.policy(p, lot.number)
    samples.act(lot, "publish", p.actors["owner1"])
    p.settle()
    return lot


def test_a_lot_is_sealed_bid_for_closed_and_opened_by_everybodys_own_tool(play):
    p = play
    lot = published(p)
    digest = selectors.signed_policy(lot.number)
    assert Lot.objects.get(pk=lot.pk).policy_sha256 == digest
    bids.play(p)
    lot = Lot.objects.get(pk=lot.pk)
    assert (lot.state, lot.live_bids) == ("evaluating", 5)
    opened = selectors.opened_bids(lot.number)
    assert len(opened) == 5
    assert all(bid.credit["value"] > 0 for bid in opened)
    assert Bid.objects.filter(lot_number=lot.number, state="opened").count() == 5
    assert set(selectors.drawn(lot.number).values()) <= set(lot.factors)
    record = Document.objects.get(form="procurement.opening.record")
    assert record.state == "issued"
    seal_holds(record, p)
    # Drawings come from a room that this test answers for, as the tendering stage's test does.
    found = order.violations(lot.project_number, clock.now())
    others = {"procurement.drawing_review.pass"}
    assert [v.act.name for v in found if not set(v.must_follow) & others] == []
