"""Rows of the access table: a credit officer brings tables in and reads what became of them."""

from kernel.access.table import TABLE, roles

TABLE.add(
    pages={
        "credit:national": roles("credit_officer"),
        "credit:national-report": roles("credit_officer"),
    }
)
