"""Rows of the access table: credit officers bring tables in, and confirm each other's."""

from kernel.access.table import TABLE, roles

TABLE.add(
    pages={
        "credit:national": roles("credit_officer"),
        "credit:national-report": roles("credit_officer"),
        "credit:national-changes": roles("credit_officer"),
        "credit:national-file": roles("credit_officer"),
    }
)
