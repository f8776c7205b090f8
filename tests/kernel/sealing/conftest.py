"""One demonstration authority and its signers for all tests of sealing; keys are slow to make."""

from datetime import UTC, datetime

import pytest
from hypothesis import settings

from kernel.sealing.authority import DemoAuthority

# How long an example takes says nothing on a shared machine.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

NOW = datetime(2026, 3, 2, 1, 30, 0, 250_000, tzinfo=UTC)


@pytest.fixture(scope="session")
def now():
    return NOW


@pytest.fixture(scope="session")
def authority():
    return DemoAuthority.create(NOW)


@pytest.fixture(scope="session")
def signer(authority):
    return authority.issue_signer("张三", "示例建设有限公司", "91350000MA2EXAMPL1", NOW, 365)


@pytest.fixture(scope="session")
def rsa_signer(authority):
    return authority.issue_signer("", "示例公证处", "12350000MB2EXAMPL2", NOW, 365, "rsa3072")
