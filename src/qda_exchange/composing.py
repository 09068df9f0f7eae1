"""Making texts for sources that came without one.

A table of excerpts, such as Taguette's, has the words of each passage but not the text they stand
in, and a coding tool wants a text with positions. So the passages of a source are put one after
the other, a blank line between them, and that becomes its text. A passage whose words are not known
is its name in brackets.
"""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd

from qda_exchange.model import (
    COLUMNS,
    SOURCE_COLUMNS,
    UNIT_COLUMNS,
    CodedProject,
    complete,
    table,
)

BETWEEN = "\n\n"
LINE_END = re.compile(r"\r\n?")


def compose(project: CodedProject) -> CodedProject:
    r"""Give each source that has no text the words of its units, and the units their places in it.

    Parameters
    ----------
    project
        Units with `text`, or with a name to stand for it.

    Returns
    -------
    CodedProject
        Sources that had a text are as they were. Line ends are one character everywhere.

    Examples
    --------
    >>> applied = table({"source": ["a", "a"], "unit": ["1", "2"], "code": "pace"}, COLUMNS)
    >>> units = table({"source": "a", "unit": ["1", "2"], "text": ["Slow.", "Fast."]}, UNIT_COLUMNS)
    >>> composed = compose(CodedProject(applied, units))
    >>> composed.sources["text"].tolist(), composed.applications["end"].tolist()
    (['Slow.\n\nFast.'], [5, 12])
    """
    project = complete(project)
    missing = project.sources[project.sources["text"].isna()]
    units = project.units[project.units["source"].isin(missing["source"])]
    words = units.drop_duplicates(["source", "unit"])[["source", "unit", "text"]]
    words["text"] = (
        words["text"].fillna("[" + words["unit"] + "]").map(lambda text: LINE_END.sub("\n", text))
    )
    words["end"] = (words["text"].str.len() + len(BETWEEN)).groupby(words["source"]).cumsum()
    words["end"] -= len(BETWEEN)
    words["start"] = words["end"] - words["text"].str.len()
    texts = words.groupby("source", sort=False)["text"].agg(BETWEEN.join)
    text = project.sources["text"].fillna(project.sources["source"].map(texts))
    return replace(
        project,
        applications=table(_placed(project.applications, words), COLUMNS),
        units=table(_placed(project.units, words), UNIT_COLUMNS),
        sources=table(project.sources.assign(text=text), SOURCE_COLUMNS),
    )


def _placed(frame: pd.DataFrame, words: pd.DataFrame) -> pd.DataFrame:
    """Put start and end of the composed texts where the frame's rows stand in one."""
    places = words[["source", "unit", "start", "end"]]
    found = frame[["source", "unit"]].merge(places, on=["source", "unit"], how="left")
    found.index = frame.index
    composed = frame["source"].isin(words["source"])
    return frame.assign(
        start=found["start"].astype("Int64").where(composed, frame["start"]),
        end=found["end"].astype("Int64").where(composed, frame["end"]),
    )
