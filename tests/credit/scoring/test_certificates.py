"""A certificate is a signed statement that anybody can hold against ledger, scheme and log."""

from __future__ import annotations

import json
import subprocess
from datetime import timedelta

import pytest

from credit.scoring import selectors, services, statements
from credit.scoring.models import PointEntry, ScoreCertificate
from kernel import clock
from kernel.documents import platform
from kernel.errors import Refused
from kernel.evidence import merkle
from kernel.sealing import canonical
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


@pytest.mark.parametrize("column", ["statement", "score_millionths"])
def test_a_certificate_that_was_altered_does_not_replay(column):
    held = services.certificate(USCC, at=NOW, purpose="test:1")
    services.replay(held.number)
    said = json.loads(held.statement) | {"score_millionths": 99}
    value = canonical.encode(said).decode() if column == "statement" else 99
    ScoreCertificate.objects.filter(pk=held.pk).update(**{column: value})
    with pytest.raises(Refused) as refused:
        services.replay(held.number)
    assert refused.value.refusals[0].code == "credit.certificate.differs"


def test_certificates_from_before_they_were_signed_replay():
    fact()
    held = services.certificate(USCC, at=NOW, purpose="test:1")
    scheme = selectors.scheme(NOW)
    result = services.replay(held.number)
    asked = statements.Asked(USCC, "test:1", held.valid_on, held.known_at)
    old = statements.said(asked, scheme, result, selectors.entries(USCC))
    assert "format" not in old
    ScoreCertificate.objects.filter(pk=held.pk).update(
        statement="", signature=b"", sha256=canonical.digest(old).hex()
    )
    services.replay(held.number)


def test_bidding_for_a_section_is_one_row_that_weighs_nothing():
    before = selectors.score(USCC, clock.legal_date(NOW), NOW)
    services.bid_for(USCC, "BD-1", NOW)
    services.bid_for(USCC, "BD-1", NOW + timedelta(hours=1))
    assert PointEntry.objects.filter(uscc=USCC).count() == 1
    assert selectors.score(USCC, clock.legal_date(NOW), NOW) == before
