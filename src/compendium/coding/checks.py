"""Checks that the coding frames fit together.

A misspelt code or a segment coded twice does not stop a count, it only makes it wrong. So every
public function of this package passes its applications through these checks first. All
faults of a frame are reported at once, each with the row, the value and the way out.
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from compendium.text import nearest

DIRECTIONS = ("helps", "hinders", "mixed", "neutral")
SHOWN_ROWS = 5
SHOWN_FAULTS = 20


def require_columns(frame: pd.DataFrame, columns: Iterable[str], name: str, hint: str = "") -> None:
    """Raise when `frame` lacks a column.

    Parameters
    ----------
    frame
        The frame to look at.
    columns
        The column names that must be there.
    name
        What to call the frame in the message.
    hint
        What the reader can do about it.

    Raises
    ------
    ValueError
        Naming the missing columns and those present.

    Examples
    --------
    >>> require_columns(pd.DataFrame({"code": []}), ["code"], "applications")
    """
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        present = ", ".join(map(str, frame.columns))
        raise ValueError(
            f"{name}: no column {', '.join(missing)}; the columns are {present}."
            + (f" {hint}" if hint else "")
        )


def check_applications(
    applications: pd.DataFrame,
    codes: Iterable[str] | None = None,
    segments: pd.DataFrame | None = None,
    *,
    ranks: bool = True,
) -> None:
    """Raise one error that lists every fault of a frame of code applications.

    Looked for: missing values in the key columns; the same application twice; a direction that is
    not one of `DIRECTIONS` and ranks with gaps (where these columns are present); an unknown code
    and an unknown segment (where `codes` and `segments` are given).

    Ranks have gaps as soon as some codes are filtered out, so only what uses ranks asks for them
    to be whole.

    Parameters
    ----------
    applications
        Columns `segment_id`, `code`; `coder`, `rank` and `direction` are checked when present.
    codes
        The codes of the codebook.
    segments
        Column `segment_id`.
    ranks
        Whether the ranks of a segment and coder must run 1, 2, ... without gap or tie.

    Raises
    ------
    ValueError
        With one line per fault: row (the frame's index label), column, value, and what to do.

    Examples
    --------
    >>> applied = pd.DataFrame({"segment_id": ["S1"], "coder": ["A"], "code": ["pase"]})
    >>> check_applications(applied, codes=["pace", "policy"])
    Traceback (most recent call last):
    ...
    ValueError: applications: 1 fault
      row 0, column code: 'pase' is not in the codebook; did you mean 'pace'?
    """
    require_columns(applications, ["segment_id", "code"], "applications")
    keys = [c for c in ("segment_id", "coder", "code") if c in applications.columns]
    faults = [fault for key in keys for fault in _missing(applications, key)]
    faults += _repeated(applications, keys)
    if codes is not None:
        faults += _unknown(applications, "code", list(codes), "in the codebook")
    if segments is not None:
        faults += _unknown_segments(applications, segments)
    if "direction" in applications.columns:
        faults += _unknown(applications, "direction", list(DIRECTIONS), "a direction")
    if ranks and "rank" in applications.columns:
        faults += _rank_gaps(applications)
    raise_faults("applications", faults)


def check_segments(segments: pd.DataFrame, columns: Iterable[str] = ()) -> None:
    """Raise when a segment is listed twice, or a column that is needed is missing or has gaps.

    Parameters
    ----------
    segments
        Column `segment_id` and those named in `columns`.
    columns
        Columns in which no value may be missing.

    Raises
    ------
    ValueError
        With one line per fault.

    Examples
    --------
    >>> check_segments(pd.DataFrame({"segment_id": ["S1", "S1"]}))
    Traceback (most recent call last):
    ...
    ValueError: segments: 1 fault
      row 1, column segment_id: 'S1' is there twice
    """
    needed = ["segment_id", *columns]
    require_columns(segments, needed, "segments")
    twice = segments["segment_id"][segments["segment_id"].duplicated()]
    faults = [
        f"row {row}, column segment_id: {name!r} is there twice" for row, name in twice.items()
    ]
    faults += [
        f"row {row}, column {column}: empty; every segment needs one"
        for column in needed
        for row in segments.index[segments[column].isna()]
    ]
    raise_faults("segments", faults)


def check_codes(applications: pd.DataFrame, codes: Iterable[str] | None = None) -> None:
    """Raise when a code is empty or not in the codebook; all that counting needs.

    Parameters
    ----------
    applications
        Columns `segment_id`, `code`.
    codes
        The codes of the codebook; any code is welcome when it is None.

    Raises
    ------
    ValueError
        With one line per fault.

    Examples
    --------
    >>> check_codes(pd.DataFrame({"segment_id": ["S1"], "code": ["pace"]}), ["pace"])
    """
    require_columns(applications, ["segment_id", "code"], "applications")
    faults = _missing(applications, "code") + _missing(applications, "segment_id")
    if codes is not None:
        faults += _unknown(applications, "code", list(codes), "in the codebook")
    raise_faults("applications", faults)


def raise_faults(name: str, faults: list[str]) -> None:
    """Raise one ValueError that lists the first 20 faults; do nothing when there are none.

    Examples
    --------
    >>> raise_faults("segments", [])
    """
    if faults:
        count = f"{len(faults)} fault{'s' if len(faults) > 1 else ''}"
        rest = len(faults) - SHOWN_FAULTS
        shown = faults[:SHOWN_FAULTS] + [f"and {rest} more"] * (rest > 0)
        raise ValueError(f"{name}: {count}\n  " + "\n  ".join(shown))


def _missing(frame: pd.DataFrame, column: str) -> list[str]:
    rows = frame.index[frame[column].isna()]
    return [f"row {row}, column {column}: empty; every application needs one" for row in rows]


def _repeated(frame: pd.DataFrame, keys: list[str]) -> list[str]:
    repeated = frame.index[frame.duplicated(keys)]
    return [
        f"row {row}: the application "
        + ", ".join(f"{key} {frame[key].loc[row]!r}" for key in keys)
        + " is there twice; delete one"
        for row in repeated
    ]


def _unknown(frame: pd.DataFrame, column: str, known: list[str], where: str) -> list[str]:
    return [
        f"row {rows}, column {column}: {value!r} is not {where}; {nearest(str(value), known)}"
        for value, rows in _strangers(frame[column], known)
    ]


def _unknown_segments(frame: pd.DataFrame, segments: pd.DataFrame) -> list[str]:
    return [
        f"row {rows}, column segment_id: {value!r} is not among the segments; correct it, or add "
        "the segment"
        for value, rows in _strangers(frame["segment_id"], segments["segment_id"].tolist())
    ]


def _strangers(values: pd.Series, known: list[str]) -> list[tuple[object, str]]:
    """Return each value that is not known, with the first rows it stands in."""
    wrong = values[~values.isin(known) & values.notna()]
    found = []
    for value, rows in wrong.groupby(wrong, sort=False).groups.items():
        more = f" and {len(rows) - SHOWN_ROWS} more" if len(rows) > SHOWN_ROWS else ""
        found.append((value, ", ".join(map(str, rows[:SHOWN_ROWS])) + more))
    return found


def _rank_gaps(frame: pd.DataFrame) -> list[str]:
    keys = [c for c in ("segment_id", "coder") if c in frame.columns]
    ranks = frame.dropna(subset=["rank"]).groupby(keys, observed=True, sort=False)["rank"]
    table = ranks.agg(["min", "max", "count", "nunique"])
    wrong = (table["min"] != 1) | (table["max"] != table["count"])
    wrong |= table["nunique"] != table["count"]
    faults = []
    for key in table.index[wrong]:
        found = sorted(ranks.get_group(key).tolist())
        label = ", ".join(f"{k} {v!r}" for k, v in zip(keys, key, strict=True))
        faults.append(f"{label}, column rank: {found} must run 1, 2, ... without gap or tie")
    return faults
