"""One stage for all tests here; what changes it makes its own."""

import pytest
from hypothesis import settings

from tests.kernel.sealing.bids.support import Stage

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def stage():
    return Stage()


@pytest.fixture(scope="session")
def sealed(stage, tmp_path_factory):
    """A bid of the first bidder: path and what making it returned."""
    return stage.seal(tmp_path_factory.mktemp("sealed"))
