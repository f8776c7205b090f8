"""Rows of the access table: who may fetch the formats of bills."""

from kernel.access.table import PUBLIC, TABLE

TABLE.add(
    pages={
        "procurement:bill-template": PUBLIC,
        "procurement:bill-schema": PUBLIC,
    },
)
