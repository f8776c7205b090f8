"""Secret sharing: any k shares give the secret, fewer give nothing, npm and we read each other."""

import itertools
from collections import Counter
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.sealing.shamir import combine, recover_share, split
from tests.kernel.sealing.support import refusal, vectors

NPM = vectors("shamir_npm")["vectors"]
COUNTS = st.integers(2, 8).flatmap(lambda n: st.tuples(st.just(n), st.integers(2, n)))


@pytest.mark.parametrize("vector", NPM, ids=lambda v: f"{v['k']}-of-{v['n']}")
def test_shares_of_the_npm_package_combine_here(vector):
    shares = [bytes.fromhex(share) for share in vector["shares"]]
    secret, k = bytes.fromhex(vector["secret"]), vector["k"]
    assert combine(shares[:k]) == combine(shares[-k:]) == combine(shares) == secret
    assert vector["combined"] == vector["secret"]


@pytest.mark.parametrize("vector", NPM, ids=lambda v: f"{v['k']}-of-{v['n']}")
def test_shares_of_the_npm_package_are_recovered_from_others(vector):
    shares = [bytes.fromhex(share) for share in vector["shares"]]
    for share in shares:
        assert recover_share(shares[: vector["k"]], share[-1]) == share


@given(st.binary(min_size=1, max_size=40), COUNTS, st.data())
def test_any_k_shares_give_the_secret_and_every_other_share(secret, counts, data):
    n, k = counts
    shares = split(secret, n, k)
    some = data.draw(st.permutations(shares))[:k]
    assert combine(some) == secret
    assert [recover_share(some, share[-1]) for share in shares] == shares


@given(st.binary(min_size=1, max_size=40), COUNTS)
def test_shares_are_one_byte_longer_and_stand_at_distinct_points_other_than_zero(secret, counts):
    shares = split(secret, *counts)
    assert {len(share) for share in shares} == {len(secret) + 1}
    assert len({share[-1] for share in shares} - {0}) == counts[0]


@settings(max_examples=5)
@given(st.integers(0, 255), st.integers(0, 255))
def test_one_share_of_two_says_nothing_about_the_secret(one, other):
    """Exhaustive: over all coefficients each y comes up once, whatever the secret."""

    def seen(secret):
        counts = Counter()
        for coefficient in range(256):
            with mock.patch("secrets.token_bytes", return_value=bytes([coefficient])):
                (y, x), _ = split(bytes([secret]), 2, 2)
            counts[recovered(y, x, secret, coefficient)] += 1
        return counts

    def recovered(y, x, secret, coefficient):
        # x is random; bring the share to x = 1 through the line it lies on.
        return (
            recover_share([bytes([y, x]), bytes([secret ^ coefficient, 1])], 1)[0] if x != 1 else y
        )

    assert seen(one) == seen(other) == Counter(range(256))


def test_two_shares_of_three_fit_every_secret():
    """Exhaustive: to k - 1 shares each possible secret is completed by exactly one third share."""
    first, second, third = split(b"\x2a", 3, 3)
    secrets = {combine([first, second, bytes([y, third[-1]])]) for y in range(256)}
    assert len(secrets) == 256


def test_an_altered_share_is_noticed_by_the_other_shares():
    shares = split(bytes(range(32)), 5, 3)
    false = bytes([shares[0][0] ^ 1]) + shares[0][1:]
    assert recover_share([false, *shares[1:3]], shares[3][-1]) != shares[3]


def test_the_largest_set_works():
    shares = split(b"secret", 255, 255)
    assert combine(shares) == b"secret"
    assert sorted(share[-1] for share in shares) == list(range(1, 256))


@pytest.mark.parametrize(("n", "k"), [(1, 1), (2, 1), (2, 3), (256, 2), (0, 0), (3, -1)])
def test_thresholds_outside_the_field_are_refused(n, k):
    assert refusal(split, b"secret", n, k) == "sealing.shamir.threshold"


def test_an_empty_secret_is_refused():
    assert refusal(split, b"", 3, 2) == "sealing.shamir.empty"


@pytest.mark.parametrize(
    "shares",
    [
        [],
        [b"ab\x01"],
        [b"ab\x01", b"ab\x01"],
        [b"ab\x01", b"ab\x00"],
        [b"ab\x01", b"abc\x02"],
        [b"\x01", b"\x02"],
        [b"", b""],
        [bytes([1, x % 256]) for x in range(1, 258)],
    ],
)
def test_sets_that_cannot_be_shares_are_refused(shares):
    assert refusal(combine, shares) == "sealing.shamir.shares"


@pytest.mark.parametrize("x", [0, 256, -1])
def test_a_share_stands_at_1_to_255(x):
    assert refusal(recover_share, split(b"s", 3, 2), x) == "sealing.shamir.shares"


def test_any_pair_of_three_gives_the_same_secret():
    shares = split(b"\x00" * 32, 3, 2)
    assert {combine(pair) for pair in itertools.permutations(shares, 2)} == {b"\x00" * 32}
