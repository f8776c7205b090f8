"""The tables of all stages."""

from equipment.leasing.models import *  # noqa: F403
from equipment.registry.models import *  # noqa: F403
from equipment.sites.models import *  # noqa: F403
