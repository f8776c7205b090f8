"""The page believes a signature of nobody of whom Python does not believe it; run by Node."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from kernel.errors import Refused
from kernel.sealing import cms
from kernel.sealing.bids.fields import b64
from kernel.sealing.certificates import der
from tests.kernel.sealing.test_cmsquick_outside import DATA, Mutant
from tests.procurement.bidder.web import bundled

pytestmark = bundled.needed
_SCRIPT = """
const data = fromBase64(input.data);
for (const each of input.signatures) {
  await told(async () => toBase64((await checkCms(fromBase64(each), data)).certificate.der));
}
"""
_FILES = ("trust/cms.js", "lib/bytes.js")


def page(signatures):
    asked = {"signatures": [b64(each) for each in signatures], "data": b64(DATA)}
    return bundled.asked(_FILES, _SCRIPT, asked)


def python(signature):
    try:
        return b64(der(cms.check(signature, DATA).certificate))
    except Refused as refused:
        return refused.refusals[0].code


def mutant(chance, *liberties):
    made = Mutant(chance)
    made.may = lambda name, _often=0.25: name in liberties
    return made.made()


@pytest.mark.parametrize(
    ("liberty", "code"),
    [
        ("", ""),
        ("certificates that are not needed", ""),
        ("a certificate twice", ""),
        ("reference without a name", ""),
        ("reference to another number", "sealing.cms.certificate"),
        ("reference to another issuer", "sealing.cms.certificate"),
        ("a twin of the signer", "sealing.cms.certificate"),
    ],
)
def test_a_signer_that_others_would_take_for_another_is_refused(liberty, code):
    signatures = [mutant(random.Random(seed), liberty) for seed in range(4)]
    assert page(signatures) == [code or python(each) for each in signatures]
    assert code or all("." not in python(each) for each in signatures)


def test_what_the_page_believes_python_believes_of_the_same_signer():
    chance, taken, signatures = random.Random(5652), [], []
    for _number in range(300):
        made = Mutant(chance)
        signatures.append(made.made())
        taken.append(made.taken)
    found = Counter()
    for said, signature, liberties in zip(page(signatures), signatures, taken, strict=True):
        # A certificate of somebody else is read no further than it is needed.
        if "a byte of another certificate" in liberties and "." in python(signature):
            continue
        if not said.startswith("sealing."):
            assert said == python(signature), liberties
            found["believed"] += 1
        found["by both"] += said == python(signature)
    assert found["believed"] > 60, found
