"""The tables of all stages."""

from procurement.bids.models import *  # noqa: F403
from procurement.contracts.adjustments.models import *  # noqa: F403
from procurement.contracts.models import *  # noqa: F403
from procurement.contracts.payments.models import *  # noqa: F403
from procurement.contracts.variations.models import *  # noqa: F403
from procurement.cost.models import *  # noqa: F403
from procurement.evaluation.models import *  # noqa: F403
from procurement.projects.drawings.models import *  # noqa: F403
from procurement.projects.filing.models import *  # noqa: F403
from procurement.projects.models import *  # noqa: F403
from procurement.projects.works.models import *  # noqa: F403
from procurement.securities.models import *  # noqa: F403
from procurement.site.models import *  # noqa: F403
from procurement.tendering.models import *  # noqa: F403
