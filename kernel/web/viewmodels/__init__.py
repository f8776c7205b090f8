"""What templates are given: plain frozen values, read whole before a page is rendered. No ORM.

Money is integer fen, instants are aware datetimes, dates are dates; templates only give them form.
"""

from kernel.web.viewmodels.acts import (
    ActPage,
    Change,
    ConfirmPage,
    ErrorItem,
    FieldView,
    FormGroup,
    FormLine,
    Receipt,
    RefusedPage,
    StalePage,
)
from kernel.web.viewmodels.cases import (
    ActButton,
    CasePage,
    FoldedActs,
    LogRow,
    Party,
    Tab,
    TimelineItem,
)
from kernel.web.viewmodels.desks import DeskPage, DeskRow, JobView
from kernel.web.viewmodels.parts import (
    DocumentLink,
    DueView,
    Fact,
    FactGroup,
    Link,
    RefusalView,
    StateChip,
)
from kernel.web.viewmodels.public import CheckBox, PublicHome, PublicList, PublicRow, SearchBox
from kernel.web.viewmodels.registers import (
    Column,
    Filter,
    Pagination,
    RegisterPage,
    RegisterRow,
    SavedView,
)
from kernel.web.viewmodels.search import KindView, SearchPage, SearchRow
from kernel.web.viewmodels.site import Actor, MembershipOption, NavItem, Site, TreeHead

__all__ = [
    "ActButton",
    "ActPage",
    "Actor",
    "CasePage",
    "Change",
    "CheckBox",
    "Column",
    "ConfirmPage",
    "DeskPage",
    "DeskRow",
    "DocumentLink",
    "DueView",
    "ErrorItem",
    "Fact",
    "FactGroup",
    "FieldView",
    "Filter",
    "FoldedActs",
    "FormGroup",
    "FormLine",
    "JobView",
    "KindView",
    "Link",
    "LogRow",
    "MembershipOption",
    "NavItem",
    "Pagination",
    "Party",
    "PublicHome",
    "PublicList",
    "PublicRow",
    "Receipt",
    "RefusalView",
    "RefusedPage",
    "RegisterPage",
    "RegisterRow",
    "SavedView",
    "SearchBox",
    "SearchPage",
    "SearchRow",
    "Site",
    "StalePage",
    "StateChip",
    "Tab",
    "TimelineItem",
    "TreeHead",
]
