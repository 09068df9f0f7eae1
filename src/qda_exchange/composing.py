"""Making texts for sources that came without one.

A table of excerpts, such as Taguette's, has the words of each passage but not the text they stand
in, and a coding tool wants a text with positions. So the passages of a source are put one after
the other, a blank line between them, and that becomes its text. A passage whose words are not known
is its name in brackets.
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from qda_exchange.model import SOURCE_COLUMNS, CodedProject, complete, table
from qda_exchange.positions import LINE_END

BETWEEN = "\n\n"


def compose(project: CodedProject) -> CodedProject:
    r"""Give each source that has no text the words of its units, and the units their places in it.

    A unit without words is its name in brackets. Line ends are one character everywhere.

    Examples
    --------
    >>> from qda_exchange.model import COLUMNS, UNIT_COLUMNS
    >>> applied = table({"source": ["a", "a"], "unit": ["1", "2"], "code": "pace"}, COLUMNS)
    >>> units = table({"source": "a", "unit": ["1", "2"], "text": ["Slow.", "Fast."]}, UNIT_COLUMNS)
    >>> composed = compose(CodedProject(applied, units))
    >>> composed.sources["text"].tolist(), composed.applications["end"].tolist()
    (['Slow.\n\nFast.'], [5, 12])
    """
    project = complete(project)
    missing = project.sources["source"][project.sources["text"].isna()]
    units = project.units[project.units["source"].isin(missing)]
    words = units.drop_duplicates(["source", "unit"])[["source", "unit", "text"]]
    text = words["text"].fillna("[" + words["unit"] + "]").map(lambda one: LINE_END.sub("\n", one))
    end = (text.str.len() + len(BETWEEN)).groupby(words["source"]).cumsum() - len(BETWEEN)
    words = words.assign(text=text, start=end - text.str.len(), end=end)
    texts = words.groupby("source", sort=False)["text"].agg(BETWEEN.join)
    filled = project.sources["text"].fillna(project.sources["source"].map(texts))
    return replace(
        project,
        applications=_placed(project.applications, words),
        units=_placed(project.units, words),
        sources=table(project.sources.assign(text=filled), SOURCE_COLUMNS),
    )


def _placed(frame: pd.DataFrame, words: pd.DataFrame) -> pd.DataFrame:
    """Put start and end of the composed texts where the frame's rows stand in one."""
    places = words[["source", "unit", "start", "end"]]
    found = frame[["source", "unit"]].merge(places, on=["source", "unit"], how="left")
    composed = frame["source"].isin(words["source"]).to_numpy()
    columns = {
        name: found[name].astype("Int64").where(composed, frame[name].reset_index(drop=True))
        for name in ("start", "end")
    }
    return frame.reset_index(drop=True).assign(**columns)
