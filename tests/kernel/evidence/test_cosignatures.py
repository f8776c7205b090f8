"""Witnesses of the log: entered by the operator, heard by their signature, shown to everybody."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError, connection, transaction
from django.test import Client

from kernel import clock
from kernel.errors import Conflict, Refused
from kernel.evidence import (
    anchors,
    cosignatures,
    formats,
    keys,
    proofs,
    services,
    verify,
    witness,
    witnesses,
)
from kernel.evidence.models import Cosignature, LogEntry, TreeHead, Witness
from kernel.evidence.witnessing import asking
from kernel.identifiers import uscc as usccs
from kernel.sealing import canonical
from tests.kernel.evidence.support import AT, append_some, new_signer

pytestmark = pytest.mark.django_db
USCC = usccs.demonstration("230103", 3)


@pytest.fixture
def signer():
    return new_signer()


@pytest.fixture
def head(settings, tmp_path, signer) -> TreeHead:
    settings.VAR_DIR = tmp_path
    append_some(6)
    return sign_head(signer)


def sign_head(signer, at=AT) -> TreeHead:
    return services.sign_head(at, signer)


def entered(signer, uscc: str = USCC) -> Witness:
    return witnesses.register(name="监督局", uscc=uscc, spki=signer.spki, at=AT)


def body(head: TreeHead, signer, **changes) -> dict[str, object]:
    signed = cosignatures.signed_bytes(head)
    return {
        "format": formats.COSIGNATURE_FORMAT,
        "size": head.size,
        "root": bytes(head.root).hex(),
        "at": formats.instant(head.at),
        "witness": signer.key_id,
        "signature": formats.b64(signer.sign(signed)),
        **changes,
    }


def post(value: object):
    data = value if isinstance(value, bytes) else canonical.encode(value)
    return Client().post("/log/cosignatures", data, content_type="application/json")


def test_a_registration_is_logged_and_a_key_is_entered_once(head):
    other = new_signer()
    made = entered(other)
    entry = LogEntry.objects.get(pk=made.log_index)
    assert (entry.kind, entry.public) == (witnesses.REGISTERED, True)
    assert json.loads(entry.body)["key"] == formats.b64(other.spki)
    with pytest.raises(Conflict) as refused:
        entered(other)
    assert refused.value.refusals[0].code == "evidence.witness.twice"
    with pytest.raises(Conflict):
        entered(other)
    with pytest.raises(Refused):
        witnesses.register(name="x", uscc=USCC, spki=b"no key", at=AT)


def test_a_witness_cosigns_and_everybody_sees_it(head):
    other = new_signer()
    entered(other)
    assert post(body(head, other)).status_code == 201
    assert post(body(head, other)).status_code == 201  # the same again is the same
    assert Cosignature.objects.count() == 1
    told = Client().get(f"/log/heads/{head.size}.json").content
    shown = json.loads(told)["cosignatures"]
    assert [row["witness"] for row in shown] == [other.key_id]
    assert json.loads(Client().get("/log/heads.json").content)["heads"][0]["cosignatures"] == shown
    assert "监督局" in Client().get("/log/").content.decode()


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"size": 5}, 404, "evidence.head.unknown"),
        ({"size": 2**70 % 2**53}, 404, "evidence.head.unknown"),
        ({"root": "0" * 64}, 404, "evidence.head.unknown"),
        ({"at": "2026-11-23T01:02:03.000005Z"}, 404, "evidence.head.unknown"),
        ({"witness": "0" * 64}, 404, "evidence.witness.unknown"),
        ({"signature": formats.b64(b"x")}, 422, "evidence.cosignature.signature"),
        ({"signature": "!"}, 422, "evidence.cosignature.form"),
        ({"extra": 1}, 422, "evidence.cosignature.form"),
    ],
)
def test_what_no_registered_witness_signed_is_refused(head, changes, status, code):
    other = new_signer()
    entered(other)
    answer = post(body(head, other, **changes))
    assert (answer.status_code, answer.json()["refusals"][0]["code"]) == (status, code)
    assert Cosignature.objects.count() == 0


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b"{" * 5000, b"\xff", b'{"a": 1}'])
def test_what_is_no_cosignature_is_refused(head, data):
    assert post(data).status_code == 422


def test_a_strangers_signature_over_the_right_head_is_refused(head):
    entered(new_signer())
    stranger = new_signer()
    assert post(body(head, stranger)).status_code == 404
    known = new_signer()
    entered(known)
    forged = body(head, stranger, witness=known.key_id)
    assert post(forged).status_code == 422


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE kernel_cosignature SET signature = signature",
        "DELETE FROM kernel_cosignature",
        "UPDATE kernel_witness SET spki = spki",
        "DELETE FROM kernel_witness",
    ],
)
def test_cosignatures_and_witnesses_are_append_only(head, statement):
    other = new_signer()
    entered(other)
    post(body(head, other))
    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_verify_asks_for_as_many_witnesses_as_it_is_told(head, signer, tmp_path, capsys):
    others = [new_signer(), new_signer(), new_signer()]
    codes = [USCC, USCC, usccs.demonstration("230103", 4)]
    for one, code in zip(others, codes, strict=True):
        entered(one, code)
        assert post(body(head, one)).status_code == 201
    proof, trust = tmp_path / "proof.json", tmp_path / "anchors.json"
    proof.write_bytes(canonical.encode(proofs.bundle(2)))

    def status(wanted: int, known: int) -> int:
        rows = [("w", code, one.spki) for one, code in zip(others, codes, strict=True)][:known]
        value = formats.anchors([("log", signer.spki)], witnesses=rows)
        trust.write_bytes(canonical.encode(value))
        return verify.main([str(proof), "--trust", str(trust), "--witnesses", str(wanted)])

    assert [status(n, 3) for n in (0, 1, 2, 3)] == [0, 0, 0, 1]  # two keys of one body are one
    assert [status(1, n) for n in (0, 1)] == [1, 0]  # whoever is not anchored counts for nothing
    assert verify.main([str(proof), "--witnesses", "1"]) == 1
    value = json.loads(proof.read_bytes())
    value["cosignatures"][0]["signature"] = value["cosignatures"][1]["signature"]
    proof.write_bytes(canonical.encode(value))
    assert status(1, 3) == 1  # a forged one convicts whoever handed it over


def test_anchors_are_read_strictly(tmp_path):
    good = formats.anchors(
        [("log", new_signer().spki)],
        witnesses=[("w", USCC, new_signer().spki)],
        organisations=[(USCC, "示例")],
        demonstration=True,
    )
    assert anchors.parse(good, "a").demonstration is True
    wrong = [
        {**good, "witness": []},
        {**good, "demonstration": 1},
        {**good, "organisations": [{"uscc": USCC}]},
        {**good, "witnesses": [{**good["witnesses"][0], "witness": "0" * 64}]},
        {**good, "authorities": [{"name": "x", "certificate": "*"}]},
        {k: v for k, v in good.items() if k != "logs"},
    ]
    for value in wrong:
        with pytest.raises(anchors.Unsound):
            anchors.parse(value, "a")


def test_heads_never_run_backwards_in_time(head, signer):
    append_some(2)
    later = sign_head(signer, AT - timedelta(seconds=5))
    assert (later.size, later.at) == (8, head.at)
    assert sign_head(signer, AT - timedelta(seconds=9)).pk == later.pk


def test_heads_are_listed_page_by_page(head, signer):
    for n in range(1, 60):
        sign_head(signer, AT + timedelta(minutes=n))
    page = Client().get("/log/heads.json").json()
    assert len(page["heads"]) == 50
    rest = Client().get("/log/heads.json" + page["next"]).json()
    assert (len(rest["heads"]), rest["next"]) == (10, "")
    assert Client().get("/log/heads.json?before=x").status_code == 200
    shown = Client().get("/log/").content.decode()
    assert "?before=" in shown
    assert Client().get("/log/heads/7.json").status_code == 404
    assert Client().get("/log/consistency/9/99.json").status_code == 422


def test_the_program_follows_this_server(head, signer, tmp_path, monkeypatch):
    def ask(self, method, path, body=None):
        answer = Client().generic(method, path, body or b"", content_type="application/json")
        if answer.status_code >= 300:
            raise asking.Denied(answer.status_code, answer.content)
        return answer.content

    monkeypatch.setattr(asking.Server, "_ask", ask)
    keep, trust = tmp_path / "keep", tmp_path / "anchors.json"
    trust.write_bytes(canonical.encode(formats.anchors([("log", signer.spki)], demonstration=True)))
    assert witness.main(["init", str(keep)]) == 0
    words = ["follow", "--server", "http://x", "--keep", str(keep), "--anchors", str(trust)]
    assert witness.main(words) == 0  # kept, though nobody has entered the key yet
    call_command(
        "evidence", "witness", "--name", "监督局", "--uscc", USCC,
        "--key", str(keep / "witness.json"),
    )  # fmt: skip
    assert witness.main(words) == 0
    assert Cosignature.objects.get().head_id == head.pk
    append_some(4)
    sign_head(signer, AT + timedelta(minutes=1))
    assert witness.main(words) == 0
    assert Cosignature.objects.count() == 2
    with pytest.raises(CommandError):
        call_command(
            "evidence",
            "witness",
            "--name",
            "x",
            "--uscc",
            "123",
            "--key",
            str(keep / "witness.json"),
        )


def test_the_anchors_file_names_the_witnesses(head, tmp_path):
    other = new_signer()
    entered(other)
    keys.signer()
    out = tmp_path / "anchors.json"
    call_command("evidence", "anchors", "-o", str(out), "--organisation", f"{USCC}=示例")
    found = anchors.read_anchors(out)
    assert list(found.witnesses) == [other.key_id]
    assert found.organisations == {USCC: "示例"}
    assert Client().get("/log/anchors.json").json()["witnesses"][0]["witness"] == other.key_id


def test_the_head_that_most_witnesses_signed_is_given_to_who_asks(head, signer):
    other = new_signer()
    entered(other)
    append_some(1)
    second = sign_head(signer, AT + timedelta(minutes=1))
    assert cosignatures.covering(6).pk == head.pk
    post(body(second, other))
    assert cosignatures.covering(6).pk == second.pk
    assert cosignatures.covering(second.size + 5) is None
    assert clock.now()
