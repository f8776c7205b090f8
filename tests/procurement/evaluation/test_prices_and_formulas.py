"""What clearing says of prices, and what a formula needs before it counts: rules on plain facts."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from kernel.errors import Refusal
from procurement.evaluation import session_rules
from procurement.evaluation.rules import Numbers

