"""A certificate is a signed statement that anybody can hold against ledger, scheme and log."""

from __future__ import annotations

import json
import subprocess
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from credit.scoring import engines, formulas, selectors, services, statements
from credit.scoring.models import PointEntry, ScoreCertificate
from kernel import clock
from kernel.documents import demo_pki, platform
from kernel.errors import Refused
from kernel.evidence import merkle
from kernel.evidence import services as evidence
from kernel.sealing import canonical
from kernel.sealing.bids import bundles
from kernel.sealing.keystore import KeySigner
from tests.conftest import member
from tests.credit.scoring.test_bulk import NOW

pytestmark = pytest.mark.django_db
USCC = "91230103MA19ABCD3X"


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


def fact(item="performance_good", document="文书1", at=NOW):
    return services.enter(
        uscc=USCC, item=item, group=document, effective_on=clock.legal_date(at), at=at,
        cause=f"test:{document}", record_id=1, document_number=document,
    )  # fmt: skip


def test_the_platform_signs_what_a_certificate_says(tmp_path):
    fact()
    held = services.certificate(USCC, at=NOW, purpose="test:1")
    (tmp_path / "statement.json").write_text(held.statement)
    (tmp_path / "statement.p7s").write_bytes(bytes(held.signature))
    # Whose certificate it is, is another question: here, that it signed these bytes.
    done = subprocess.run(
        ["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-noverify", "-in",
         "statement.p7s", "-content", "statement.json", "-out", "out.json"],
        cwd=tmp_path, capture_output=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    said = json.loads(held.statement)
    assert said["number"] == held.number
    assert said["score_millionths"] == held.score_millionths
    assert platform.identity(NOW).uscc


def test_a_single_fact_is_shown_to_have_weighed_without_the_others():
    rows = [fact(document=f"文书{n}") for n in range(3)]
    held = services.certificate(USCC, at=NOW, purpose="test:1")
    said = json.loads(held.statement)
    entries = {entry.id: entry for entry in selectors.entries(USCC)}
    leaves = [merkle.leaf_hash(canonical.encode(statements.fact(entries[row.pk]))) for row in rows]
    tree = merkle.Frontier()
    for leaf in leaves:
        tree.append(leaf)
    assert said["facts_root"] == tree.root().hex()
    assert said["facts"] == 3


def differs(number):
    with pytest.raises(Refused) as refused:
        services.replay(number)
    return refused.value.refusals[0].code == "credit.certificate.differs"


@pytest.fixture
def held():
    fact()
    return services.certificate(USCC, at=NOW, purpose="test:1")


@pytest.fixture
def altered(held, monkeypatch):
    """A certificate as who could write to the database would have it: the row itself is frozen."""

    def alter(**changes):
        for name, value in changes.items():
            setattr(held, name, value)
        monkeypatch.setattr(selectors, "certificate", lambda number: held)
        return held.number

    return alter


def logged(number, sha256, kind="credit.certificate"):
    body = {"number": number, "sha256": sha256}
    return evidence.append(kind=kind, case="", at=NOW, body=body, public=False).index


def resigned(held, text, **changes):
    """Everything that goes with another statement, as the platform itself would make it."""
    sha256 = services.sha256_hex(text)
    told = {
        "statement": text.decode(), "sha256": sha256, "signature": platform.signed(text, NOW),
        "log_index": logged(held.number, sha256),
    }  # fmt: skip
    return told | changes


def test_a_certificate_that_says_another_score_does_not_replay(held, altered):
    services.replay(held.number)
    said = json.loads(held.statement) | {"score_millionths": 99}
    assert differs(altered(**resigned(held, canonical.encode(said))))
    assert differs(altered(score_millionths=99))


def test_the_database_lets_nobody_change_or_remove_a_certificate(held):
    rows = ScoreCertificate.objects.filter(pk=held.pk)
    for act in (lambda: rows.update(log_index=1), rows.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    services.replay(held.number)


def test_a_signature_that_does_not_hold_does_not_replay(held, altered):
    other = platform.signed(b"{}", NOW)
    assert differs(altered(signature=b"nonsense"))
    assert differs(altered(signature=other))
    assert differs(altered(signature=b""))


def test_a_signature_of_anybody_else_does_not_replay(held, altered):
    firm = member("firm", "bidder", serial=8)
    made = demo_pki.authority(NOW).issue_signer("", "别家", firm.uscc, NOW - timedelta(days=1), 365)
    signer = KeySigner(made.key, made.certificate, tuple(made.chain))
    assert differs(altered(signature=bundles.sign(held.statement.encode(), signer, NOW)))


def test_a_certificate_that_the_log_does_not_know_does_not_replay(held, altered):
    own = held.log_index
    assert differs(altered(log_index=999_999))
    assert differs(altered(log_index=-1))
    assert differs(altered(log_index=logged("XY-1", held.sha256)))
    assert differs(altered(log_index=logged(held.number, "0" * 64)))
    assert differs(altered(log_index=logged(held.number, held.sha256, "test.other")))
    services.replay(altered(log_index=own))


def test_a_certificate_is_replayed_by_the_engine_that_it_names(held, altered):
    assert json.loads(held.statement)["engine"] == "3"
    second = engines.as_of(selectors.scheme(NOW), "2")
    asked = statements.Asked(USCC, "test:1", held.valid_on, held.known_at, held.number)
    ledger = selectors.entries(USCC)
    result = formulas.score(ledger, second, held.valid_on, held.known_at)
    said = statements.said(asked, second, result, ledger)
    assert said["engine"] == "2"
    services.replay(altered(**resigned(held, canonical.encode(said))))
    for strange in ("99", 2, None):
        other = canonical.encode(said | {"engine": strange})
        assert differs(altered(**resigned(held, other)))
    nameless = {key: value for key, value in said.items() if key != "engine"}
    assert differs(altered(**resigned(held, canonical.encode(nameless))))


def test_certificates_from_before_they_were_signed_replay(held, altered):
    scheme = selectors.scheme(NOW)
    result = services.replay(held.number)
    asked = statements.Asked(USCC, "test:1", held.valid_on, held.known_at)
    old = statements.said(asked, scheme, result, selectors.entries(USCC))
    assert "format" not in old
    sha256 = canonical.digest(old).hex()
    before = {"statement": "", "signature": b"", "sha256": sha256}
    services.replay(altered(**before, log_index=logged(held.number, sha256)))
    assert differs(altered(log_index=logged(held.number, "0" * 64)))


def test_bidding_for_a_section_is_one_row_that_weighs_nothing():
    before = selectors.score(USCC, clock.legal_date(NOW), NOW)
    services.bid_for(USCC, "BD-1", NOW)
    services.bid_for(USCC, "BD-1", NOW + timedelta(hours=1))
    assert PointEntry.objects.filter(uscc=USCC).count() == 1
    assert selectors.score(USCC, clock.legal_date(NOW), NOW) == before
