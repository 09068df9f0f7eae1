"""What a reader met on its way: nothing odd passes in silence.

Three kinds of findings. A *deviation* is where the file departs from its format. A *choice* is
where the format leaves something open and the reader had to decide. *Dropped* is what the long
table cannot hold, or what could not be understood.
"""

from collections import Counter

import pandas as pd

DEVIATION, CHOICE, DROPPED = KINDS = ("deviation", "choice", "dropped")
SHOWN = 120


class Report:
    """Findings in the order they were met, each sort listed up to a limit and counted beyond.

    Examples
    --------
    >>> report = Report(listed=1)
    >>> report.add("dropped", "note without a place in the table", "line 3", "Ideas")
    >>> report.add("dropped", "note without a place in the table", "line 9", "Doubts")
    >>> report.frame()[["kind", "what", "place", "detail"]].values.tolist()
    [['dropped', 'note without a place in the table', 'line 3', 'Ideas'],
     ['dropped', 'note without a place in the table', '', 'and 1 more, not listed one by one']]
    """

    def __init__(self, listed: int = 1_000) -> None:
        self._listed = listed
        self._counts: Counter[tuple[str, str]] = Counter()
        self._unlisted: Counter[tuple[str, str]] = Counter()
        self._findings: list[tuple[str, str, str, str]] = []

    def add(self, kind: str, what: str, place: str = "", detail: str = "", times: int = 1) -> None:
        """Note a finding: `what` in words that are the same for every place, `times` it was met."""
        if kind not in KINDS:
            raise ValueError(f"kind: {kind!r} is not one of {', '.join(KINDS)}.")
        listed = self._counts[kind, what] < self._listed
        self._counts[kind, what] += times
        if listed:
            cut = detail if len(detail) <= SHOWN else detail[:SHOWN] + "…"
            self._findings.append((kind, what, place, cut))
        else:
            self._unlisted[kind, what] += times

    def extend(self, other: "Report", file: str = "") -> None:
        """Take in the findings of another report, each with the file it is about."""
        for kind, what, place, detail in other._findings:
            where = ", ".join(filter(None, (file, place)))
            self._findings.append((kind, what, where, detail))
        self._counts.update(other._counts)
        self._unlisted.update(other._unlisted)

    def __len__(self) -> int:
        return self._counts.total()

    def frame(self) -> pd.DataFrame:
        """Return one row per finding: `kind`, `what`, `place`, `detail`."""
        rest = [
            (kind, what, "", f"and {count} more, not listed one by one")
            for (kind, what), count in self._unlisted.items()
        ]
        columns = ["kind", "what", "place", "detail"]
        return pd.DataFrame(self._findings + rest, columns=columns, dtype="str")

    def summary(self) -> pd.DataFrame:
        """Return one row per sort of finding: `kind`, `what`, `n`."""
        counts = [(kind, what, count) for (kind, what), count in self._counts.items()]
        rows = sorted(counts, key=lambda row: KINDS.index(row[0]))
        return pd.DataFrame(rows, columns=["kind", "what", "n"])
