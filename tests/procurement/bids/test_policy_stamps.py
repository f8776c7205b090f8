"""A policy in force gets a token by the worker; who is revoked afterwards stops nobody."""

from __future__ import annotations

import base64
import json
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.test import Client

from kernel import clock
from kernel.documents import demo_pki, demo_stamps
from kernel.documents import trust as documents
from kernel.events import services as events
from kernel.events.models import Delivery
from kernel.evidence import authorities, formats, stamping
from kernel.sealing import canonical, demo_tsa, timestamps
from kernel.sealing.bids import bundles
from kernel.sealing.bids.policy_proof import proof_of
from kernel.sealing.certificates import pem
from kernel.sealing.revocation import load_crl
from kernel.workflow.firing import fire
from procurement.bids import (
    answers,
    believed,
    closing,
    dossier_keep,
    policy_stamps,
    readings,
    selectors,
    tasks_for_trustees,
)
from procurement.bids.machines import POLICY
from procurement.bids.models import OpeningPolicy, PolicySignature, PolicyStamp, PolicyVersion
from tests.kernel.evidence.outside import NAME, configured, outside
from tests.procurement.bids.dossiers import anchors_of, sign_head, status, write
from tests.procurement.bids.steps import close, finish, ready
from tests.procurement.bids.support import LOT, TRUSTEES
from tests.procurement.bids.test_secrecy import token as bearer

__all__ = ["configured", "outside"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def lot(world, monkeypatch):
    monkeypatch.setattr(closing, "machine", lambda _code: None)
    world.policy()
    return world


def due():
    """The worker's next turn is now."""
    PolicyStamp.objects.exclude(due_at=None).update(due_at=clock.technical_now())
    return policy_stamps.stamp_policies()


def test_the_worker_brings_a_token_over_the_policy_and_all_its_signatures(lot):
    assert answers.policy(LOT)["proof"] is None
    assert stamping.run() >= 1
    told = answers.policy(LOT)["proof"]
    version = PolicyVersion.objects.get()
    assert told["text"].encode() == proof_of(readings.bundle_of(version)).encode()
    digest = canonical.digest(canonical.decode(told["text"].encode()))
    token = timestamps.read(base64.b64decode(told["token"]))
    assert token.info.digest == digest
    assert token.gen_time >= version.in_force_at
    mine = bearer(lot.people["bidder1"])
    assert Client().get(f"/api/v1/lots/{LOT}/policy", headers=mine).json()["proof"] == told
    page = Client().get(f"/bids/policies/{LOT}/policy.json")
    assert json.loads(page.content)["proof"] == told
    assert policy_stamps.stamp_policies() == 0  # once is enough
    assert PolicyStamp.objects.get().due_at is None


def test_the_policys_page_says_when_and_by_whom_its_signatures_were_stamped(lot):
    url = f"/bids/policies/{LOT}/"
    before = Client().get(url).content.decode()
    assert "各方签名的时间戳" in before and "尚未取得" in before
    policy_stamps.stamp_policies()
    row = PolicyStamp.objects.get()
    page = Client().get(url).content.decode()
    assert row.authority in page and "尚未取得" not in page
    second = row.gen_time.astimezone(clock.LEGAL_ZONE).strftime("%H:%M:%S")
    assert second in page
    english = Client().get(url, headers={"Accept-Language": "en"}).content.decode()
    assert "Signatures time-stamped" in english and row.authority in english


def test_a_draft_has_no_token_and_a_task_is_as_it_was(world):
    world.draw_up()
    world.announce("owner", share=False)
    for name in TRUSTEES:
        world.announce(name)
        world.rehearse(name)
    world.sign_policy("owner")
    assert policy_stamps.stamp_policies() == 0
    assert not PolicyStamp.objects.exists()
    task = tasks_for_trustees.task(LOT, world.people["trustee1"])
    assert task.draft is not None
    assert set(task.draft) == {"policy", "signatures"}


def test_where_an_authority_fails_the_policy_stays_without_until_another_answers(
    world, configured, monkeypatch
):
    configured("fails", own=True)
    world.policy()
    with monkeypatch.context() as patch:
        patch.setattr(demo_tsa, "respond", lambda *_a: b"")
        assert policy_stamps.stamp_policies() == 0
        assert answers.policy(LOT)["proof"] is None
        row = PolicyStamp.objects.get()
        assert [each["authority"] for each in row.failures] == [NAME, demo_tsa.NAME]
        pauses = []
        for _ in range(3):
            assert due() == 0
            left = PolicyStamp.objects.get().due_at - clock.technical_now()
            pauses.append(round(left.total_seconds()))
        assert pauses == sorted(pauses)
        assert pauses[-1] >= 10
    assert policy_stamps.stamp_policies() == 0  # not its turn yet
    assert due() == 1
    row = PolicyStamp.objects.get()
    assert (row.authority, [each["authority"] for each in row.failures]) == (demo_tsa.NAME, [NAME])
    assert answers.policy(LOT)["proof"]["text"] == row.text


def test_who_falls_before_the_token_is_replaced_before_the_notice_and_the_lot_goes_on(lot):
    lot.lot.state = "approved"
    assert selectors.unstamped_policy(LOT) == "waiting"
    revoked(lot, "trustee2", clock.now() - timedelta(seconds=1))
    case = OpeningPolicy.objects.get()
    assert not policy_stamps.stamp_of(case.pk)
    assert selectors.unstamped_policy(LOT) == "sealing.certificate.revoked"
    agency = lot.people["agency"]
    fire(POLICY.code, case.pk, "supersede", actor=agency, seen_version=case.version, key="a",
         payload={"reason": "开启人的证书在取得时间戳之前被吊销"})  # fmt: skip
    for kept in (lot.keys, lot.nonces):
        kept.clear()
    lot.signers.pop("trustee2")  # the trustee's new certificate
    made = fire(
        POLICY.code, None, "draw_up", actor=agency, key="again",
        payload={
            "lot_number": LOT, "supervisor": lot.people["supervisor"].uscc,
            "trustees": [{"uscc": lot.people[n].uscc} for n in TRUSTEES],
        },
    )  # fmt: skip
    lot.announce("owner", share=False)
    for name in TRUSTEES:
        lot.announce(name)
        lot.rehearse(name)
    for name in ("owner", *TRUSTEES):
        lot.sign_policy(name)
    assert policy_stamps.stamp_of(made.case_pk)
    assert selectors.unstamped_policy(LOT) == ""


def test_a_policy_that_names_no_authority_waits_for_none(world, monkeypatch):
    monkeypatch.setattr(authorities, "all_of_them", lambda: ())
    world.policy()
    assert selectors.unstamped_policy(LOT) == ""


def test_the_token_is_asked_for_as_soon_as_the_last_has_signed(lot):
    for pk in Delivery.objects.filter(
        state="pending", subscriber="procurement.bids.policy"
    ).values_list("pk", flat=True):
        assert events.deliver(pk)
    assert selectors.unstamped_policy(LOT) == ""


def test_a_worker_that_died_leaves_a_turn_that_comes_again(lot, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(stamping, "obtain", lambda *_a, **_k: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            policy_stamps.stamp_policies()
    assert policy_stamps.stamp_policies() == 0  # it may still be alive
    assert due() == 1


def test_a_slow_worker_takes_no_token_back_that_another_got_meanwhile(lot, monkeypatch):
    """Its turn ran out while an authority kept it waiting, and another worker took it."""
    real = stamping.obtain

    def slow(*asked, **more):
        monkeypatch.setattr(stamping, "obtain", real)
        assert due() == 1
        return stamping.Outcome(None, (stamping.Failure("慢的机构", "evidence.timestamp.slow"),))

    monkeypatch.setattr(stamping, "obtain", slow)
    assert policy_stamps.stamp_policies() == 0
    row = PolicyStamp.objects.get()
    assert row.due_at is None
    assert answers.policy(LOT)["proof"]["text"] == row.text


def test_of_two_tokens_the_first_one_stays(lot, monkeypatch):
    real, first = stamping.obtain, []

    def slow(*asked, **more):
        monkeypatch.setattr(stamping, "obtain", real)
        assert due() == 1
        first.append(answers.policy(LOT)["proof"])
        return real(*asked, **more)

    monkeypatch.setattr(stamping, "obtain", slow)
    assert policy_stamps.stamp_policies() == 0
    assert [answers.policy(LOT)["proof"]] == first


def test_a_policy_that_names_nobody_is_not_asked_for_again(world, monkeypatch):
    monkeypatch.setattr(authorities, "names", tuple)
    world.policy()
    assert policy_stamps.stamp_policies() == 0
    assert PolicyStamp.objects.get().due_at is None
    assert answers.policy(LOT)["proof"] is None


def test_an_authority_with_a_wrong_clock_stamps_no_policy(lot, monkeypatch):
    real = demo_tsa.respond
    with monkeypatch.context() as patch:
        patch.setattr(
            demo_tsa, "respond", lambda data, signer, now: real(data, signer, now + 2 * FIVE)
        )
        assert policy_stamps.stamp_policies() == 0
        assert PolicyStamp.objects.get().due_at is not None
    assert due() == 1


FIVE = timedelta(minutes=5)


def revoked(lot, name, at):
    """A list that says so, from now on."""
    authority = demo_pki.authority(clock.now())
    authority.revoke(lot.signer(name).certificate.serial_number, at, "key_compromise")
    found = documents.current()
    documents.use(
        lambda: documents.Trust(
            found.anchors, found.issuers, tuple(authority.crls(clock.now()))
        )
    )  # fmt: skip
    believed.forget()


def test_no_token_is_attached_where_a_signer_was_revoked_before_it(lot):
    lot.at(clock.now() + FIVE)
    revoked(lot, "trustee2", clock.now() - timedelta(minutes=1))
    assert policy_stamps.stamp_policies() == 0
    row = PolicyStamp.objects.get()
    assert [each["code"] for each in row.failures] == ["sealing.certificate.revoked"]
    assert row.due_at is None
    assert answers.policy(LOT)["proof"] is None


def test_after_the_deadline_nobody_is_asked_any_more(lot):
    lot.at(lot.in_force.deadline + timedelta(seconds=1))
    assert policy_stamps.stamp_policies() == 0
    assert not PolicyStamp.objects.exists()


def test_each_version_has_a_token_of_its_own(lot):
    policy_stamps.stamp_policies()
    first = answers.policy(LOT)["proof"]
    lot.lot.deadline += timedelta(days=5)
    case = OpeningPolicy.objects.get()
    fire(POLICY.code, case.pk, "extend", actor=lot.people["agency"], payload={}, key="extend",
         seen_version=case.version)  # fmt: skip
    for name in ("owner", *TRUSTEES):
        lot.sign_policy(name)
    told = answers.policy(LOT)
    assert (told["proof"], told["previous"][0]["proof"]) == (None, first)
    assert due() == 1
    told = answers.policy(LOT)
    assert told["proof"]["text"] != first["text"]
    assert told["previous"][0]["proof"] == first


def lists_of_today():
    demo_pki._write_lists(demo_pki.authority(clock.now()), clock.now())
    believed.forget()


def short_lived(lot, name, days):
    """A party signs the policy under a certificate that expires so soon; when it does."""
    now = clock.now()
    lot.signers[name] = demo_pki.authority(now).issue_signer(
        "", lot.people[name].organisation_name, lot.people[name].uscc, now - FIVE, days
    )
    version = PolicyVersion.objects.get()
    p7s = base64.b64decode(lot.p7s(name, version.text))
    PolicySignature.objects.filter(version=version, uscc=lot.people[name].uscc).update(p7s=p7s)
    return lot.signers[name].certificate.not_valid_after_utc


def test_of_every_certificate_that_expires_the_last_list_is_kept(lot):
    """One trustee whose certificate expires first hides no other one's behind it."""
    first, second = short_lived(lot, "trustee2", 9), short_lived(lot, "trustee3", 18)
    assert second < PolicyVersion.objects.get().deadline_at
    lists_of_today()
    policy_stamps.stamp_policies()
    for at in (first, second):
        lot.at(at - timedelta(hours=1))
        lists_of_today()
        policy_stamps.stamp_policies()
    assert PolicyStamp.objects.get().lists_kept
    lot.at(second + timedelta(days=1))
    lists_of_today()
    row, version = PolicyStamp.objects.get(), PolicyVersion.objects.get()
    lists = [base64.b64decode(each) for each in answers.policy(LOT)["crls"]]
    trust = bundles.Trust(
        believed.trust(clock.now()).anchors, tuple(map(load_crl, lists)),
        believed.trust(clock.now()).intermediates,
    )  # fmt: skip
    bundles.verify_policy(readings.bundle_of(version), trust, clock.now(), (), row.gen_time)


def list_of_another(now):
    """By an authority that signed nothing here, and publishes nothing any more."""
    made = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "已停业的机构")]))
        .last_update(now)
        .next_update(now + FIVE)
    )
    key = ec.generate_private_key(ec.SECP256R1())
    return made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def test_another_authority_whose_list_ran_out_keeps_no_list_from_being_kept(lot):
    until = short_lived(lot, "trustee3", 9)
    lists_of_today()
    policy_stamps.stamp_policies()
    dead = (list_of_another(clock.now()),)
    lot.at(until - timedelta(hours=1))
    lists_of_today()
    found = documents.current()
    documents.use(lambda: documents.Trust(found.anchors, found.issuers, (*found.crls, *dead)))
    believed.forget()
    policy_stamps.stamp_policies()
    assert PolicyStamp.objects.get().lists_kept


def test_the_last_list_that_speaks_of_an_expiring_certificate_is_kept_and_told(lot):
    until = short_lived(lot, "trustee3", 12)
    lists_of_today()
    policy_stamps.stamp_policies()
    row = PolicyStamp.objects.get()
    assert row.expires_at == until
    assert not row.lists_kept  # today's list ends before the certificate does
    before = answers.policy(LOT)["crls"]
    lot.at(row.expires_at - timedelta(hours=1))
    lists_of_today()
    policy_stamps.stamp_policies()
    assert PolicyStamp.objects.get().lists_kept
    kept = dossier_keep.lists(LOT)
    assert kept
    assert before != answers.policy(LOT)["crls"]
    lot.at(row.expires_at + timedelta(days=1))
    lists_of_today()
    told = answers.policy(LOT)["crls"]
    assert {base64.b64encode(each).decode() for each in kept} <= set(told)


# The dossier ------------------------------------------------------------------------------------


@pytest.fixture
def verdict(lot, tmp_path, capsys):
    """Exit status of the verifier and what it said; vouched: the reader knows the authority."""

    def look(*, vouched=True):
        roots = pem(demo_stamps.own().anchors.certificates).decode()
        known = [{"name": demo_tsa.NAME, "roots": roots, "demonstration": True}]
        trust = anchors_of(lot, tmp_path)
        if vouched:
            value = canonical.decode(trust.read_bytes())
            trust.write_bytes(canonical.encode({**value, formats.AUTHORITIES: known}))
        path = write(tmp_path)
        capsys.readouterr()
        return status(path, trust, "--lang", "en"), capsys.readouterr().out

    return look


def opened(lot):
    for name in ("bidder1", "bidder2", "bidder3"):
        lot.bid(name)
    close(lot)
    ready(lot, *TRUSTEES[:2])
    lot.mark(*TRUSTEES[:2])
    lot.release(*TRUSTEES[:2])
    finish(lot)
    sign_head()


def test_a_dossier_tells_by_when_the_policy_was_signed(lot, verdict):
    policy_stamps.stamp_policies()
    lot.at(clock.now() + FIVE)
    revoked(lot, "trustee3", clock.now() - timedelta(minutes=1))
    opened(lot)
    code, told = verdict()
    assert code == 0, told
    assert "all its signatures were stamped at" in told
    code, told = verdict(vouched=False)
    assert code == 0, told
    assert "all its signatures were stamped at" not in told


def test_a_dossier_without_a_token_is_as_it_was(lot, verdict):
    opened(lot)
    code, told = verdict()
    assert code == 0, told
    assert "all its signatures were stamped at" not in told


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda row: {"text": row.text.replace(row.version.sha256, "ab" * 32)},
         "sealing.policy_proof.other"),
        (lambda row: {"token": stamped(bytes(32), row.gen_time)}, "sealing.timestamp.imprint"),
        (lambda row: {"token": stamped(row, row.version.deadline_at + timedelta(seconds=1))},
         "sealing.policy_proof.late"),
        # Signed, by their own word, after the certificates of the parties began: a token is before.
        (lambda row: {"token": stamped(row, row.gen_time - timedelta(days=60))},
         "sealing.certificate.not_yet"),
    ],
)  # fmt: skip
def test_a_false_token_convicts_the_dossier(lot, verdict, change, code):
    policy_stamps.stamp_policies()
    opened(lot)
    row = PolicyStamp.objects.get()
    PolicyStamp.objects.update(**change(row))
    status_, told = verdict()
    assert status_ == 1
    assert code in told


def stamped(what, at):
    digest = what if isinstance(what, bytes) else canonical.digest(json.loads(what.text))
    signer = demo_stamps._signer(demo_stamps._file())
    return demo_tsa.token(timestamps.request(digest), signer, at)
