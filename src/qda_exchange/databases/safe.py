"""A database of someone else, opened so that it can do nothing but be read.

It is read from memory, so no file is opened or locked. Only whole columns of ordinary tables are
read: views, virtual tables, functions and triggers, through which a database can run things, are
out of reach. Texts are decoded here, and what is none is reported.
"""

import sqlite3
from collections.abc import Iterator
from typing import Any, BinaryIO

from qda_exchange.guard import MEBIBYTE, Guard
from qda_exchange.report import CHOICE, DROPPED

MAGIC = b"SQLite format 3\x00"
#: Where the header says that changes are kept in a file beside (write-ahead log).
WAL, WITHOUT_WAL = b"\x02\x02", b"\x01\x01"
STEPS, MOST_STEPS = 1_000_000, 20_000
AGAIN = "open the project in its program, and export or copy it again"


class Database:
    """The tables of a database, read row by row."""

    def __init__(self, stream: BinaryIO, guard: Guard) -> None:
        self._guard = guard
        content = bytearray(stream.read(guard.limits.table_bytes + 1))
        if len(content) > guard.limits.table_bytes:
            limit = guard.limits.table_bytes // MEBIBYTE
            raise guard.refusal("", f"is larger than the limit of {limit} MiB", AGAIN)
        if content[18:20] == WAL:
            content[18:20] = WITHOUT_WAL
            what = "database whose last changes may be in its log (-wal), which is not read"
            guard.report.add(CHOICE, what)
        self._connection = sqlite3.connect(":memory:")
        self._connection.text_factory = bytes
        self._steps = 0
        try:
            self._connection.deserialize(bytes(content))
            self._connection.execute("PRAGMA query_only = ON")
            self._connection.execute("PRAGMA trusted_schema = OFF")
            self._connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, guard.limits.text_bytes)
            self._connection.set_progress_handler(self._step, STEPS)
            self._connection.set_authorizer(_allow)
            listed = list(self._connection.execute("SELECT name, type, sql FROM sqlite_master"))
        except sqlite3.Error as error:
            self._connection.close()
            raise guard.refusal("", f"is no readable database ({error})", AGAIN) from None
        self.tables = {
            str(name, "utf-8", "replace")
            for name, kind, sql in listed
            if kind == b"table" and name and not (sql or b"").upper().startswith(b"CREATE VIRTUAL")
        }

    def close(self) -> None:
        """Forget the database."""
        self._connection.close()

    def rows(self, table: str, *columns: str) -> Iterator[tuple[Any, ...]]:
        """Yield some columns of a table in its order; those that are not there are None."""
        if table not in self.tables:
            return
        try:
            # Names of tables and columns are ours, never the file's.
            whole_row = self._connection.execute(f'SELECT * FROM "{table}" LIMIT 0').description
            known = {one[0] for one in whole_row}
            wanted = ", ".join(f'"{one}"' if one in known else "NULL" for one in columns)
            found = self._connection.execute(f'SELECT {wanted} FROM "{table}"')
            for number, row in enumerate(found):
                self._guard.bound(number, "applications", f"table {table}")
                yield tuple(self._value(one, table, number) for one in row)
        except sqlite3.Error as error:
            problem = f"cannot be read ({error})"
            raise self._guard.refusal(f"table {table}", problem, AGAIN) from None

    def names(self, table: str, key: str, *columns: str) -> dict[Any, tuple[Any, ...]]:
        """Return the rows of a table by one of its columns."""
        return {first: tuple(rest) for first, *rest in self.rows(table, key, *columns)}

    def _value(self, value: Any, table: str, row: int) -> Any:
        if not isinstance(value, bytes):
            return value
        try:
            text = value.decode()
        except UnicodeDecodeError:
            text = "\x00"
        if "\x00" not in text:
            return text
        what = "text that is not in UTF-8, or holds zero bytes: left out"
        self._guard.report.add(DROPPED, what, f"table {table}, row {row + 1}")
        return None

    def _step(self) -> int:
        self._steps += 1
        return self._steps > MOST_STEPS


def _allow(action: int, *_: object) -> int:
    allowed = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ}
    return sqlite3.SQLITE_OK if action in allowed else sqlite3.SQLITE_DENY


def keys_of(key: Any, known: dict[Any, tuple[Any, ...]], above: int) -> list[Any]:
    """Return the keys from the top to one; `above` is where a row has the key of its parent."""
    keys: list[Any] = []
    while key in known and key not in keys:
        keys.append(key)
        key = known[key][above]
    return keys[::-1]


def whole(value: Any) -> int | None:
    """Return a number as a whole one, None when it is none."""
    try:
        return int(value)
    except (TypeError, ValueError, OverflowError):
        return None
