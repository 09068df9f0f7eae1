"""requal's project: segments whose first character is 1 and whose last is included."""

from __future__ import annotations

from typing import Any

from qda_exchange.collecting import Collector
from qda_exchange.databases.safe import Database
from qda_exchange.databases.spans import Spans
from qda_exchange.report import CHOICE


def read(database: Database, into: Collector) -> str:
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
