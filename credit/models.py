"""The tables of all stages."""

from credit.conduct.models import *  # noqa: F403
from credit.enterprises.models import *  # noqa: F403
from credit.scoring.models import *  # noqa: F403
