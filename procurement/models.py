"""The tables of all stages."""

from procurement.projects.models import *  # noqa: F403
