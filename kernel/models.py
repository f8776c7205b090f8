"""The tables of all rooms of the kernel."""

from kernel.parties.models import *  # noqa: F403
