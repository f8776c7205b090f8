"""The tables of all stages."""

from procurement.cost.models import *  # noqa: F403
from procurement.projects.models import *  # noqa: F403
