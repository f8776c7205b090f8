"""A bid's file: made, received, opened by foreign tools; altered in any way it is refused."""

import hashlib
import io
import json
import random
import shutil
import subprocess
import zipfile
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.errors import Refused
from kernel.sealing import age
from kernel.sealing.bids import (
    articles,
    container,
    inner,
    manifest,
    opening,
    receiving,
    stored_zip,
    unsealing,
)
from kernel.sealing.bids.bundles import Trust
from kernel.sealing.certificates import pem
from kernel.sealing.revocation import load_crl
from tests.kernel.sealing.bids.support import (
    BIDDERS,
    DEADLINE,
    LOT,
    MINIMUM,
    NOW,
    SUPERVISOR,
    Stage,
    altered,
    codes,
)

LOTS = Stage()
needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl here")
needs_age = pytest.mark.skipif(shutil.which("age") is None, reason="no age here")


def receive(stage, data, *, policy=None, bidder=BIDDERS[0], at=NOW, trust=None):
    source = io.BytesIO(data)
    return receiving.receive(source, policy or stage.policy, bidder, trust or stage.trust, at)


def entries(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(content):
    return b"".join(stored_zip.stream(stored_zip.Entry.of(n, d) for n, d in content.items()))


def resigned(stage, content, changes, signer=BIDDERS[0]):
    """The file with another manifest, properly signed: a bidder who cheats."""
    head = altered(content["manifest.json"], **changes)
    from kernel.sealing import cms

    signature = cms.sign(head, stage.signers[signer], NOW)
    return packed({**content, "manifest.json": head, "manifest.p7s": signature})


@pytest.fixture
def data(sealed):
    return sealed[0].read_bytes()


def test_a_sealed_bid_is_accepted(stage, sealed, data):
    found = receive(stage, data)
    assert found.provisional == ()
    assert found.received.manifest == sealed[1].manifest
    assert found.received.size == len(data) == sealed[1].size
    assert found.certificate == stage.signers[BIDDERS[0]].certificate
    assert set(found.received.plain_sizes.values()) == {MINIMUM}
    assert hashlib.sha256(entries(data)["manifest.json"]).hexdigest() == sealed[1].manifest.sha256


def test_the_same_files_give_another_bid_each_time(stage, sealed, tmp_path):
    """Nothing in the manifest lets two equal bids be told, or one be guessed."""
    _, again = stage.seal(tmp_path)
    first = json.loads(sealed[1].manifest.encode())
    second = json.loads(again.manifest.encode())
    for one, other in zip(first["envelopes"], second["envelopes"], strict=True):
        # Ciphertexts differ by age's random grease only.
        assert abs(one["size"] - other["size"]) < age.MAX_HEADER
        for name in ("sha256", "commitment"):
            assert one[name] != other[name]


def test_parts_stand_where_the_manifest_says(stage, data):
    received = receive(stage, data).received
    content = entries(data)
    for envelope in received.manifest.envelopes:
        start, size = container.locate(received, envelope.name)
        assert data[start : start + size] == content[f"{envelope.name}.age"]
        window = container.Window(io.BytesIO(data), start, size)
        assert window.read(10) + window.read() == content[f"{envelope.name}.age"]
        assert window.read(1) == b""
    with pytest.raises(KeyError):
        container.locate(received, "nothing")


@needs_openssl
def test_openssl_accepts_the_manifests_signature(stage, data, tmp_path):
    for name, content in entries(data).items():
        if name.startswith("manifest"):
            (tmp_path / name).write_bytes(content)
    (tmp_path / "roots.pem").write_bytes(pem([stage.authority.root.certificate]))
    command = [
        "openssl", "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", "manifest.p7s",
        "-content", "manifest.json", "-CAfile", "roots.pem", "-out", "out",
        "-attime", str(int(NOW.timestamp()) + 1),
    ]  # fmt: skip
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


@needs_age
def test_debians_age_opens_every_envelope(sealed, data, tmp_path):
    for name, identity in sealed[1].identities.items():
        (tmp_path / "identity.txt").write_text(age.identity_text(identity) + "\n", "ascii")
        (tmp_path / "e.age").write_bytes(entries(data)[f"{name}.age"])
        command = ["age", "-d", "-i", "identity.txt", "e.age"]
        plain = subprocess.run(command, cwd=tmp_path, capture_output=True, check=True).stdout
        with zipfile.ZipFile(io.BytesIO(plain)) as archive:
            assert archive.testzip() is None
            assert f"{name} {BIDDERS[0]}" in archive.read("files/附件/说明.txt").decode()


def test_a_bid_is_opened_from_its_recovery(sealed, data, tmp_path, stage):
    received = receive(stage, data).received
    for name, identity in sealed[1].identities.items():
        start, size = container.locate(received, name)
        window = container.Window(io.BytesIO(data), start, size)
        folder = tmp_path / name
        unsealing.open_envelope(received.manifest, name, identity, window, folder)
        assert (folder / "附件" / "说明.txt").read_text("utf-8").startswith(name)
    sheet = opening.sheet_of(received.manifest, tmp_path / "opening_sheet")
    assert sheet.price_fen == 123_456_789_00


@settings(max_examples=200)
@given(draw=st.data())
def test_no_altered_byte_is_accepted(stage, sealed, draw):
    data = bytearray(sealed[0].read_bytes())
    # Half of them where the structure is, which is small.
    places = st.integers(0, len(data) - 1) | st.integers(0, 12_000)
    position = draw.draw(places)
    data[position] ^= draw.draw(st.integers(1, 255))
    try:
        found = receive(stage, bytes(data))
    except Refused:
        return
    # Some bytes of a CMS are covered by nothing (the certificates' order); never the meaning.
    assert found.received.manifest == sealed[1].manifest
    assert found.certificate == stage.signers[BIDDERS[0]].certificate


def test_no_shortened_bid_is_accepted(stage, data):
    for length in random.Random(1).sample(range(len(data)), 60):
        assert codes(receive, stage, data[:length])[0].startswith("sealing.container.")


def test_swapped_ciphertexts_or_shares_are_named(stage, data):
    content = entries(data)
    for name in ("technical.age", "price.age"):
        content[name] = content[name][:-32] + bytes(32)
    first, second = "price.shares/0", "price.shares/1"
    content[first], content[second] = content[second], content[first]
    assert codes(receive, stage, packed(content)) == [
        "sealing.container.hash", "sealing.container.hash",
        "sealing.container.share_hash", "sealing.container.share_hash",
    ]  # fmt: skip


def test_a_missing_double_or_additional_entry_is_refused(stage, data):
    content = entries(data)
    fewer = {n: d for n, d in content.items() if n != "price.shares/2"}
    assert codes(receive, stage, packed(fewer)) == ["sealing.container.layout"]
    more = {**content, "price.shares/3": content["price.shares/2"]}
    assert codes(receive, stage, packed(more)) == ["sealing.container.layout"]
    path = {("../" + n if n == "price.age" else n): d for n, d in content.items()}
    assert codes(receive, stage, packed(path)) == ["sealing.container.layout"]


def test_a_share_for_every_trustee_in_their_order(stage, data):
    content = entries(data)
    rows = json.loads(content["manifest.json"])["envelopes"]
    for row in rows:
        row["shares"] = row["shares"][:2]
    less = {n: d for n, d in content.items() if not n.endswith("/2")}
    found = codes(receive, stage, resigned(stage, less, {"envelopes": rows}))
    assert found == ["sealing.manifest.shares"] * 4


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"lot": "other"}, ["sealing.manifest.lot"]),
        ({"policy_sha256": "ab" * 32}, ["sealing.manifest.policy"]),
        ({"suite": "none"}, ["sealing.format.field"]),
        ({"version": 2}, ["sealing.manifest.shape"]),
        ({"note": ""}, ["sealing.format.unknown"]),
    ],
)
def test_what_belongs_elsewhere_is_refused(stage, data, changes, expected):
    assert codes(receive, stage, resigned(stage, entries(data), changes)) == expected


def test_a_bid_for_an_older_policy_is_refused_after_an_extension(stage, data):
    assert codes(receive, stage, data, policy=stage.extended()) == ["sealing.manifest.policy"]


def test_a_bid_after_the_deadline_is_refused_and_at_it_received(stage, data):
    receive(stage, data, at=DEADLINE)
    late = DEADLINE + timedelta(microseconds=1)
    assert codes(receive, stage, data, at=late) == ["sealing.bid.deadline"]


def test_every_reason_is_named_together(stage, data):
    content = entries(data)
    bad = resigned(stage, content, {"lot": "x", "policy_sha256": "ab" * 32}, BIDDERS[1])
    found = codes(receive, stage, bad, bidder=BIDDERS[2], at=DEADLINE + timedelta(days=1))
    assert found == [
        "sealing.bid.deadline", "sealing.bid.bidder", "sealing.manifest.lot",
        "sealing.manifest.policy", "sealing.signature.other",
    ]  # fmt: skip


def test_a_bid_signed_by_somebody_else_is_refused(stage, data):
    assert codes(receive, stage, data, bidder=BIDDERS[1]) == ["sealing.bid.bidder"]
    copied = resigned(stage, entries(data), {}, BIDDERS[1])
    assert codes(receive, stage, copied) == ["sealing.signature.other"]
    claimed = resigned(stage, entries(data), {"bidder": BIDDERS[1]}, BIDDERS[1])
    # The copier has the ciphertext and its hashes, and still cannot make it its own: no trustee
    # opens a share that was sealed for another bidder (see test_shares).
    assert receive(stage, claimed, bidder=BIDDERS[1]).received.manifest.bidder == BIDDERS[1]


def test_revocation_counts_as_of_receipt(data, sealed):
    stage = LOTS
    authority = stage.authority
    signer = authority.issue_signer("", "某公司", BIDDERS[0], NOW, 365)
    authority.revoke(signer.certificate.serial_number, NOW + timedelta(hours=1))
    lists = tuple(load_crl(c) for c in authority.crls(NOW + timedelta(hours=2)))
    from kernel.sealing import cms

    trust = Trust(authority.anchors, lists)
    content = entries(data)
    head = altered(content["manifest.json"], policy_sha256=stage.policy.sha256)
    p7s = cms.sign(head, signer, NOW)
    received = container.read_bid(
        io.BytesIO(packed({**content, "manifest.json": head, "manifest.p7s": p7s})), 10**9
    )
    assert receiving.verify_signature(received, trust, NOW, stage.policy)[1] == ()
    for _ in range(2):  # nothing is remembered of a revoked one
        found = codes(
            receiving.verify_signature, received, trust, NOW + timedelta(hours=1), stage.policy
        )
        assert found == ["sealing.certificate.revoked"]
    bare = Trust(authority.anchors, ())
    assert receiving.verify_signature(received, bare, NOW, stage.policy)[1] == ("crl",)
    late = NOW + timedelta(days=30)
    assert receiving.verify_signature(
        received, Trust(authority.anchors, lists[1:]), late, stage.policy
    )[1] == ("crl",)
    expired = NOW + timedelta(days=366)
    assert codes(receiving.verify_signature, received, trust, expired, stage.policy) == [
        "sealing.certificate.expired"
    ]


def test_a_file_that_is_too_large_is_refused_before_it_is_read(stage, data):
    small = replace(stage.policy, maximum_size=len(data) - 1)
    head = io.BytesIO(data[: data.index(b"opening_sheet.age")])
    found = codes(receiving.receive, head, small, BIDDERS[0], stage.trust, NOW)
    assert found == ["sealing.container.too_large"]


def test_sizes_that_tell_more_than_padme_are_refused(stage, data):
    strict = replace(stage.policy, padding_minimum=MINIMUM + 1)
    assert codes(receive, stage, data, policy=strict)[-4:] == ["sealing.container.padding"] * 4


def test_an_age_header_that_not_every_program_opens_is_refused(stage, data):
    content = entries(data)
    cipher = content["price.age"]
    armoured = b"-----BEGIN AGE ENCRYPTED FILE-----\n" + cipher[: len(cipher) - 35]
    rows = json.loads(content["manifest.json"])["envelopes"]
    rows[3]["sha256"] = hashlib.sha256(armoured).hexdigest()
    bad = resigned(stage, {**content, "price.age": armoured}, {"envelopes": rows})
    assert codes(receive, stage, bad) == ["sealing.age.not_binary"]


def test_versions_follow_one_another(stage, sealed, tmp_path):
    first = sealed[1].manifest
    _, again = stage.seal(tmp_path, before=first)
    manifest.check_succession(first, None)
    manifest.check_succession(again.manifest, first)
    for now, before in ((first, first), (again.manifest, None), (first, again.manifest)):
        found = codes(manifest.check_succession, now, before)
        assert found == ["sealing.manifest.version"]
    assert again.manifest.version == 2
    assert again.manifest.replaces == first.sha256


@pytest.mark.parametrize(
    ("part", "value"),
    [("x", 7), ("trustee_key_sha256", "ab" * 32)],
)
def test_a_manifest_that_contradicts_itself_is_refused(sealed, part, value):
    rows = json.loads(sealed[1].manifest.encode())["envelopes"]
    for share in rows[0]["shares"][:2]:
        share[part] = value
    bad = altered(sealed[1].manifest.encode(), envelopes=rows)
    assert codes(manifest.read_manifest, bad) == ["sealing.manifest.shape"]


def test_a_manifest_reads_as_it_was_written(sealed):
    made = sealed[1].manifest
    assert manifest.read_manifest(made.encode()) == made
    assert made.lot == LOT
    assert SUPERVISOR not in made.encode().decode()


def test_large_bids_need_constant_memory(stage, tmp_path):
    import resource

    folders = stage.folders(tmp_path, BIDDERS[0])
    with (folders["technical"] / "大文件.bin").open("wb") as file:
        for _ in range(60):
            file.write(random.randbytes(1024 * 1024))
    policy = replace(stage.policy, maximum_size=200 * 1024 * 1024)
    from kernel.sealing.bids.making import seal_bid

    contents = {name: inner.gather(folder) for name, folder in folders.items()}
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with (tmp_path / "large.zxb").open("wb") as file:
        seal_bid(file, policy, contents, stage.signers[BIDDERS[0]], NOW, bidder=BIDDERS[0],
                 scratch=tmp_path)  # fmt: skip
    with (tmp_path / "large.zxb").open("rb") as file:
        receiving.receive(file, policy, BIDDERS[0], stage.trust, NOW)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 30 * 1024


@pytest.mark.parametrize("data", [b"", b"no zip at all", b"PK\x03\x04" + bytes(200)])
def test_a_malformed_file_is_refused_by_an_article(data):
    with pytest.raises(Refused) as refused:
        container.read_bid(io.BytesIO(data), 10_000)
    assert {reason.article for reason in refused.value.refusals} == {articles.FILE}


def test_a_head_is_read_and_judged_without_the_rest(tmp_path):
    stage = LOTS
    path, made = stage.seal(tmp_path)
    data = path.read_bytes()
    head = container.read_head(io.BytesIO(data[:20_000]), len(data))
    assert (head.manifest, head.size) == (made.manifest, len(data))
    who = (BIDDERS[0], stage.trust, NOW)
    receiving.judge_head(head, len(data), stage.policy, *who)
    found = codes(receiving.judge_head, head, len(data) - 1, stage.policy, *who)
    assert found == ["sealing.container.length"]
    late = stage.policy.deadline + timedelta(milliseconds=1)
    wrong = (BIDDERS[1], stage.trust, late)
    found = codes(receiving.judge_head, head, len(data), stage.policy, *wrong)
    assert found == ["sealing.bid.deadline", "sealing.bid.bidder"]
    assert codes(container.read_head, io.BytesIO(data), len(data) - 1) == [
        "sealing.container.too_large"
    ]
