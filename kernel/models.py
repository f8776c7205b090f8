"""The tables of all rooms of the kernel."""

from kernel.documents.models import *  # noqa: F403
from kernel.events.models import *  # noqa: F403
from kernel.evidence.models import *  # noqa: F403
from kernel.parties.models import *  # noqa: F403
from kernel.regulation.models import *  # noqa: F403
from kernel.search.models import *  # noqa: F403
from kernel.workflow.models import *  # noqa: F403
