"""An address that is put together says what Django would say."""

from __future__ import annotations

from django.test.utils import override_script_prefix
from django.urls import reverse

from kernel.web.addresses import address, keyed


def test_addresses_are_those_of_django() -> None:
    for prefix in ("/", "/platform/", "/"):
        with override_script_prefix(prefix):
            assert address("web:desk") == reverse("web:desk")
            assert address("web:cases", "a.b") == reverse("web:cases", args=["a.b"])
            for key in (0, 7, 2**60):
                act = address("web:act", "a.b", key=key, then=("open",))
                assert act == reverse("web:act", args=["a.b", key, "open"])
                assert keyed("web:log-entry")(key) == reverse("web:log-entry", args=[key])
