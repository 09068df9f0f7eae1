"""The `{explorer}` directive: choose weights, district and thresholds, and see what moves.

A notebook computes every setting beforehand and records them as one table; this puts the table into
the page as a small block of data, and `book/_static/explorer.js` looks the choices up in it. So the
page works from a folder, and without a script the tables below it say the same.
"""

import json
import re
from typing import Any

import pandas as pd
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from bookbuilder import documents
from bookbuilder.site import record

LABEL = re.compile(r"label_(?P<zone>[\d.]+)_(?P<part>[\d.]+)")
SHARES = ["share", "lower", "upper", "open_lower", "open_upper"]
COUNTS = ["n", "cases_for", "cases_against", "cases_both", "cases_heard"]
KEYS = ["row_id", "weighting", "district"]


class ExplorerDirective(SphinxDirective):
    """Show the explorer of a recorded table of settings."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the block of data and what stands there without a script."""
        table = pd.read_csv(record.data_file(self.arguments[0].strip(), "table"))
        text = json.dumps(settings(table), ensure_ascii=False, separators=(",", ":"))
        html = documents.fill("explorer.html", settings=text.replace("<", "\\u003c"))
        return [nodes.raw("", html, format="html")]


def settings(table: pd.DataFrame) -> dict[str, Any]:
    """Return a table of settings as the script reads it.

    The table has a row per statement, weighting and district (of a single district under the first
    weighting only): the columns of `KEYS`, `claim`, shares (`SHARES`), `COUNTS`, and a label per
    pair of thresholds, ``label_ZONE_PART``. For each ``id|weighting|district``, ``rows`` has the
    shares (four decimals or null), the counts, and for each pair the number of its label.
    """
    pairs = {c: m.groupdict() for c in table.columns if (m := LABEL.fullmatch(c))}
    words = sorted({word for column in pairs for word in table[column].dropna()})
    rows = {
        "|".join(row[name] for name in KEYS): [
            [None if pd.isna(row[name]) else round(row[name], 4) for name in SHARES],
            [None if pd.isna(row[name]) else int(row[name]) for name in COUNTS],
            [words.index(row[column]) for column in pairs],
        ]
        for row in table.to_dict("records")
    }
    return {
        "statements": dict(zip(table["row_id"], table["claim"], strict=True)),
        "weightings": list(table["weighting"].unique()),
        "districts": list(table["district"].unique()),
        "zones": list(dict.fromkeys(float(pair["zone"]) for pair in pairs.values())),
        "parts": list(dict.fromkeys(float(pair["part"]) for pair in pairs.values())),
        "labels": words,
        "rows": rows,
    }


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("explorer", ExplorerDirective)
