"""Checks that the coding frames fit together.

A misspelt code or a segment coded twice does not stop a count, it only makes it wrong. So every
function checks its frames first and reports all faults at once, with row, value and way out.
"""

from collections.abc import Iterable, Sequence

import pandas as pd

from compendium.text import listed, nearest

DIRECTIONS = ("helps", "hinders", "mixed", "neutral")
SHOWN_ROWS = 5
SHOWN_FAULTS = 20
UNIT_COLUMNS = {"segment": "segment_id", "case": "case"}
HINT = "Call with_cases(applications, segments)."


def require_columns(frame: pd.DataFrame, columns: Iterable[str], name: str, hint: str = "") -> None:
    """Raise ValueError when a frame, called `name`, lacks a column; `hint` says what helps."""
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
    """Raise one ValueError that lists every fault of a frame of code applications.

    Missing keys, an application that is there twice, a direction that is none, a rank with gaps
    (only where `ranks`: they have gaps as soon as codes are filtered out), an unknown code or
    segment.

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
    faults = [fault for key in keys for fault in missing_values(applications, key)]
    faults += _repeated(applications, keys)
    if codes is not None:
        faults += unknown_values(applications, "code", list(codes), "in the codebook")
    if segments is not None:
        known = segments["segment_id"].tolist()
        faults += unknown_values(applications, "segment_id", known, "among the segments")
    if "direction" in applications.columns:
        faults += unknown_values(applications, "direction", list(DIRECTIONS), "a direction")
    if ranks and "rank" in applications.columns:
        faults += _rank_gaps(applications)
    raise_faults("applications", faults)


def check_segments(segments: pd.DataFrame, columns: Iterable[str] = ()) -> None:
    """Raise when a segment is listed twice, or a column that is needed is missing or has gaps."""
    needed = ["segment_id", *columns]
    require_columns(segments, needed, "segments")
    twice = segments["segment_id"][segments["segment_id"].duplicated()]
    faults = [
        f"row {row}, column segment_id: {name!r} is there twice; keep one row of each"
        for row, name in twice.items()
    ]
    faults += [fault for column in needed for fault in missing_values(segments, column, "segment")]
    raise_faults("segments", faults)


def check_codes(applications: pd.DataFrame, codes: Iterable[str] | None = None) -> None:
    """Raise when a code is empty or not in the codebook; all that counting needs."""
    require_columns(applications, ["segment_id", "code"], "applications")
    faults = missing_values(applications, "code") + missing_values(applications, "segment_id")
    if codes is not None:
        faults += unknown_values(applications, "code", list(codes), "in the codebook")
    raise_faults("applications", faults)


def coders_of(applications: pd.DataFrame, coders: Sequence[str] | None = None) -> list[str]:
    """Return the coders, sorted; or check that those named have coded something."""
    require_columns(applications, ["coder"], "applications")
    active = sorted(applications["coder"].dropna().unique())
    for coder in coders or []:
        if coder not in active:
            raise ValueError(
                f"coder {coder!r} has coded nothing; coders with applications: "
                f"{', '.join(map(str, active)) or 'none'}. Take {coder!r} out of `coders`."
            )
    return active if coders is None else list(coders)


def coverage(
    applications: pd.DataFrame, segments: pd.DataFrame, coders: Sequence[str] | None = None
) -> pd.DataFrame:
    """Say which coder has read which document: documents x coders, sorted."""
    names = coders_of(applications, coders)
    document = applications["segment_id"].map(segments.set_index("segment_id")["document"])
    done = pd.crosstab(document, applications["coder"]) > 0
    documents = pd.Index(sorted(segments["document"].unique()), name="document")
    return done.reindex(index=documents, columns=names, fill_value=False)


def raise_faults(name: str, faults: list[str]) -> None:
    """Raise one ValueError that lists the first 20 faults; do nothing when there are none."""
    if faults:
        count = f"{len(faults)} fault{'s' if len(faults) > 1 else ''}"
        rest = len(faults) - SHOWN_FAULTS
        shown = faults[:SHOWN_FAULTS] + [f"and {rest} more"] * (rest > 0)
        raise ValueError(f"{name}: {count}\n  " + "\n  ".join(shown))


def unit_column(unit: str, frame: pd.DataFrame) -> str:
    """Return the column that identifies a counting unit, `segment` or `case`."""
    if unit not in UNIT_COLUMNS:
        raise ValueError(f"unit: {unit!r} is not one of {', '.join(UNIT_COLUMNS)}.")
    column = UNIT_COLUMNS[unit]
    require_columns(frame, [column], "applications", HINT)
    return column


def share(count: pd.Series, base: pd.Series | int) -> pd.Series:
    """Divide counts by their base; missing where the base is zero."""
    bases = pd.Series(base, index=count.index, dtype="float64")
    return count.astype("float64") / bases.mask(bases == 0)


def n_distinct(frame: pd.DataFrame, by: list[str], column: str) -> pd.Series:
    """Count distinct values of `column` in each group; a missing group key is a group."""
    return frame.groupby(by, dropna=False, observed=True)[column].nunique()


def missing_values(frame: pd.DataFrame, column: str, unit: str = "application") -> list[str]:
    """Return a fault for each row in which a column is empty."""
    rows = frame.index[frame[column].isna()]
    return [f"row {row}, column {column}: empty; every {unit} needs one" for row in rows]


def _repeated(frame: pd.DataFrame, keys: list[str]) -> list[str]:
    repeated = frame.index[frame.duplicated(keys)]
    return [
        f"row {row}: the application "
        + ", ".join(f"{key} {frame[key].loc[row]!r}" for key in keys)
        + " is there twice; delete one"
        for row in repeated
    ]


def unknown_values(frame: pd.DataFrame, column: str, known: list[str], where: str) -> list[str]:
    """Return a fault for each value of a column that is not among those known."""
    wrong = frame[column][~frame[column].isin(known) & frame[column].notna()]
    faults: list[str] = []
    for value, labels in wrong.groupby(wrong, sort=False).groups.items():
        rows = listed([*map(str, labels)], SHOWN_ROWS)
        hint = nearest(str(value), known) if len(faults) < SHOWN_FAULTS else ""
        faults.append(f"row {rows}, column {column}: {value!r} is not {where}; {hint}")
    return faults


def _rank_gaps(frame: pd.DataFrame) -> list[str]:
    keys = [c for c in ("segment_id", "coder") if c in frame.columns]
    ranks = frame.dropna(subset=["rank"]).groupby(keys, observed=True, sort=False)["rank"]
    table = ranks.agg(["min", "max", "count", "nunique"])
    wrong = (table["min"] != 1) | (table["max"] != table["count"])
    wrong |= table["nunique"] != table["count"]
    faults = []
    for key in table.index[wrong]:
        given = sorted(ranks.get_group(key).tolist())
        label = ", ".join(f"{k} {v!r}" for k, v in zip(keys, key, strict=True))
        faults.append(f"{label}, column rank: {given} must run 1, 2, ... without gap or tie")
    return faults
