"""The tables of all stages."""

from labour.accounts.models import *  # noqa: F403
from labour.payroll.models import *  # noqa: F403
from labour.roster.models import *  # noqa: F403
from labour.sites.models import *  # noqa: F403
