"""The one call that records an exhibit.

`table`, `figure` and `value` write into the staging folder of the run and return what the notebook
shows. The engine moves that folder into `results/` only when the whole notebook has succeeded, so a
failing notebook leaves the record as it was.
"""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from compendium import context, files
from compendium.exhibits import results, style
from compendium.exhibits.columns import headings
from compendium.exhibits.render import Shown
from compendium.text import nearest

NAME = re.compile(r"^[a-z][a-z0-9_]*$")
DECIMALS = 8  # another linear-algebra kernel changes the last bits of a float; eight survive it


@dataclass
class _Recorder:
    """Names of what this process has recorded so far."""

    exhibits: set[str] = field(default_factory=set)
    values: set[str] = field(default_factory=set)


_recorder = _Recorder()


def table(
    frame: pd.DataFrame,
    name: str,
    *,
    caption: str,
    n: int,
    columns: Iterable[str] | None = None,
    labels: dict[str, str] | None = None,
    group: str | None = None,
    note: str = "",
    source: str = "",
    rests_on: Iterable[str] | None = None,
) -> Shown:
    """Record a table: its cells as CSV, its caption, labels and formats beside them.

    Parameters
    ----------
    frame
        The table, one row per printed row; the index is not kept.
    name
        Unique name in the project, in lower snake case; also the name of the CSV.
    caption, n
        One sentence with the placeholder ``{n}``, which is replaced by `n`: the number of units the
        table rests on.
    columns
        The columns shown, in this order; the others stay in the CSV only. What each is called and
        how it is shown is declared in `notebooks/columns.csv`. By default those that have a label
        here, or else all, under their own names.
    labels
        Headings that the data or a parameter decides; nothing is declared of these columns.
    group
        Column whose values become row groups.
    note, source
        Text below the table (weighting, interval, what is derived); where the published counterpart
        stands, for example ``"EPIC 2021, Table 2"``.
    rests_on
        What decides the content, where that is less than everything the run reads: its input
        tables, the runs before it, and exhibits of those as ``"run.exhibit"``. An exhibit is marked
        as reconstructed when one of these is. Reconstructed rows that can only give back what a
        printed table says (the number of respondents) decide nothing: name the printed table.

    Raises
    ------
    ValueError
        When the name is taken, malformed or not declared for the run, the caption lacks ``{n}``, or
        columns, labels, group or `rests_on` name what is not there.

    Examples
    --------
    >>> frame = pd.DataFrame({"district": ["Mercer"], "rate": [0.914]})
    >>> shown = table(frame, "doctest_rates", caption="Response rate ({n} teachers).", n=243)
    >>> shown.caption
    'Response rate (243 teachers).'
    """
    text = _checked(name, "tables", caption, n)
    shown = list(columns or labels or frame.columns)
    _known_names("columns", shown, frame.columns)
    _known_names("group", [group] if group else (), frame.columns)
    _known_names("labels", labels or (), shown)
    own = {column: column for column in shown} | (labels or {})
    usual = headings(name, [c for c in shown if c not in (labels or {})]) if columns else ({}, {})
    entry: dict[str, Any] = {
        "kind": "table",
        "caption": text,
        "n": int(n),
        "note": note,
        "source": source,
        "rows": len(frame),
        "display": {"labels": own | usual[0], "formats": usual[1], "group": group},
        **_rests(name, rests_on),
    }
    run = context.current()
    if run:
        files.write_text(Path(run.stage) / "tables" / f"{name}.csv", csv_text(frame))
    _keep(name, entry)
    return Shown(name, text, frame=frame.reset_index(drop=True), display=entry["display"])


def figure(
    fig: Figure,
    name: str,
    *,
    caption: str,
    alt: str,
    n: int,
    data: pd.DataFrame,
    note: str = "",
    source: str = "",
    rests_on: Iterable[str] | None = None,
) -> Shown:
    """Record a figure: the picture as SVG, what it draws as CSV, caption and alternative text.

    Parameters
    ----------
    fig
        The matplotlib figure; it is closed here.
    name, caption, n, note, source, rests_on
        As in `table`.
    alt
        Alternative text from which a reader who cannot see the figure could work; at least 40
        characters.
    data
        What is drawn, one row per mark.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> figure(Figure(), "doctest_figure", caption="Rates ({n}).", alt="", n=3,
    ...        data=pd.DataFrame())
    Traceback (most recent call last):
    ValueError: figure 'doctest_figure': the alternative text has 0 characters; describe ...
    """
    text = _checked(name, "figures", caption, n)
    if len(alt.strip()) < 40:
        raise ValueError(
            f"figure '{name}': the alternative text has {len(alt.strip())} characters; describe "
            "what the figure shows in at least 40, so that a reader who cannot see it can follow"
        )
    svg = style.to_svg(fig, name)
    run = context.current()
    if run:
        files.write_text(Path(run.stage) / "figures" / f"{name}.csv", csv_text(data))
        files.write_text(Path(run.stage) / "figures" / f"{name}.svg", svg)
    entry = {
        "kind": "figure",
        "caption": text,
        "alt": " ".join(alt.split()),
        "n": int(n),
        "note": note,
        "source": source,
        "rows": len(data),
        **_rests(name, rests_on),
    }
    _keep(name, entry)
    return Shown(name, text, svg=svg, alt=alt)


def value(name: str, number: float, unit: str, description: str) -> None:
    """Record a number that prose quotes.

    It is quoted as ``{value}`run.name:.1f```, with a Python format specification after the colon.
    `name` is in lower snake case and unique in the run, `unit` a word such as ``"percent"`` or
    ``"teachers"``, `description` says what the number is. ValueError when the name is malformed or
    taken, or the number is not finite.

    Examples
    --------
    >>> value("doctest_rate", 72.7, "percent", "overall response rate")
    >>> value("doctest_odds", float("inf"), "odds", "odds of a certain thing")
    Traceback (most recent call last):
    ValueError: value 'doctest_odds' is inf; only finite numbers can be quoted
    """
    number = float(number)
    if not math.isfinite(number):
        raise ValueError(f"value '{name}' is {number}; only finite numbers can be quoted")
    kept = round(number, DECIMALS)
    exact: float | int = int(kept) if kept.is_integer() else kept
    _keep_value(name, exact, unit, description)


def words(name: str, text: str, description: str) -> None:
    """Record words that a number or a parameter decides; prose quotes them as it quotes numbers.

    Examples
    --------
    >>> words("doctest_most", "most readers", "whose codes count")
    """
    _keep_value(name, text, "words", description)


def _keep_value(name: str, kept: float | str, unit: str, description: str) -> None:
    _check_name(name)
    run = context.current()
    if run and name in _recorder.values:
        raise ValueError(f"value '{name}' is recorded twice in run '{run.run}'; rename one")
    _recorder.values.add(name)
    if run:
        entry = {"value": kept, "unit": unit, "description": description}
        context.record(run, "values", name, entry)


def csv_text(frame: pd.DataFrame) -> str:
    """Return a frame as the record keeps it: floats at `DECIMALS` places, LF.

    What lies beyond is noise of the last bits, and so is the sign of a nought.
    """
    kept = frame.infer_objects().round(DECIMALS)
    floats = kept.select_dtypes("float").columns
    kept[floats] = kept[floats] + 0.0
    return kept.to_csv(index=False, lineterminator="\n")


def _checked(name: str, kind: str, caption: str, n: int) -> str:
    _check_name(name)
    run = context.current()
    if run:
        if name in _recorder.exhibits:
            raise ValueError(f"exhibit '{name}' is recorded twice in run '{run.run}'; rename one")
        declared = run.tables if kind == "tables" else run.figures
        if name not in declared:
            raise ValueError(
                f"exhibit '{name}' is not among the {kind} that run '{run.run}' declares in "
                f"notebooks/runs.yml; {nearest(name, declared)}"
            )
    if "{n}" not in caption:
        raise ValueError(
            f"exhibit '{name}': the caption does not say n; put {{n}} where the number belongs"
        )
    return caption.replace("{n}", f"{int(n):,}")


def _rests(name: str, rests_on: Iterable[str] | None) -> dict[str, list[str]]:
    """Return the declaration as it is kept; nothing where an exhibit rests on all of its run."""
    if rests_on is None:
        return {}
    named, run = list(rests_on), context.current()
    if run is None:
        return {"rests_on": named}
    for source in named:
        before, dot, exhibit = source.partition(".")
        known = run.after if dot else (*run.inputs, *run.after)
        if before not in known:
            raise ValueError(
                f"exhibit '{name}' rests on '{source}', which run '{run.run}' does not declare "
                f"in notebooks/runs.yml; {nearest(before, known)}"
            )
        if dot:
            results.check_exhibit(before, exhibit)
    return {"rests_on": named}


def _check_name(name: str) -> None:
    if not NAME.match(name):
        raise ValueError(f"name '{name}' is not lower snake case (letters, digits, underscores)")


def _known_names(role: str, named: Iterable[str], known: Iterable[Any]) -> None:
    listed = list(known)
    for column in named:
        if column not in listed:
            hint = nearest(column, map(str, listed))
            raise ValueError(f"{role}: the table has no column '{column}'; {hint}")


def _keep(name: str, entry: dict[str, Any]) -> None:
    _recorder.exhibits.add(name)
    run = context.current()
    if run:
        context.record(run, "exhibits", name, entry)
