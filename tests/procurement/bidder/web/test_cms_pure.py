"""The page believes whatever Python believes, of the same signer: with a signature that only the
platform took, one bidder could keep trustees from opening a whole lot. Run by Node.
"""

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


def test_the_page_and_python_believe_the_same_of_the_same_signer():
    chance, taken, signatures = random.Random(5652), [], []
    for _number in range(600):
        made = Mutant(chance)
        signatures.append(made.made())
        taken.append(made.taken)
    found = Counter()
    for said, signature, liberties in zip(page(signatures), signatures, taken, strict=True):
        told = python(signature)
        if not told.startswith("sealing."):
            assert said == told, liberties
            found["believed"] += 1
        # A certificate of somebody else is read no further than it is needed.
        elif "a byte of another certificate" not in liberties:
            assert said.startswith("sealing."), (liberties, told)
            found["refused"] += 1
    assert found["believed"] > 120, found
    assert found["refused"] > 120, found


class Respelt(Mutant):
    """In its reference the issuer's country is a UTF8String: to whoever compares texts the same."""

    def attributes(self):
        own = self.issuer
        self.issuer = own.replace(b"\x13\x02CN", b"\x0c\x02CN")
        assert self.issuer != own
        found = super().attributes()
        self.issuer = own
        return found


@pytest.mark.parametrize("spelling", ["outer length", "issuer's text", "inner length"])
def test_another_spelling_of_the_same_is_refused_by_both(spelling):
    made = (Respelt if spelling == "issuer's text" else Mutant)(random.Random(3))
    made.may = lambda _name, _often=0.25: False
    signature = made.made()
    if spelling == "outer length":
        assert signature[1] == 0x82
        signature = signature[:1] + b"\x83\x00" + signature[2:]
    if spelling == "inner length":
        version = signature.index(b"\x02\x01\x01")
        signature = signature[:version] + b"\x02\x81\x01\x01" + signature[version + 3 :]
    assert page([signature])[0].startswith("sealing.")
    assert python(signature).startswith("sealing.")
