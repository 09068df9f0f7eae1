"""One coder's same code on overlapping passages counts once, over all that they cover.

Tools let a coder mark a sentence and, later, the sentence without its full stop, with one code.
That is one coding. What two coders mark, or two codes, stays as it is.
"""

from dataclasses import replace

import numpy as np
import pandas as pd

from qda_exchange.guard import DEFAULT
from qda_exchange.model import COLUMNS, UNIT_COLUMNS, CodedProject, records, table
from qda_exchange.naming import place_name
from qda_exchange.report import CHOICE, Report

SAID = ["source", "coder", "code", "direction", "case", "site", "role"]
PLACE = ["source", "start", "end"]


def merge_overlapping(project: CodedProject, report: Report) -> CodedProject:
    """Join the passages that one coder gave one code and that overlap; touching ones stay two."""
    applied, units = project.applications, project.units
    cluster = _clusters(applied)
    changed = cluster >= 0
    if not changed.any():
        return project
    rows = applied[["start", "end", "weight"]][changed].groupby(cluster[changed])
    _, first = np.unique(cluster[changed], return_index=True)
    firsts = applied.iloc[np.flatnonzero(changed)[first]]
    for name, what in (("start", "min"), ("end", "max"), ("weight", "max")):
        firsts[name] = rows[name].agg(what).array
    firsts = firsts.sort_index()
    named = firsts[PLACE].merge(units.drop_duplicates(PLACE), "left", PLACE)["unit"].tolist()
    texts = dict(zip(project.sources["source"], project.sources["text"], strict=True))
    words: list[str | None] = []
    for at, (source, start, end, code) in enumerate(records(firsts, [*PLACE, "code"])):
        named[at] = place_name(source, start, end) if pd.isna(named[at]) else named[at]
        what = "one coder's same code on overlapping passages counts once"
        report.add(CHOICE, what, f"unit {named[at]}", str(code))
        text, short = texts.get(source), end - start <= DEFAULT.passage
        words.append(text[start:end] if short and isinstance(text, str) else None)
    firsts = firsts.assign(unit=pd.array(named, dtype="str"), text=pd.array(words, dtype="str"))
    kept = pd.concat([applied[~changed], firsts[list(COLUMNS)]]).sort_index()
    both = pd.concat([units, firsts[list(UNIT_COLUMNS)]], ignore_index=True)
    # A passage that lost its only coding to a larger one is gone.
    of, lost, used = (
        one["source"].fillna("") + "\n" + one["unit"] for one in (both, applied[changed], kept)
    )
    both = both[~of.isin(lost) | of.isin(used)]
    both = both.drop_duplicates([*PLACE, "unit", "case", "site", "role"])
    return replace(project, applications=table(kept, COLUMNS), units=table(both, UNIT_COLUMNS))


def _clusters(applied: pd.DataFrame) -> np.ndarray:
    """Return for each coding the number of those that say the same and overlap; -1 where alone."""
    said = applied.groupby(SAID, dropna=False, sort=False).ngroup().to_numpy()
    start, end = (applied[name].fillna(-1).to_numpy(dtype="int64") for name in ("start", "end"))
    order = np.lexsort((-end, start, said))
    order = order[start[order] >= 0]
    said, start, end = said[order], start[order], end[order]
    furthest = pd.Series(end).groupby(said).cummax().to_numpy()
    joined = (said[1:] == said[:-1]) & (start[1:] < furthest[:-1])
    number = np.cumsum(np.append(True, ~joined))[: len(order)]
    clusters = np.full(len(applied), -1)
    clusters[order] = np.where(np.bincount(number)[number] > 1, number, -1)
    return clusters
