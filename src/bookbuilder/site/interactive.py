"""Two directives whose content a script brings to life; without it all that they say is in reach.

`{explorer}`: choose weights, district and thresholds, and see what moves. A notebook computes every
setting beforehand and records them as one table; this puts the table into the page as a small block
of data, and `book/_static/explorer.js` looks the choices up in it. So the page works from a folder,
and the tables below it say the same. The block also says whether the rows were collected: then a
share is an estimate, not what the report allows.

`{question}`: a question whose answer the page checks against the record. Its first paragraph asks,
the others are a hint, folded. `book/_static/questions.js` puts a field or choices between them.
"""

import json
import re
from html import escape
from typing import Any

import pandas as pd
from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from bookbuilder import documents
from bookbuilder.site import marked, record

logger = logging.getLogger(__name__)

LABEL = re.compile(r"label_(?P<zone>[\d.]+)_(?P<part>[\d.]+)")
SHARES = ["share", "lower", "upper", "open_lower", "open_upper"]
COUNTS = ["n", "effective", "cases_for", "cases_against", "cases_both", "cases_heard"]
KEYS = ["row_id", "weighting", "district"]


class ExplorerDirective(SphinxDirective):
    """Show the explorer of a recorded table of settings."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the block of data and what stands there without a script."""
        table = pd.read_csv(record.data_file(self.arguments[0].strip(), "table"))
        found = settings(table) | {"collected": self.env.app.tags.has(marked.TAG)}
        text = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
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
            [None if pd.isna(row[name]) else round(row[name]) for name in COUNTS],
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


class QuestionDirective(SphinxDirective):
    """Ask for a recorded number or, among choices, for recorded words."""

    required_arguments = 1
    has_content = True
    option_spec = dict.fromkeys(("within", "unit", "choices"), directives.unchanged)

    def run(self) -> list[nodes.Node]:
        """Return the question, what its script needs, and the hint."""
        try:
            answer = record.value(self.arguments[0].strip())
        except ValueError as error:
            logger.warning("%s", error, location=self.get_location())
            return []
        choices = [one.strip() for one in self.options.get("choices", "").split("|") if one.strip()]
        if (isinstance(answer, str) or choices) and answer not in choices:
            logger.warning("'%s' is none of the choices", answer, location=self.get_location())
        known = {"answer": answer, "choices": choices, "unit": self.options.get("unit", "")}
        data = json.dumps(known | {"within": float(self.options.get("within", 0))})
        asked, *hint = self.parse_content_to_nodes()
        box = nodes.container("", asked, classes=["question"])
        box += nodes.raw("", f'<div data-question="{escape(data)}"></div>', format="html")
        if hint:
            box += nodes.raw("", "<details><summary>Hint</summary>", format="html")
            box += hint
            box += nodes.raw("", "</details>", format="html")
        return [box]


def setup(app: Sphinx) -> None:
    """Register the directives."""
    app.add_directive("explorer", ExplorerDirective)
    app.add_directive("question", QuestionDirective)
