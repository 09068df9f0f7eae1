"""RQDA's project: a database whose rows stay when they are deleted, marked by their status."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from qda_exchange.collecting import Collector
from qda_exchange.databases.safe import Database
from qda_exchange.databases.spans import Spans


def read(database: Database, into: Collector) -> str:
    """Take in what has not been deleted: codes, files, cases, attributes, codings."""
    spans = Spans(into)
    codes: dict[Any, int] = {}
    categories = dict(_active(database, "codecat", "catid", "name"))
    above = dict(_active(database, "treecode", "cid", "catid"))
    for key, name, memo, colour in _active(database, "freecode", "id", "name", "memo", "color"):
        category = categories.get(above.get(key))
        codes[key] = into.code([*([category] if category else []), name or f"code {key}"])
        into.describe(codes[key], memo, colour)
    for source in _active(database, "source", "id", "name", "file"):
        spans.add_source(*source)
    for case in _active(database, "cases", "id", "name"):
        spans.add_case(*case)
    for link in _active(database, "caselinkage", "caseid", "fid", "selfirst", "selend"):
        spans.link(*link)
    for value in _active(database, "caseAttr", "caseID", "variable", "value"):
        spans.add_value("case", *value)
    for value in _active(database, "fileAttr", "fileID", "variable", "value"):
        spans.add_value("source", *value)
    for table in ("coding", "coding2"):
        wanted = ("fid", "selfirst", "selend", "seltext", "cid", "owner")
        spans.apply(_active(database, table, *wanted), codes)
        spans.drop("memo on a coding", _active(database, table, "fid", "memo"))
    return "RQDA"


def _active(database: Database, table: str, *columns: str) -> Iterator[tuple[Any, ...]]:
    for status, *row in database.rows(table, "status", *columns):
        if status is None or status == 1:
            yield tuple(row)
