"""A lot's dossier proves its opening without the platform, and no other one passes."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import random
import re
import shlex
import subprocess
import sys
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import transaction
from django.test import Client

from kernel import clock, offline
from kernel.errors import NotFound, Unavailable
from kernel.evidence import services
from kernel.evidence.anchors import read_anchors
from kernel.evidence.dossiers import layout, verifying
from kernel.evidence.reading import Unsound
from kernel.parties.models import User
from kernel.sealing.authority import DemoAuthority
from kernel.sealing.bids import receipts, stored_zip
from kernel.sealing.bids.policy import ENVELOPES
from kernel.sealing.certificates import der
from procurement.bids import believed, bidding, closing, decrypting, dossier
from procurement.bids import receipts as bid_receipts
from procurement.bids.models import BidVersion, Opening
from tests.kernel.evidence.support import new_signer
from tests.procurement.bids.dossiers import anchors_of, sign_head, status, write
from tests.procurement.bids.support import LOT, TRUSTEES

pytestmark = pytest.mark.django_db


@pytest.fixture
def opened(world, monkeypatch):
    """Three bids that opened, one of them replaced before, and a fourth that was withdrawn."""
    monkeypatch.setattr(closing, "machine", lambda _code: None)
    lot = world
    lot.policy()
    manifests = {}
    for index, name in enumerate(("bidder1", "bidder2", "bidder3", "bidder4"), start=1):
        _v, manifests[name], _d = lot.bid(name, price=index * 1_000_00)
    lot.bid("bidder2", before=manifests["bidder2"], price=2_222_00)
    withdraw(lot, "bidder4", manifests["bidder4"])
    lot.at(lot.lot.deadline + timedelta(seconds=1))
    lot.lot.state = "closing"
    closing.close(LOT)
    lot.countersign("trustee2", "trustee3")
    lot.reveal("owner", *TRUSTEES)
    lot.mark("trustee2", "trustee3")
    lot.release("trustee2", "trustee3")
    decrypting.open_lot(Opening.objects.get().pk, clock.now())
    sign_head()
    return lot


def withdraw(lot, name, manifest):
    uscc = lot.people[name].uscc
    text = receipts.Withdrawal(LOT, uscc, manifest.sha256, "").encode().decode()
    return bidding.withdraw(
        LOT, actor=lot.people[name], statement=text, p7s=lot.p7s(name, text), key="w"
    )


@pytest.fixture
def made(opened, tmp_path):
    return write(tmp_path), anchors_of(opened, tmp_path)


def test_a_dossier_holds_under_anchors_from_outside(made, capsys):
    path, trust = made
    assert status(path, trust) == 0, capsys.readouterr().out
    assert status(path) == 2  # consistent, but nobody vouches


def unpacked_receipt(lot, name: str, number: int, folder: Path, kind: str = "receipt") -> str:
    version = BidVersion.objects.get(bid__bidder_uscc=lot.people[name].uscc, number=number)
    of = bid_receipts.of if kind == "receipt" else bid_receipts.of_withdrawal
    text, p7s = of(version)
    path = folder / f"{name}-{number}.{kind}.json"
    path.write_text(json.dumps({"receipt": text, "p7s": base64.b64encode(p7s).decode()}))
    return str(path)


def test_what_a_dossier_says_it_checked_and_what_each_scope_shows(opened, tmp_path, capsys):
    lot = opened
    path, trust = write(tmp_path), anchors_of(lot, tmp_path)
    assert path.read_bytes() == write(tmp_path).read_bytes()  # the same material, the same bytes
    every = [
        unpacked_receipt(lot, name, number, tmp_path)
        for name, number in (("bidder1", 1), ("bidder2", 1), ("bidder2", 2), ("bidder4", 1))
    ]
    every.append(unpacked_receipt(lot, "bidder4", 1, tmp_path, "withdrawal"))
    words = [word for name in every for word in ("--receipt", name)]
    assert status(path, trust, *words, "--lang", "en") == 0
    told = capsys.readouterr().out
    for line in (
        "the draw computes again: discount",
        "5 versions of 4 bidders",
        "exactly the 3 live bids",
        "(222200 fen)",
        "bidder4-1.withdrawal.json",
    ):
        assert line in told
    with zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
    assert {n.rpartition("/")[2] for n in names if n.endswith(".shares.json")} == {
        "opening_sheet.shares.json"
    }
    everything = write(tmp_path, "entitled")
    assert status(everything, trust, *words) == 0
    with zipfile.ZipFile(everything) as archive:
        shown = {n.rpartition("/")[2] for n in archive.namelist() if n.endswith(".shares.json")}
    assert shown == {f"{name}.shares.json" for name in ENVELOPES}
    assert status(path, trust, "--witnesses", "1") == 1
    assert status(path, trust, "--head", str(path)) == 1


def test_a_receipt_that_is_not_in_it_convicts_the_dossier(opened, tmp_path, capsys):
    lot = opened
    path, trust = write(tmp_path), anchors_of(lot, tmp_path)
    kept = unpacked_receipt(lot, "bidder4", 1, tmp_path)
    hidden = repacked(path, tmp_path, lot, drop=f"bids/{lot.people['bidder4'].uscc}/")
    assert status(hidden, trust) == 0  # a bid that was withdrawn is on nobody's list
    assert status(hidden, trust, "--receipt", kept, "--lang", "en") == 1
    assert "hidden or dropped" in capsys.readouterr().out
    live = unpacked_receipt(lot, "bidder2", 2, tmp_path)
    gone = repacked(path, tmp_path, lot, drop=f"bids/{lot.people['bidder2'].uscc}/")
    assert status(gone, trust) == 1  # a live one is
    assert status(path, trust, "--receipt", live) == 0
    value = json.loads(Path(live).read_text())
    value["receipt"] = value["receipt"].replace("-01", "-02")
    Path(live).write_text(json.dumps(value))
    assert status(path, trust, "--receipt", live) == 1


def test_a_dossier_of_ones_own_making_fails_under_real_anchors(opened, tmp_path):
    lot = opened
    path, trust = write(tmp_path), anchors_of(lot, tmp_path)
    other = DemoAuthority.create(clock.now() - timedelta(days=366))
    cases = {
        "other authority": {"authorities": [("x", der(other.root.certificate))]},
        "no authority": {"authorities": []},
        "other log": {"logs": [("x", new_signer().spki)]},
        "other organisations": {"organisations": [(lot.people["owner"].uscc, "x")]},
        "no sandbox": {"demonstration": False},
    }
    for what, changes in cases.items():
        assert status(path, anchors_of(lot, tmp_path, **changes)) == 1, what
    assert status(path, anchors_of(lot, tmp_path)) == 0
    assert trust.exists()


def flipped(data: bytes, chance: random.Random, last: int = 0) -> bytes:
    """The bytes with one bit changed, among the ``last`` ones where so asked."""
    place = chance.randrange(len(data) - last if last else 0, len(data))
    return data[:place] + bytes([data[place] ^ 1 << chance.randrange(8)]) + data[place + 1 :]


def rows_of(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(files: dict[str, bytes]) -> bytes:
    return b"".join(
        stored_zip.stream(stored_zip.Entry.of(name, data) for name, data in files.items())
    )


def indexed(files: dict[str, bytes], seal=None) -> dict[str, bytes]:
    """The same with an index that fits what is in it; ``seal``: signs it, else the old seal."""
    said = layout.read_index(files[layout.INDEX])
    rest = {n: d for n, d in sorted(files.items()) if n not in (layout.INDEX, layout.SEAL)}
    rows = [layout.Row(n, len(d), hashlib.sha256(d).hexdigest()) for n, d in rest.items()]
    index = layout.Index(said.lot, said.scope, tuple(rows)).encode()
    p7s = seal(index) if seal else files[layout.SEAL]
    return {layout.INDEX: index, layout.SEAL: p7s, **rest}


def repacked(path: Path, folder: Path, lot, *, drop: str) -> Path:
    """The dossier without what a prefix names, sealed anew as the operator could."""
    files = {n: d for n, d in rows_of(path).items() if not n.startswith(drop)}
    made = folder / "repacked.zip"
    made.write_bytes(packed(indexed(files, operator_seal)))
    return made


def operator_seal(data: bytes) -> bytes:
    return believed.signed(data, clock.now())


def test_whatever_byte_is_changed_and_whatever_is_dropped_the_dossier_fails(opened, tmp_path):
    lot, chance = opened, random.Random(7)
    path, trust = write(tmp_path), anchors_of(lot, tmp_path)
    known = read_anchors(trust)
    whole, files = path.read_bytes(), rows_of(path)
    made = tmp_path / "mutated.zip"

    def fails(data: bytes) -> bool:
        made.write_bytes(data)
        try:
            verifying.check(made, known, [], lambda *_a, **_f: None)
        except Unsound:
            return True
        return False

    assert not fails(whole)
    for _ in range(30):  # any byte of the file
        assert fails(flipped(whole, chance))
    assert fails(whole[:-1]) and fails(whole + b"\0") and fails(b"PK\3\4")
    rest = [name for name in files if name not in (layout.INDEX, layout.SEAL)]
    for name in (layout.INDEX, *chance.sample(rest, 30)):
        # A byte of a file, the ZIP made good again.
        assert fails(packed({**files, name: flipped(files[name], chance)})), name
    # Certificates beside the signer's are hints that nobody signs: the signature itself ends it.
    seal = files[layout.SEAL]
    assert fails(packed({**files, layout.SEAL: seal[:-1] + bytes([seal[-1] ^ 1])}))
    for name in chance.sample(rest, 10):
        # And by somebody who makes the index good too, but cannot seal it; or drops a file.
        assert fails(packed(indexed({**files, name: flipped(files[name], chance)}))), name
        without = {n: d for n, d in files.items() if n != name}
        assert fails(packed(without)) and fails(packed(indexed(without))), name
    doubled = [stored_zip.Entry.of(n, d) for n, d in files.items()]
    assert fails(b"".join(stored_zip.stream([*doubled, doubled[-1]])))
    swapped = [*doubled[:2], doubled[3], doubled[2], *doubled[4:]]
    assert fails(b"".join(stored_zip.stream(swapped)))


def test_an_operator_who_seals_a_changed_dossier_is_found_out_all_the_same(opened, tmp_path):
    lot, chance = opened, random.Random(11)
    path, trust = write(tmp_path), anchors_of(lot, tmp_path)
    known, files = read_anchors(trust), rows_of(path)
    made = tmp_path / "mutated.zip"

    def found(changed: dict[str, bytes]) -> str:
        made.write_bytes(packed(indexed(changed, operator_seal)))
        try:
            verifying.check(made, known, [], lambda *_a, **_f: None)
        except Unsound as fault:
            return fault.code
        return ""

    assert found(files) == ""
    # Roots, issuers and lists are signed by others and may be more or fewer; a title is words.
    outside = ("certificates/", "crls/", layout.INDEX, layout.SEAL)
    for name in chance.sample([n for n in files if not n.startswith(outside)], 30):
        data = files[name]
        # Certificates that come along in a signature may be more or fewer; it stands at the end.
        changed = flipped(data, chance, last=32 if name.endswith(".p7s") else 0)
        assert found({**files, name: changed}), name
        # A withdrawn bid that is dropped whole is found by its receipt; a part of one here.
        assert found({n: d for n, d in files.items() if n != name}), name
    assert found({**files, "bids/x/00001/extra.json": b"{}"})
    assert found({**files, "documents/9999.pdf": b"%PDF"}) == "d_not_issued"


def logged_in(lot, name: str) -> Client:
    client, actor = Client(), lot.people[name]
    user = User.objects.get(person_id=actor.person_id)
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_the_dossier_is_offered_to_everybody_and_the_whole_one_to_those_entitled(opened, tmp_path):
    lot = opened
    trust = anchors_of(lot, tmp_path)
    assert "dossier.zip" in Client().get(f"/bids/openings/{LOT}/").content.decode()
    answer = Client().get(f"/bids/openings/{LOT}/dossier.zip")
    path = tmp_path / "taken.zip"
    path.write_bytes(b"".join(answer.streaming_content))
    assert status(path, trust) == 0
    assert dossier.file(LOT) == dossier.file(LOT)  # made once
    whole = f"/bids/openings/{LOT}/dossier-all.zip"
    assert Client().get(whole).status_code == 302
    for name, code in (("owner", 200), ("auditor", 200), ("bidder1", 403), ("trustee1", 403)):
        assert logged_in(lot, name).get(whole).status_code == code, name
    out = tmp_path / "out.zip"
    call_command("dossier", LOT, "--out", str(out), "--scope", "entitled")
    assert status(out, trust) == 0
    with pytest.raises(CommandError):
        call_command("dossier", "none", "--out", str(out))


def test_there_is_no_dossier_before_the_opening_or_before_a_head_covers_it(opened, monkeypatch):
    lot = opened
    monkeypatch.setattr(dossier, "OPENED", "not yet")  # a state changes only by an act
    with pytest.raises(NotFound):
        dossier.build(LOT)
    assert Client().get(f"/bids/openings/{LOT}/dossier.zip").status_code == 404
    monkeypatch.undo()
    with transaction.atomic():
        case = Opening.objects.get()
        services.append(kind="workflow.note", case=case.case_ref, at=clock.now(), body={"n": 1})
    with pytest.raises(Unavailable):
        dossier.build(LOT)
    assert lot.people


def test_a_stranger_verifies_a_dossier_with_the_program_alone(opened, tmp_path):
    lot = opened
    path, trust = write(tmp_path), anchors_of(lot, tmp_path)
    (tmp_path / "zhuxin.pyz").write_bytes(offline.program())
    words = [sys.executable, "-I", "zhuxin.pyz", "verify", str(path), "--trust", str(trust)]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def from_the_page(folder, settings, *, sandbox: bool) -> list[str]:
    """What the opening's page offers, taken as it says; the words of its command."""
    settings.SANDBOX = sandbox
    page = Client().get(f"/bids/openings/{LOT}/").content.decode()
    for address in re.findall(r'<li>.*?href="([^"]+)" download', page, re.DOTALL):
        answer = Client().get(address)
        name = re.search(r'filename="([^"]+)"', answer["Content-Disposition"])
        assert name is not None
        data = b"".join(answer.streaming_content) if answer.streaming else answer.content
        (folder / name[1]).write_bytes(data)
    said = re.findall(r'data-copy="python (zhuxin\.pyz verify [^"]+)"', page)
    assert len(said) == 1 + sandbox
    return [sys.executable, "-I", *shlex.split(html.unescape(said[-1]))]


def test_the_page_leads_to_a_verified_dossier_in_a_sandbox(opened, tmp_path, settings):
    assert opened.people
    words = from_the_page(tmp_path, settings, sandbox=True)
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    # A witness's own file may lie beside it, under its own name.
    assert not (tmp_path / "anchors.json").exists()


def test_a_production_gives_no_roots_of_its_own_and_says_whose_to_ask(opened, tmp_path, settings):
    assert opened.people
    from_the_page(tmp_path, settings, sandbox=False)
    assert list(tmp_path.glob("*anchors.json")) == []
    page = Client().get(f"/bids/openings/{LOT}/").content.decode()
    assert "向见证人或监督部门索取" in page
    assert "平台自己给出的信任锚不能证明平台没有作假" in page
    for address in (f"openings/{LOT}/demonstration-anchors.json", "demonstration/roots.pem"):
        assert Client().get(f"/bids/{address}").status_code == 404
