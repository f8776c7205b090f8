"""The access table's rows for the pages of documents."""

from kernel.access.table import PUBLIC, SIGNED_IN, TABLE

TABLE.add(
    pages={
        "documents:check": PUBLIC,
        "documents:check-code": PUBLIC,
        # Public forms are everybody's; the others ask selectors.may_read, or for a log-in.
        "documents:file": PUBLIC,
        "documents:sign": SIGNED_IN,
        "documents:sign-begin": SIGNED_IN,
        "documents:sign-finish": SIGNED_IN,
        "documents:sign-request": SIGNED_IN,
        "documents:sign-prepared": SIGNED_IN,
    }
)
