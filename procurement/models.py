"""The tables of all stages."""

from procurement.evaluation.models import *  # noqa: F403
from procurement.projects.models import *  # noqa: F403
