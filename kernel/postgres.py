"""Statements of the write path on PostgreSQL, sent with as little Python as there can be.

psycopg's cursor is made for every way of asking; most of what a small statement costs a web worker
is that cursor. Here values go through psycopg's own dumpers and rows through its own loaders, and
what is between them is libpq's one call that sends a statement and waits for its result.
"""

from __future__ import annotations

import itertools
import re
import select
from collections.abc import Sequence
from typing import Any

from psycopg import errors, pq
from psycopg.adapt import AdaptersMap, PyFormat, Transformer
from psycopg.types.datetime import TimestamptzLoader

# A statement that came so many times on one connection is prepared.
OFTEN = 5
# Statements are written in code, so there are never many; whoever makes them up does not fill us.
MOST = 400
_PLACE = re.compile(r"%(?:s|%)")
_FAILED = frozenset({pq.ExecStatus.FATAL_ERROR, pq.ExecStatus.BAD_RESPONSE})
_numbered: dict[str, bytes] = {}
_names = itertools.count()


class _Adapting:
    """How a connection's values are read, with psycopg's own reader of instants.

    Django's is written in Python and puts the connection's time zone into each; ours is always UTC.
    """

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self.adapters = AdaptersMap(connection.adapters)
        self.adapters.register_loader("timestamptz", TimestamptzLoader)


class Kept:
    """Runs statements on one connection and keeps the last one's rows, as a cursor does.

    connection: psycopg's. Raises what its cursors raise. A signal is seen when the statement ends.
    """

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self._server = connection.pgconn
        self._values = Transformer(_Adapting(connection))
        self._known: dict[tuple[str, Any], bytes | int] = {}
        self._result: Any = None
        self._next = 0

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> None:
        """Run a statement whose places are ``%s``; what was fetched before is forgotten."""
        server, values = self._server, self._values
        if server.transaction_status == pq.TransactionStatus.IDLE:
            self._begin()
        sent = values.dump_sequence(parameters, (PyFormat.AUTO,) * len(parameters))
        key = (sql, values.types)
        name = self._known.get(key, 0)
        if type(name) is bytes:
            result = server.exec_prepared(name, sent, values.formats)
        else:
            result = self._rarely(key, name, sent)
        if result.status in _FAILED:
            raise self._fault(result)
        self._result, self._next = result, 0
        values.set_pgresult(result)

    def _rarely(self, key: tuple[str, Any], times: Any, sent: Sequence[Any]) -> Any:
        """Run a statement that is not prepared yet, and prepare it if it comes often."""
        (sql, types), values = key, self._values
        statement = _numbered.get(sql) or _number(sql)
        if times < OFTEN:
            if times or len(self._known) < MOST:
                self._known[key] = times + 1
            return self._server.exec_params(statement, sent, types, values.formats)
        name = b"zhuxin_%d" % next(_names)
        prepared = self._server.prepare(name, statement, types)
        if prepared.status in _FAILED:
            return prepared
        self._known[key] = name
        return self._server.exec_prepared(name, sent, values.formats)

    def _begin(self) -> None:
        """Begin the transaction that a connection without autocommit begins by itself."""
        connection = self.connection
        if connection.autocommit:
            return
        special = (connection.isolation_level, connection.read_only, connection.deferrable)
        if special != (None, None, None):
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")  # psycopg knows how such a one begins
            return
        result = self._server.exec_(b"BEGIN")
        if result.status in _FAILED:
            raise self._fault(result)

    def _fault(self, result: Any) -> Exception:
        encoding = self.connection.info.encoding
        if self._server.status != pq.ConnStatus.OK:
            return errors.OperationalError(result.get_error_message(encoding))
        return errors.error_from_result(result, encoding)

    @property
    def rowcount(self) -> int:
        """How many rows the last statement wrote or gave."""
        found = self._result.command_tuples
        return -1 if found is None else int(found)

    def fetchall(self) -> list[Any]:
        """The last statement's rows that were not fetched yet."""
        first, self._next = self._next, self._result.ntuples
        return self._values.load_rows(first, self._next, tuple)

    def fetchone(self) -> Any:
        """The next of them, or None."""
        if self._next >= self._result.ntuples:
            return None
        self._next += 1
        return self._values.load_row(self._next - 1, tuple)


def _number(sql: str) -> bytes:
    """The statement with PostgreSQL's numbered places."""
    count = 0

    def place(found: re.Match[str]) -> str:
        nonlocal count
        if found.group() == "%%":
            return "%"
        count += 1
        return f"${count}"

    numbered = _PLACE.sub(place, sql).encode()
    if len(_numbered) < MOST:
        _numbered[sql] = numbered
    return numbered


def is_quiet(connection: Any) -> bool:
    """Whether nothing came from the server unasked, as its farewell would.

    False where it did, or where the connection is known to be lost: then it must be asked.
    """
    server = connection.pgconn
    if server.status != pq.ConnStatus.OK:
        return False
    poll = select.poll()
    poll.register(server.socket, select.POLLIN | select.POLLPRI)
    return not poll.poll(0)
