"""One coder's same code on overlapping passages counts once, over all that they cover.

Tools let a coder mark a sentence and, later, the sentence without its full stop, with one code.
That is one coding. What two coders mark, or two codes, stays as it is.
"""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from qda_exchange.guard import DEFAULT
from qda_exchange.model import COLUMNS, UNIT_COLUMNS, CodedProject, table
from qda_exchange.naming import place_name
from qda_exchange.report import CHOICE, Report

SAID = ["source", "coder", "code", "direction", "case", "site", "role"]
PLACE = ["source", "start", "end"]


def merge_overlapping(project: CodedProject, report: Report) -> CodedProject:
    """Join the passages that one coder gave one code and that overlap; touching ones stay two."""
    applied, units = project.applications, project.units
    clusters = _clusters(applied)
    if not clusters:
        return project
    texts = dict(zip(project.sources["source"], project.sources["text"], strict=True))
    firsts = applied.loc[[rows.min() for rows in clusters]]
    firsts["start"] = [applied["start"].loc[rows].min() for rows in clusters]
    firsts["end"] = [applied["end"].loc[rows].max() for rows in clusters]
    firsts["weight"] = [applied["weight"].loc[rows].dropna().max() for rows in clusters]
    places = set(zip(*(firsts[name] for name in PLACE), strict=True))
    rows = zip(zip(*(units[name] for name in PLACE), strict=True), units["unit"], strict=True)
    names = {place: unit for place, unit in rows if place in places}
    firsts["unit"] = [names.setdefault(one, place_name(*one)) for one in _places(firsts)]
    for unit, code in zip(firsts["unit"], firsts["code"], strict=True):
        what = "one coder's same code on overlapping passages counts once"
        report.add(CHOICE, what, f"unit {unit}", str(code))
    changed = np.concatenate(clusters)
    kept = pd.concat([applied.drop(index=pd.Index(changed)), firsts]).sort_index()
    words = [_words(texts.get(source), start, end) for source, start, end in _places(firsts)]
    both = pd.concat([units, firsts.assign(text=pd.array(words, dtype="str"))], ignore_index=True)
    # A passage that lost its only coding to a larger one is gone.
    lost, used = (
        pd.MultiIndex.from_frame(x[[*PLACE, "unit"]]) for x in (applied.loc[changed], kept)
    )
    index = pd.MultiIndex.from_frame(both[[*PLACE, "unit"]])
    both = both[~index.isin(lost) | index.isin(used)]
    both = both.drop_duplicates([*PLACE, "unit", "case", "site", "role"])
    return replace(project, applications=table(kept, COLUMNS), units=table(both, UNIT_COLUMNS))


def _clusters(applied: pd.DataFrame) -> list[np.ndarray]:
    """Return the rows of each set of codings that say the same on overlapping passages."""
    said = applied.groupby(SAID, dropna=False).ngroup().to_numpy()
    start, end = (applied[name].fillna(-1).to_numpy(dtype="int64") for name in ("start", "end"))
    order = np.lexsort((-end, start, said))
    order = order[start[order] >= 0]
    said, start, end = said[order], start[order], end[order]
    furthest = pd.Series(end).groupby(said).cummax().to_numpy()
    joined = np.zeros(len(order), dtype=bool)
    joined[1:] = (said[1:] == said[:-1]) & (start[1:] < furthest[:-1])
    if not joined.any():
        return []
    number = np.cumsum(~joined)
    several = np.bincount(number)[number] > 1
    labels, number = applied.index.to_numpy()[order][several], number[several]
    return np.split(labels, np.flatnonzero(np.diff(number)) + 1)


def _places(frame: pd.DataFrame) -> list[tuple[Any, ...]]:
    return list(zip(*(frame[name] for name in PLACE), strict=True))


def _words(text: object, start: int, end: int) -> str | None:
    short = isinstance(text, str) and end - start <= DEFAULT.passage
    return text[start:end] if short and isinstance(text, str) else None
