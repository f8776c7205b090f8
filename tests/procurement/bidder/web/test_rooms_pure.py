"""Lists, results, cures and protests: the page's rooms give Python's reasons; run by Node."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from kernel.errors import Refused
from kernel.sealing import hpke
from kernel.sealing.bids import closing, cures, draw, moments, results, windows
from kernel.sealing.bids.fields import instant_text
from kernel.sealing.bids.manifest import ShareHash
from kernel.sealing.bids.policy import Stage
from tests.kernel.sealing.bids.support import BIDDERS, DEADLINE, LOT, altered
from tests.procurement.bidder.web import bundled

pytestmark = bundled.needed
OTHER = "ab" * 32
ORDER = ("qualification", "technical", "opening_sheet", "price")


@pytest.fixture(scope="module")
def policy(stage):
    stages = (Stage("technical", ORDER[:2]), Stage("price", ORDER[2:]))
    return replace(stage.policy, envelopes=ORDER, stages=stages)


@pytest.fixture(scope="module")
def first(policy):
    bids = [
        closing.LiveBid(code, 1, f"{i:064x}", DEADLINE, i) for i, code in enumerate(BIDDERS[:3], 1)
    ]
    return closing.ClosingList(
        LOT, policy.sha256, 1, "technical", DEADLINE, 9, OTHER,
        hpke.public_bytes(hpke.new_key().public_key()), tuple(bids),
    )  # fmt: skip


def reasons(call, *arguments):
    """Codes with the part that each names, as the scripts below spell them; or the refusal."""
    try:
        found = call(*arguments)
    except Refused as refused:
        return ",".join(each.code for each in refused.refusals)
    return [f"{each.code} {each.facts.get('part', '')}".strip() for each in found]


_SPELT = (
    "const spelt = (all) => all.map(({ code, facts }) => `${code} ${facts.part ?? ''}`.trim());"
)


def test_a_later_list_follows_or_not_as_python_says(policy, first):
    names = [bid.manifest_sha256 for bid in first.bids]
    result = results.StageResult(
        LOT, "technical", first.sha256, OTHER, tuple(names[:2]),
        (results.Failed(names[2], "不合格"),),
    )  # fmt: skip
    good = replace(
        first, stage="price", bids=first.bids[:2], follows=first.sha256,
        result_sha256=result.sha256, drawn_for=first.sha256,
    )  # fmt: skip
    other = replace(result, list_sha256=OTHER)
    cases = [
        (good, first, result),
        *((replace(good, **change), first, result) for change in (
            {"stage": "technical"}, {"lot": "X"}, {"bids": first.bids}, {"bids": ()},
            {"bids": good.bids[:1]}, {"follows": OTHER}, {"result_sha256": OTHER},
            {"drawn_for": OTHER}, {"bids": (replace(good.bids[0], version=2), good.bids[1])},
        )),
        (replace(good, result_sha256=other.sha256), first, other),
        (good, replace(first, stage="price"), result),
        (good, replace(first, drawn_for=OTHER, corrects=OTHER), result),
    ]  # fmt: skip
    script = _SPELT + (
        "for (const [a, b, r] of input.cases) await told(async () => spelt(followingFaults("
        "await readList(utf8(a)), await readList(utf8(b)), readResult(utf8(r)),"
        " readPolicy(utf8(input.policy)))));"
    )
    files = ("bids/results.js", "bids/closing.js", "bids/policy.js", "lib/bytes.js")
    texts = [[each.encode().decode() for each in case] for case in cases]
    found = bundled.asked(files, script, {"cases": texts, "policy": policy.encode().decode()})
    assert found == [reasons(results.following_faults, *case, policy) for case in cases]
    assert found[0] == []
    assert all(found[1:])


def test_a_correction_is_one_or_not_as_python_says(first):
    before = replace(first, bids=first.bids[:2])
    good = replace(
        first, corrects=before.sha256, drawn_for=before.sha256,
        closed_at=DEADLINE + timedelta(minutes=1),
    )  # fmt: skip
    added = first.bids[2].manifest_sha256
    cases = [
        (good, [added]),
        (good, []),
        *((replace(good, **change), [added]) for change in (
            {"corrects": OTHER}, {"drawn_for": OTHER}, {"stage": "price"}, {"bids": before.bids},
            {"closed_at": DEADLINE - timedelta(seconds=1)}, {"bids": first.bids[1:]},
            {"follows": OTHER, "result_sha256": OTHER},
        )),
    ]  # fmt: skip
    # A later version that was left out takes the place of the listed one, and of no other bid.
    early = replace(
        first, bids=(*first.bids[:2], replace(first.bids[2], version=1, manifest_sha256="1e" * 32))
    )
    late = replace(first.bids[2], version=2)
    fixed = replace(good, bids=(*first.bids[:2], late), corrects=early.sha256,
                    drawn_for=early.sha256)  # fmt: skip
    replacing = [
        (fixed, [late.manifest_sha256]),
        (fixed, []),
        (replace(fixed, bids=(first.bids[0], late)), [late.manifest_sha256]),
        (replace(fixed, bids=(*first.bids[:2], replace(late, version=1))), [late.manifest_sha256]),
    ]
    _same_corrections(before, cases)
    _same_corrections(early, replacing)
    # What is dead goes, and nothing else does; both kinds at once.
    gone, other = first.bids[1].manifest_sha256, first.bids[0].manifest_sha256
    struck = replace(good, bids=(first.bids[0], first.bids[2]), corrects=first.sha256,
                     drawn_for=first.sha256)  # fmt: skip
    dying = [
        (struck, [], [gone]),
        (struck, [], []),
        (struck, [], [other]),
        (struck, [], [gone, other]),
        (struck, [added], [gone]),
        (replace(struck, bids=first.bids), [], [gone]),
        (replace(struck, bids=first.bids[2:]), [], [gone]),
        (replace(struck, bids=()), [], [gone]),
    ]
    _same_corrections(first, dying)
    both = replace(struck, corrects=before.sha256, drawn_for=before.sha256)
    _same_corrections(
        before, [(both, [added], [gone]), (both, [added], []), (both, [], [gone])]
    )  # fmt: skip


def _same_corrections(before, cases):
    """Of each case the program finds what Python finds; only the first is a correction."""
    script = _SPELT + (
        "for (const [a, added, dead] of input.cases) await told(async () => spelt(correctingFaults("
        "await readList(utf8(a)), await readList(utf8(input.before)), new Set(added),"
        " new Set(dead))));"
    )
    cases = [(listed, some, dead[0] if dead else []) for listed, some, *dead in cases]
    texts = [[listed.encode().decode(), some, dead] for listed, some, dead in cases]
    files = ("bids/results.js", "bids/closing.js", "lib/bytes.js")
    found = bundled.asked(files, script, {"cases": texts, "before": before.encode().decode()})
    assert found == [
        reasons(results.correcting_faults, listed, before, frozenset(some), frozenset(dead))
        for listed, some, dead in cases
    ]
    assert found[0] == []
    assert all(found[1:])


def test_a_later_list_without_what_was_struck_off_it(policy, first):
    names = [bid.manifest_sha256 for bid in first.bids]
    result = results.StageResult(LOT, "technical", first.sha256, OTHER, tuple(names), ())
    good = replace(
        first, stage="price", bids=first.bids[1:], follows=first.sha256,
        result_sha256=result.sha256, drawn_for=first.sha256,
    )  # fmt: skip
    cases = [names[:1], [], names[1:2], names[:2], [OTHER]]
    script = _SPELT + (
        "for (const dead of input.cases) await told(async () => spelt(followingFaults("
        "await readList(utf8(input.list)), await readList(utf8(input.first)),"
        " readResult(utf8(input.result)), readPolicy(utf8(input.policy)), new Set(dead))));"
    )
    files = ("bids/results.js", "bids/closing.js", "bids/policy.js", "lib/bytes.js")
    texts = {"list": good, "first": first, "result": result, "policy": policy}
    value = {name: each.encode().decode() for name, each in texts.items()}
    found = bundled.asked(files, script, {**value, "cases": cases})
    assert found == [
        reasons(results.following_faults, good, first, result, policy, frozenset(dead))
        for dead in cases
    ]
    assert found[0] == []
    assert all(found[1:])


def test_a_list_that_rests_on_half_of_something_is_not_read(first):
    whole = replace(first, follows=OTHER, result_sha256=OTHER, drawn_for=OTHER).encode()
    texts = [
        first.encode(),
        whole,
        *(altered(whole, **{name: ""}) for name in ("follows", "result_sha256", "drawn_for")),
        altered(whole, corrects="x"),
        altered(whole, format="zhuxin-closing-list/3"),
        altered(first.encode(), corrects=""),
    ]

    def read(text):
        try:
            return closing.read_list(text).draw_sha256
        except Refused as refused:
            return refused.refusals[0].code

    script = "for (const a of input) await told(async () => (await readList(utf8(a))).draw_sha256);"
    found = bundled.asked(
        ("bids/closing.js", "lib/bytes.js"), script, [each.decode() for each in texts]
    )
    assert found == [read(each) for each in texts]


def test_a_cure_belongs_to_its_bid_or_not_as_python_says(stage, tmp_path):
    _path, made = stage.seal(tmp_path)
    policy, manifest = stage.policy, made.manifest
    good = cures.make_cure(policy, manifest, "price", made.identities["price"], OTHER)
    row = good.rows[0]
    twice = (row, ShareHash(**{**vars(good.rows[1]), "x": row.x}), *good.rows[2:])
    cases = [good, *(replace(good, **change) for change in (
        {"lot": "X"}, {"list_sha256": "cd" * 32}, {"bidder": BIDDERS[1]}, {"envelope": "X"},
        {"manifest_sha256": OTHER}, {"rows": good.rows[::-1]}, {"rows": twice},
        {"sealed": good.sealed[::-1]}, {"rows": good.rows[:2], "sealed": good.sealed[:2]},
    ))]  # fmt: skip
    script = _SPELT + (
        "const manifest = readManifest(utf8(input.manifest));"
        "const policy = readPolicy(utf8(input.policy));"
        "for (const a of input.cases) await told(() => spelt(cureFaults("
        "readCure(utf8(a)), manifest, policy, input.list)));"
    )
    files = ("bids/cures.js", "bids/manifest.js", "bids/policy.js", "lib/bytes.js")
    value = {
        "cases": [each.encode().decode() for each in cases], "list": OTHER,
        "manifest": manifest.encode().decode(), "policy": policy.encode().decode(),
    }  # fmt: skip
    found = bundled.asked(files, script, value)
    assert found == [
        reasons(cures.cure_faults, cures.read_cure(each.encode()), manifest, policy, OTHER)
        for each in cases
    ]
    assert found[0] == []
    assert all(found[1:])


def test_cures_are_waited_for_until_the_same_instant(policy):
    minutes = (1, 7, 60, 10_080)
    at = DEADLINE + timedelta(microseconds=999_999)
    script = (
        "for (const decrypt_window_minutes of input.minutes) await told(() =>"
        " [revealUntil, cureUntil].map((each) => each({ decrypt_window_minutes }, input.at)));"
    )
    value = {"minutes": minutes, "at": instant_text(at)}
    assert bundled.asked(("bids/moments.js",), script, value) == [
        [instant_text(until(at, each)) for until in (windows.reveal_until, windows.cure_until)]
        for each in minutes
    ]


def test_a_draw_is_fair_or_not_as_python_says(policy):
    """With too few nonces, before its time, without its moments, and in its time."""
    trustees = [trustee.uscc for trustee in policy.trustees]
    named = moments.named([b"draw"])

    def moment(name, minutes, said=named, listed=OTHER):
        return moments.Moment(LOT, listed, name, DEADLINE + timedelta(minutes=minutes), said)

    signed, early, fair = moment("countersigned", 40), moment("drawn", 69), moment("drawn", 70)
    sham = moment("drawn", 70, moments.named([b"another"]))
    elsewhere = moment("countersigned", 0, named, "cd" * 32)
    later = moment("countersigned", 41)
    cases = [
        (trustees, [signed, fair]), (trustees[1:], [signed, fair]), ([], []),
        (trustees[2:], [signed, fair]), (trustees[2:], [signed, early]), (trustees[2:], []),
        (trustees[2:], [signed, sham]), (trustees[2:], [elsewhere, fair]),
        (trustees[2:], [signed, later, fair]), (trustees[2:], [fair]),
    ]  # fmt: skip

    def python(withheld, every):
        nonces = tuple((each, "" if each in withheld else "aa" * 32) for each in trustees)
        try:
            moments.check_draw(draw.Draw(LOT, OTHER, nonces, ()), b"draw", policy, every)
        except Refused as refused:
            return ",".join(each.code for each in refused.refusals)
        return "fair"

    script = (
        "for (const { withheld, every } of input.cases) await told(() => {"
        " const read = every.map((each) => readMoment(utf8(each)));"
        " checkDraw({ withheld }, utf8('draw'), input.policy, read); return 'fair'; });"
    )
    value = {
        "policy": {
            "threshold": policy.threshold, "trustees": [{"uscc": each} for each in trustees],
            "decrypt_window_minutes": policy.decrypt_window_minutes,
        },
        "cases": [
            {"withheld": withheld, "every": [each.encode().decode() for each in every]}
            for withheld, every in cases
        ],
    }  # fmt: skip
    found = bundled.asked(("bids/moments.js", "lib/bytes.js"), script, value)
    assert found == [python(*case) for case in cases]
    assert found.count("fair") == 2
    assert set(found) == {"fair", "sealing.draw.few", "sealing.draw.early"}


def test_a_moment_can_be_or_not_as_python_says():
    """Of a list that was, not before it, and not before the signatures that it names."""
    own, other = "ab" * 32, "cd" * 32
    one, two, none = (moments.named([each])[0] for each in (b"one", b"two", b"none"))

    def at(minutes):
        return DEADLINE + timedelta(minutes=minutes)

    def moment(name, minutes, said=(one,), listed=own):
        return moments.Moment(LOT, listed, name, at(minutes), tuple(said))

    closed = {own: at(10), other: at(5)}
    signed = {one: at(30), two: at(500), none: None}
    every = [
        moment("countersigned", 30), moment("countersigned", 29), moment("countersigned", 28),
        moment("countersigned", 10), moment("countersigned", 9, (none,)),
        moment("countersigned", 10, (two, none)), moment("countersigned", 40, ("ef" * 32,)),
        moment("drawn", 10), moment("drawn", 9), moment("drawn", 99, listed="ef" * 32),
        moment("countersigned", 5, listed=other), moment("countersigned", 4, listed=other),
    ]  # fmt: skip
    texts = [each.encode().decode() for each in every]
    sound = moments.sound(every, closed, signed, own, at(400))
    value = {
        "every": texts, "list": own, "now": instant_text(at(400)),
        "closed": [[key, instant_text(each)] for key, each in closed.items()],
        "signed": [[key, each and instant_text(each)] for key, each in signed.items()],
    }  # fmt: skip
    script = (
        "const every = input.every.map((each) => readMoment(utf8(each)));"
        " const can = sound(every, new Map(input.closed), new Map(input.signed), input.list,"
        " input.now); await told(() => every.map((each) => can.includes(each)));"
    )
    found = bundled.asked(("bids/moments.js", "lib/bytes.js"), script, value)
    wanted = [each in sound for each in every]
    assert found == [wanted]
    assert wanted == [True, True] + [False] * 3 + [True, False, True, False, False, True, False]
