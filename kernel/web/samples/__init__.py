"""Sample pages for the style page: invented, in both languages, with every state that occurs."""

from kernel.web.samples.acts import act, confirm, receipt, refused, stale
from kernel.web.samples.cases import case
from kernel.web.samples.lists import desk, register
from kernel.web.samples.site import home, site

__all__ = [
    "act",
    "case",
    "confirm",
    "desk",
    "home",
    "receipt",
    "refused",
    "register",
    "site",
    "stale",
]
