"""Authorities that fail, hang, lie, answer nonsense; heads that get their tokens all the same."""

import hashlib
import subprocess
import time
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from kernel import clock
from kernel.documents import demo_stamps
from kernel.errors import Unavailable, catalogue
from kernel.evidence import authorities, cadence, formats, keys, proofs, services, stamping, tasks
from kernel.evidence import verify as offline
from kernel.evidence.models import HeadToken, TreeHead
from kernel.sealing import canonical, demo_tsa, timestamps
from kernel.sealing.certificates import pem
from tests.kernel.evidence.outside import NAME, SECOND, configured, outside

__all__ = ["configured", "outside"]
DIGEST = hashlib.sha256(b"head").digest()


def codes(outcome):
    return [(failure.authority, failure.code) for failure in outcome.failures]


@pytest.fixture
def head(db):
    with transaction.atomic():
        services.append(kind="test.entry", case="", at=clock.now(), body={"a": 1})
    return make_head()


def make_head():
    # sign_head wants no transaction around it, and a test of ``db`` is one.
    size, key = 1, keys.signer()
    now = clock.now()
    root = b"\1" * 32
    signed = formats.head_bytes(size=size, root=root, at=now, log=key.key_id)
    return TreeHead.objects.create(
        size=size, root=root, at=now, signature=key.sign(signed), key_id=key.key_id, spki=key.spki
    )


@pytest.mark.django_db
def test_the_first_authority_that_answers_stamps(configured):
    configured("good", own=True)
    found = stamping.obtain(DIGEST)
    assert found.stamp.authority == NAME
    assert found.failures == ()
    assert authorities.names() == (NAME, demo_tsa.NAME)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("fails", "evidence.timestamp.answer"),
        ("wrong_kind", "evidence.timestamp.answer"),
        ("huge", "evidence.timestamp.answer"),
        ("elsewhere", "evidence.timestamp.answer"),
        ("garbage", "sealing.timestamp.malformed"),
        ("empty", "sealing.timestamp.malformed"),
        ("hangs", "evidence.timestamp.unreachable"),
        ("drips", "evidence.timestamp.unreachable"),
    ],
)
def test_a_bad_answer_sends_us_to_the_next_within_the_time(configured, path, code):
    configured(path, "good")
    began = time.monotonic()
    found = stamping.obtain(DIGEST)
    assert time.monotonic() - began < 2.5
    assert codes(found) == [(NAME, code)]
    assert found.stamp.authority == SECOND
    assert code in catalogue.codes()


@pytest.mark.django_db
def test_one_that_does_not_answer_is_left_alone_for_a_while(configured):
    configured("hangs", "good")
    stamping.obtain(DIGEST)
    began = time.monotonic()
    assert codes(stamping.obtain(DIGEST)) == [(NAME, "evidence.timestamp.resting")]
    assert time.monotonic() - began < 0.5


@pytest.mark.django_db
def test_a_replayed_answer_is_refused(configured):
    configured("replays", "good")
    stamping.obtain(DIGEST)
    assert codes(stamping.obtain(DIGEST)) == [(NAME, "sealing.timestamp.nonce")]


@pytest.mark.django_db
def test_an_authority_whose_clock_lies_is_used_only_where_nobody_better_answers(configured):
    configured("lies", "good")
    now = clock.technical_now()
    found = stamping.obtain(DIGEST, near=now)
    assert codes(found) == [(NAME, "sealing.timestamp.time")]
    assert found.stamp.authority == SECOND
    configured("lies")
    found = stamping.obtain(DIGEST, near=now)
    assert codes(found) == [(NAME, "sealing.timestamp.time")]
    assert abs(found.stamp.gen_time - now) > timedelta(hours=1)


@pytest.mark.django_db
def test_only_named_authorities_are_asked(configured):
    configured("good", "good")
    assert stamping.obtain(DIGEST, names=[SECOND]).stamp.authority == SECOND
    assert stamping.obtain(DIGEST, names=["国家授时中心"]) == stamping.Outcome(None)


@pytest.mark.django_db
def test_an_authority_under_a_name_that_its_certificate_does_not_bear_counts_nothing(configured):
    configured("good", names=["国家授时中心"])
    found = stamping.obtain(DIGEST)
    assert found.stamp is None
    assert codes(found) == [("国家授时中心", "sealing.timestamp.authority")]


@pytest.mark.django_db
def test_another_policy_than_the_configured_one_counts_nothing(configured):
    configured("good", more='policy = "1.2.3"')
    assert codes(stamping.obtain(DIGEST)) == [(NAME, "sealing.timestamp.refused")]


@pytest.mark.django_db
def test_several_are_asked_for_at_a_time(configured):
    configured("together", timeout=30)
    found = stamping.obtain_many([(bytes([n]) * 32, None, None) for n in range(8)])
    for number, outcome in enumerate(found):
        assert timestamps.read(outcome.stamp.token).info.digest == bytes([number]) * 32


@pytest.mark.parametrize(
    "wrong", ["", "[[authority]]", "authority = 3", '[[authority]]\nname = "x"\nurl = "ftp://x"']
)
def test_a_faulty_file_is_a_fault_and_no_absence(tmp_path, monkeypatch, wrong):
    file = tmp_path / "a.toml"
    monkeypatch.setenv("ZHUXIN_TIMESTAMP_AUTHORITIES", str(file))
    with pytest.raises(Unavailable, match=r"evidence\.timestamp\.configuration"):
        authorities._configured()
    file.write_text(wrong)
    with pytest.raises(Unavailable, match=r"evidence\.timestamp\.configuration"):
        authorities._configured()


@pytest.mark.django_db
def test_demonstration_roots_count_in_no_production(configured, settings):
    configured("good", own=True)
    settings.SANDBOX = False
    with pytest.raises(Unavailable, match=r"evidence\.timestamp\.configuration"):
        authorities.all_of_them()
    assert demo_stamps.own() is None


# The sandbox's own -----------------------------------------------------------------------------


def post(client, data, kind=demo_tsa.QUERY):
    return client.post("/sandbox/timestamp/", data, content_type=kind)


@pytest.mark.django_db
def test_the_sandboxs_own_answers_over_http_as_one_outside_would(client, settings, tmp_path):
    asked = timestamps.request(DIGEST)
    answer = post(client, asked.encode())
    assert answer["Content-Type"] == demo_tsa.REPLY
    (tmp_path / "r").write_bytes(answer.content)
    (tmp_path / "q").write_bytes(asked.encode())
    (tmp_path / "root.pem").write_bytes(pem(demo_stamps.own().anchors.certificates))
    done = subprocess.run(
        ["openssl", "ts", "-verify", "-queryfile", "q", "-in", "r", "-CAfile", "root.pem"],
        cwd=tmp_path, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert post(client, b"", "text/plain").status_code == 415
    assert client.get("/sandbox/timestamp/").status_code == 405
    settings.SANDBOX = False
    assert post(client, asked.encode()).status_code == 404


# Heads -----------------------------------------------------------------------------------------


def test_every_head_gets_a_token_once(head):
    assert stamping.stamp_heads() == 1
    assert stamping.stamp_heads() == 0
    (row,) = HeadToken.objects.all()
    token = timestamps.read(bytes(row.token))
    assert token.info.digest == stamping.head_digest(head)
    assert row.gen_time == token.gen_time


def test_a_head_waits_for_an_authority_that_answers(head, configured):
    configured("fails")
    assert stamping.stamp_heads() == 0
    configured("good")
    assert stamping.stamp_heads() == 1


def test_a_token_is_neither_changed_nor_taken_away(head):
    stamping.stamp_heads()
    for change in (
        lambda: HeadToken.objects.update(authority="x"),
        lambda: HeadToken.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert connection.is_usable()


def test_one_kind_of_work_that_fails_stops_no_other(head, monkeypatch):
    monkeypatch.setattr(stamping, "_work", {"a": lambda: 1 // 0, "b": lambda: 5})
    assert stamping.run() == 6


def test_the_file_of_a_head_and_openssl_agree_on_its_token(head, client, tmp_path):
    stamping.stamp_heads()
    for kind in ("head.txt", "token.tst"):
        (tmp_path / kind).write_bytes(client.get(f"/log/heads/{head.pk}/{kind}").content)
    (tmp_path / "roots.pem").write_bytes(pem(demo_stamps.own().anchors.certificates))
    done = subprocess.run(
        ["openssl", "ts", "-verify", "-data", "head.txt", "-in", "token.tst", "-token_in",
         "-CAfile", "roots.pem"],
        cwd=tmp_path, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    page = client.get("/log/").content.decode()
    assert f"/log/heads/{head.pk}/token.tst" in page
    assert client.get(f"/log/heads/{head.pk}/nothing").status_code == 404
    assert client.get(f"/log/heads/{head.pk + 1}/head.txt").status_code == 404


def run_offline(tmp_path, head, anchors, capsys, **changes):
    (tmp_path / "p.json").write_bytes(canonical.encode({**proofs.head_file(head), **changes}))
    (tmp_path / "a.json").write_bytes(canonical.encode(anchors))
    status = offline.main(
        [str(tmp_path / "p.json"), "--trust", str(tmp_path / "a.json"), "--lang", "en"]
    )
    return status, capsys.readouterr().out


def test_the_offline_verifier_believes_a_stamp_by_the_readers_anchors(head, tmp_path, capsys):
    stamping.stamp_heads()
    logs = [("log", keys.signer().spki)]
    roots = pem(demo_stamps.own().anchors.certificates).decode()
    vouched = formats.anchors(logs, timestamp_authorities=[(demo_tsa.NAME, roots, True)])
    status, told = run_offline(tmp_path, head, vouched, capsys)
    assert status == 0
    assert f"was stamped by {demo_tsa.NAME}" in told
    assert "proves nothing against the operator" in told
    status, told = run_offline(tmp_path, head, formats.anchors(logs), capsys)
    assert status == 0
    assert "not believed" in told
    assert "was stamped" not in told


def test_the_offline_verifier_refuses_a_stamp_that_does_not_hold(head, tmp_path, capsys):
    stamping.stamp_heads()
    logs = [("log", keys.signer().spki)]
    roots = pem(demo_stamps.own().anchors.certificates).decode()
    vouched = formats.anchors(logs, timestamp_authorities=[(demo_tsa.NAME, roots, True)])
    other = stamping.obtain(DIGEST).stamp
    rows = [{"authority": demo_tsa.NAME, "token": formats.b64(other.token)}]
    status, told = run_offline(tmp_path, head, vouched, capsys, timestamps=rows)
    assert status == 1
    assert "sealing.timestamp.imprint" in told
    rows = [{"authority": demo_tsa.NAME, "token": formats.b64(other.token), "more": 1}]
    assert run_offline(tmp_path, head, vouched, capsys, timestamps=rows)[0] == 1


# How often -------------------------------------------------------------------------------------


def test_heads_come_every_minute_around_a_deadline_else_every_hour(db, monkeypatch, settings):
    settings.SANDBOX = False
    signed = []
    head = TreeHead(size=7)
    monkeypatch.setattr(tasks.services, "sign_head", lambda at, _key: signed.append(at) or head)
    monkeypatch.setattr(tasks.selectors, "log_size", lambda: 7)
    at = clock.now()
    last = TreeHead(size=5, at=at)
    monkeypatch.setattr(tasks.selectors, "head", lambda: last)
    deadline = at + timedelta(hours=5)
    monkeypatch.setattr(cadence, "_sources", {"x": lambda a, b: a <= deadline <= b})

    def tick(moment):
        monkeypatch.setattr(tasks.clock, "now", lambda: moment)
        before = len(signed)
        tasks.sign_head()
        return len(signed) > before

    assert not tick(at + timedelta(minutes=30))
    assert tick(at + timedelta(minutes=61))
    last.at = at + timedelta(hours=4)
    assert tick(deadline - timedelta(minutes=59))
    assert tick(deadline + timedelta(minutes=59))
    last.at = deadline + timedelta(minutes=59)
    assert not tick(deadline + timedelta(minutes=61))
    last.size = 7  # nothing new: a quiet log is signed every hour, too
    assert not tick(deadline + timedelta(minutes=100))
    assert tick(deadline + timedelta(hours=9))
    assert tick(deadline)
