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
        path = record.root() / "results" / "tables" / f"{self.arguments[0].strip()}.csv"
        data = settings(pd.read_csv(path))
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
        html = (
            '<div class="explorer"><noscript><p>Choosing needs a script; the tables below show the '
            'usual setting.</p></noscript><script type="application/json">'
            f"{text}</script></div>"
        )
        return [nodes.raw("", html, format="html")]


def settings(table: pd.DataFrame) -> dict[str, Any]:
    """Return a table of settings as the script reads it.

    Parameters
    ----------
    table
        One row per statement, weighting and district (of a single district under the first
        weighting only), with the columns of `KEYS`, `claim`, shares (`SHARES`), `COUNTS`, and a
        label per pair of thresholds, ``label_ZONE_PART``.

    Returns
    -------
    dict
        ``statements`` (id to text), ``weightings``, ``districts``, ``zones``, ``parts``,
        ``labels`` (words), and ``rows``: for each ``id|weighting|district`` the shares (four
        decimals or null), the counts, and the number of its label for each pair of thresholds.
    """
    pairs = {c: m.groupdict() for c in table.columns if (m := LABEL.fullmatch(c))}
    words = sorted({word for column in pairs for word in table[column].dropna()})
    rows = {}
    for row in table.to_dict("records"):
        shares = [None if pd.isna(row[name]) else round(row[name], 4) for name in SHARES]
        counts = [None if pd.isna(row[name]) else int(row[name]) for name in COUNTS]
        key = "|".join(row[name] for name in KEYS)
        rows[key] = [shares, counts, [words.index(row[column]) for column in pairs]]
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
