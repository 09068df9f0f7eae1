"""Check survey rows against the constraints, row by row, knowing nothing of how they were made.

Everything is counted from the roster and the responses with exact fractions, so that a share of
exactly 90 % is told from one just above it. Rows of another origin, the authors' own for example,
can be checked in the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any

import pandas as pd

from auditing.reconstruction.fields import split
from auditing.reconstruction.rates import OVERALL
from auditing.reconstruction.representativeness import NOT_STATED
from auditing.reconstruction.rows import SurveyRows

FOLDER, MOST_LISTED = "data/raw/survey", 10


def verify(frames: Mapping[str, pd.DataFrame], constraints: pd.DataFrame) -> pd.DataFrame:
    """Check every constraint from the rows.

    Parameters
    ----------
    frames
        `roster`, `responses_web` and `responses_paper`.
    constraints
        The table of constraints.

    Returns
    -------
    pandas.DataFrame
        One row per constraint: `constraint` (its id), `source` (claim, or table cell), `printed`,
        `lower`, `upper`, `achieved` (missing where the rows leave it undefined), `met` (within
        the interval, widened where the printed numbers contradict each other) and `as_printed`
        (within the interval of the printed number itself).

    Raises
    ------
    ValueError
        If a frame or a column is missing, or a constraint is of an unknown kind.

    Examples
    --------
    >>> roster = pd.DataFrame({"teacher_id": ["T1", "T2"], "district": ["A", "A"]})
    >>> web = pd.DataFrame({"teacher_id": ["T1"]})
    >>> one = pd.DataFrame([{"constraint_id": "n", "kind": "response_count", "claim_id": None,
    ...     "table": "rates", "row": "A", "column": "responses", "district": "A", "printed": "2",
    ...     "lower": 2, "upper": 2, "open_lower": False, "open_upper": False,
    ...     "allowed_lower": 2, "allowed_upper": 2, "items": None, "levels": None}])
    >>> frames = {"roster": roster, "responses_web": web, "responses_paper": web.iloc[:0]}
    >>> verify(frames, one)[["achieved", "met"]].values.tolist()
    [[1.0, False]]
    """
    rows = SurveyRows(frames)
    return pd.DataFrame([_check(rows, constraint) for constraint in constraints.to_dict("records")])


def refuse_broken(checked: pd.DataFrame, constraints: pd.DataFrame) -> None:
    """Refuse reconstructed rows that miss a constraint they were made for.

    Invented rows can contradict no document: a miss means that the files are broken.

    Parameters
    ----------
    checked
        From `verify`.
    constraints
        The table of constraints.

    Raises
    ------
    ValueError
        With the files, the constraint, what was wanted and what was found for each miss, and how to
        make the rows anew.

    Examples
    --------
    >>> constraints = pd.DataFrame({"constraint_id": ["n"], "kind": ["response_count"],
    ...     "items": [None], "allowed_lower": [2.0], "allowed_upper": [2.0]})
    >>> refuse_broken(pd.DataFrame({"constraint": ["n"], "achieved": [1.0], "met": [True]}),
    ...     constraints)
    """
    missed = checked[~checked["met"]].merge(
        constraints, left_on="constraint", right_on="constraint_id", suffixes=("", "_made_for")
    )
    if missed.empty:
        return
    lines = [
        f"{_files(row)}: constraint {row['constraint']} wants "
        f"{_span(row['allowed_lower'], row['allowed_upper'])}, found {row['achieved']:.6g}"
        for row in missed.head(MOST_LISTED).to_dict("records")
    ]
    more = len(missed) - len(lines)
    raise ValueError(
        "the reconstructed rows break what they were made for:\n"
        + "\n".join(lines)
        + (f"\nand {more} more" if more else "")
        + "\nRestore the files, or make them anew: python -m auditing.reconstruction --force. If "
        "these are the authors' own rows, bring them in with `compendium rows FILE...`."
    )


def _files(row: Mapping[Any, Any]) -> str:
    answers = isinstance(row["items"], str) and row["items"]
    of_roster = row["kind"] in ("target_count", "population_percent", "excluded")
    names = ["responses_web", "responses_paper"] if answers else ["roster"]
    if not answers and not of_roster:
        names += ["responses_web", "responses_paper"]
    return ", ".join(f"{FOLDER}/{name}.csv" for name in names)


def _span(lower: float, upper: float) -> str:
    return f"{lower:.6g}" if lower == upper else f"{lower:.6g} to {upper:.6g}"


def _check(rows: SurveyRows, constraint: dict[Any, Any]) -> dict[str, Any]:
    evaluate = _EVALUATORS.get(constraint["kind"])
    if evaluate is None:
        raise ValueError(
            f"constraint {constraint['constraint_id']}: kind {constraint['kind']!r} is unknown; "
            f"it must be one of {', '.join(_EVALUATORS)}"
        )
    achieved = evaluate(rows, constraint)
    table_cell = " / ".join(str(constraint[c]) for c in ("table", "row", "column"))
    source = constraint["claim_id"] if isinstance(constraint["claim_id"], str) else table_cell
    if constraint["kind"] == "structure":
        source = "structure"
    return {
        "constraint": constraint["constraint_id"],
        "source": source,
        "printed": constraint["printed"],
        "lower": constraint["lower"],
        "upper": constraint["upper"],
        "achieved": None if achieved is None else float(achieved),
        "met": _within(achieved, constraint, "allowed_"),
        "as_printed": _within(achieved, constraint, ""),
    }


def _within(value: Fraction | None, constraint: dict[Any, Any], which: str) -> bool:
    if value is None:
        return False
    lower, upper = (_exact(str(constraint[f"{which}{end}"])) for end in ("lower", "upper"))
    above = value > lower if constraint["open_lower"] else value >= lower
    below = value < upper if constraint["open_upper"] else value <= upper
    return bool(above and below)


_exact = lru_cache(maxsize=None)(Fraction)  # bounds are the same for one set after another


def _responses(rows: SurveyRows, c: dict[Any, Any]) -> Fraction:
    if not isinstance(c["district"], str) or c["district"] == OVERALL:
        return Fraction(len(rows.ids))
    return Fraction(int((rows.district == c["district"]).sum()))


def _targets(rows: SurveyRows, c: dict[Any, Any]) -> Fraction:
    return Fraction(len(rows.teachers(c["district"])))


def _rate(rows: SurveyRows, c: dict[Any, Any]) -> Fraction | None:
    teachers = _targets(rows, c)
    return 100 * _responses(rows, c) / teachers if teachers else None


def _rates(rows: SurveyRows) -> list[Fraction]:
    found = (_rate(rows, {"district": d}) for d in rows.districts)
    return [rate for rate in found if rate is not None]


def _percent(rows: SurveyRows, c: dict[Any, Any], *, sample: bool) -> Fraction | None:
    attribute, _, category = c["levels"].partition("=")
    counts = rows.make_up(attribute, sample=sample)
    stated = sum(counts.values()) - counts.get(NOT_STATED, 0)
    return Fraction(100 * counts.get(category, 0), stated) if stated else None


def _population_percent(rows: SurveyRows, c: dict[Any, Any]) -> Fraction | None:
    return _percent(rows, c, sample=False)


def _sample_percent(rows: SurveyRows, c: dict[Any, Any]) -> Fraction | None:
    return _percent(rows, c, sample=True)


def _difference(rows: SurveyRows, c: dict[Any, Any]) -> Fraction | None:
    sample, population = _sample_percent(rows, c), _population_percent(rows, c)
    return None if sample is None or population is None else sample - population


def _share(rows: SurveyRows, c: dict[Any, Any]) -> Fraction | None:
    return rows.equal_share(c["items"], split(c["levels"]))


def _share_gap(rows: SurveyRows, c: dict[Any, Any]) -> Fraction | None:
    first, second = (rows.equal_share(i, split(c["levels"])) for i in split(c["items"]))
    return None if first is None or second is None else first - second


def _lead(rows: SurveyRows, c: dict[Any, Any]) -> Fraction | None:
    levels = split(c["levels"])
    own = rows.share(c["items"], levels, c["district"])
    others = [rows.share(c["items"], levels, d) for d in rows.districts if d != c["district"]]
    gaps = [own - other for other in others if other is not None and own is not None]
    return min(gaps) if gaps else None


def _deviation(rows: SurveyRows, c: dict[Any, Any]) -> Fraction | None:
    own, mean = rows.share(c["items"], split(c["levels"]), c["district"]), _share(rows, c)
    return None if own is None or mean is None else own - mean


def _of_offered(rows: SurveyRows, c: dict[Any, Any]) -> Fraction | None:
    useful = rows.equal_share(c["items"], split(c["levels"]))
    missed = rows.equal_share(c["items"], ["not provided"])
    if useful is None or missed is None or missed == 100:
        return None
    return 100 * useful / (100 - missed)


def _of_offered_by_district(rows: SurveyRows, c: dict[Any, Any]) -> Fraction | None:
    given = rows.answers(c["items"]).dropna().unique()
    return rows.equal_share(
        c["items"], split(c["levels"]), [level for level in given if level != "not provided"]
    )


def _answered(rows: SurveyRows, c: dict[Any, Any]) -> Fraction:
    return Fraction(int(rows.answers(c["items"])[rows.district == c["district"]].notna().sum()))


def _excluded(rows: SurveyRows, c: dict[Any, Any]) -> Fraction:
    here = rows.teachers(c["district"])
    pairs = [level.partition("=")[::2] for level in split(c["levels"])]
    return Fraction(sum(int((here[a] == category).sum()) for a, category in pairs))


def _structure(rows: SurveyRows, c: dict[Any, Any]) -> Fraction:
    if c["constraint_id"] == "one_row_per_teacher":
        repeats = rows.roster["teacher_id"].duplicated().sum() + rows.ids.duplicated().sum()
        return Fraction(int(repeats))
    if c["constraint_id"] == "respondents_in_roster":
        return Fraction(int((~rows.ids.isin(rows.roster["teacher_id"])).sum()))
    answers = rows.answers(c["items"]).dropna()
    return Fraction(int((~answers.isin(split(c["levels"]))).sum()))


_EVALUATORS: dict[str, Callable[[SurveyRows, dict[Any, Any]], Fraction | None]] = {
    "response_count": _responses,
    "target_count": _targets,
    "district_count": lambda rows, c: Fraction(len(rows.districts)),
    "response_rate": _rate,
    "lowest_response_rate": lambda rows, c: min(_rates(rows), default=None),
    "highest_response_rate": lambda rows, c: max(_rates(rows), default=None),
    "population_percent": _population_percent,
    "sample_percent": _sample_percent,
    "difference": _difference,
    "share": _share,
    "share_gap": _share_gap,
    "lead": _lead,
    "deviation": _deviation,
    "share_of_offered": _of_offered,
    "share_of_offered_by_district": _of_offered_by_district,
    "negative_to_any": lambda rows, c: Fraction(int(rows.negative(c).any(axis=1).sum())),
    "negative_to_all": lambda rows, c: Fraction(int(rows.negative(c).all(axis=1).sum())),
    "answered": _answered,
    "excluded": _excluded,
    "structure": _structure,
}
