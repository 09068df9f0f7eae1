"""Projects of RQDA and requal, two programs in R.

RQDA's rows stay when they are deleted, marked by their status. requal's segments begin at character
1 and include the last.
"""

from collections.abc import Iterator
from typing import Any

from qda_exchange.collecting import Collector
from qda_exchange.databases.safe import Database
from qda_exchange.databases.spans import Spans
from qda_exchange.report import CHOICE


def read_rqda(database: Database, into: Collector) -> str:
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


def read_requal(database: Database, into: Collector) -> str:
    """Take in codes below their first category, documents, cases, attributes and segments."""
    spans = Spans(into)
    codes: dict[Any, int] = {}
    above: dict[Any, str] = {}
    categories = dict(database.rows("categories", "category_id", "category_name"))
    for code, category in database.rows("categories_codes_map", "code_id", "category_id"):
        name = categories.get(category)
        if name and above.setdefault(code, name) != name:
            into.report.add(CHOICE, "code in several categories, the first taken", "", name)
    wanted = ("code_id", "code_name", "code_description", "code_color")
    for key, name, *about in database.rows("codes", *wanted):
        path = [*([above[key]] if key in above else []), name or f"code {key}"]
        codes[key] = into.code(path)
        into.describe(codes[key], *about)
    for source in database.rows("documents", "doc_id", "doc_name", "doc_text"):
        spans.add_source(*source)
    for case in database.rows("cases", "case_id", "case_name"):
        spans.add_case(*case)
    for link in database.rows("cases_documents_map", "case_id", "doc_id"):
        spans.link(*link)
    variables = dict(database.rows("attributes", "attribute_id", "attribute_name"))
    values = dict(database.rows("attribute_values", "attribute_value_id", "value"))
    for of, table, key in (
        ("case", "attributes_cases_map", "case_id"),
        ("source", "attributes_documents_map", "doc_id"),
    ):
        for owner, *value in database.rows(table, key, "attribute_id", "attribute_value_id"):
            spans.add_value(of, owner, variables.get(value[0]), values.get(value[1]))
    listed = database.rows("users", "user_id", "user_name", "user_login")
    users = {key: name or login for key, name, login in listed}
    segments = ("doc_id", "segment_start", "segment_end", "segment_text", "code_id", "user_id")
    rows = database.rows("segments", *segments)
    spans.apply(((*row[:5], users.get(row[5])) for row in rows), codes, first=1)
    return "requal"
