"""How much a label owes to choices: thresholds, readings, reconstructions, single cases.

Every label is recomputed with one kind of choice varied and the others as given. The share of
settings that keep a label describes the grid that was tried; it is no probability.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from itertools import product
from types import MappingProxyType

import pandas as pd

from compendium.triangulation.gather import Evidence, gather_evidence
from compendium.triangulation.judgement import Judgement, judge
from compendium.triangulation.rule import Label, Rule

DEFAULT_GRID: Mapping[str, Sequence[float]] = MappingProxyType(
    {
        "indifference": (0.0, 0.05, 0.10),
        "min_effective_n": (20, 30, 60),
        "max_half_width": (0.15, 0.20, 0.25),
        "min_cases": (2, 3, 5),
        "min_case_share": (0.10, 0.25, 0.40),
        "majority": (0.60, 2 / 3, 0.75),
        "max_prominence_gap": (0.15, 0.25, 0.35),
    }
)

Settled = tuple[str, Judgement]


def sensitivity(
    estimates: pd.DataFrame,
    stances: pd.DataFrame,
    crosswalk: pd.DataFrame,
    rule: Rule | None = None,
    *,
    cases: pd.DataFrame,
    thresholds: Mapping[str, Sequence[float]] = DEFAULT_GRID,
    readings: Mapping[str, pd.DataFrame] | None = None,
    reconstructions: Mapping[str, pd.DataFrame] | Sequence[pd.DataFrame] | None = None,
    leave_one_out: bool = True,
) -> pd.DataFrame:
    """Label every crosswalk row again under each alternative choice.

    Parameters
    ----------
    estimates, stances, crosswalk, rule, cases
        The choices as given, see `joint_display`.
    thresholds : mapping of str to sequence of float
        Values to try for each field of `Rule` (ValueError for another); every combination is tried.
        Empty for none.
    readings, reconstructions : mapping of str to DataFrame, optional
        Other choices of stances (for example those of A, B, both or either), and other tables of
        estimates, one for each reconstruction of the survey rows, by name or one after another.
    leave_one_out : bool
        Whether to leave out each eligible case in turn.

    Returns
    -------
    DataFrame
        One row per crosswalk row and setting: row_id, varied (thresholds, readings, reconstructions
        or cases), setting (what was changed, in words), changes (how many things), survey_state,
        coded_state, label, base_label, same (label equals the label as given).

    Examples
    --------
    >>> estimates = pd.DataFrame({
    ...     "item_id": ["I-1"], "answer": ["agree"], "share": [0.7], "lower": [0.65],
    ...     "upper": [0.75], "n": [430], "design_effect": [1.2]})
    >>> cases = pd.DataFrame({"document": "epic", "case": list("abcd"), "role": "teacher",
    ...                       "site": "Mercer", "asked": True})
    >>> stances = pd.DataFrame({
    ...     "row_id": "X-1", "segment_id": ["S1", "S2", "S3"], "remark": ["S1", "S2", "S3"],
    ...     "stance": "for", "document": "epic", "case": list("abc")})
    >>> crosswalk = pd.DataFrame({
    ...     "row_id": ["X-1"], "claim": ["Pace is individual"], "item_id": ["I-1"],
    ...     "survey_answer": ["agree"], "eligible_document": ["epic"],
    ...     "eligible_cases": ["teacher"]})
    >>> tried = sensitivity(estimates, stances, crosswalk, cases=cases, leave_one_out=False,
    ...                     thresholds={"min_cases": (2, 3, 4)})
    >>> tried.loc[~tried["same"], ["varied", "setting", "label"]].to_numpy().tolist()
    [['thresholds', 'min_cases=4', 'insufficient']]
    """
    rule = rule or Rule()

    def gather(estimates: pd.DataFrame, stances: pd.DataFrame) -> list[Evidence]:
        return gather_evidence(estimates, stances, crosswalk, cases=cases)

    base = gather(estimates, stances)
    base_labels = {row_id: judgement.label for row_id, judgement in _judged(base, rule)}
    records: list[dict[str, object]] = []

    def record(varied: str, setting: str, settled: Iterable[Settled], changes: int = 1) -> None:
        tried = {"varied": varied, "setting": setting, "changes": changes}
        records.extend(
            {**tried, **_outcome(row_id, judgement, base_labels[row_id])}
            for row_id, judgement in settled
        )

    for setting, changes, other in _rules(rule, thresholds):
        record("thresholds", setting, _judged(base, other), changes)
    for name, frame in (readings or {}).items():
        record("readings", name, _judged(gather(estimates, frame), rule))
    for name, frame in _named(reconstructions or ()):
        record("reconstructions", name, _judged(gather(frame, stances), rule))
    if leave_one_out:
        for evidence in base:
            for case in sorted(evidence.coded.eligible):
                without = replace(evidence, coded=evidence.coded.without(case))
                record("cases", f"without {case}", _judged([without], rule))
    return pd.DataFrame(records, columns=list(_TYPES)).astype(_TYPES)


def stability(tried: pd.DataFrame) -> pd.DataFrame:
    """Summarise `sensitivity`: how often each label stood, and what least change flips it.

    One row per crosswalk row and kind of choice: row_id, varied, label (as given), settings, same,
    share_same, labels (each with the number of settings), flipped_by (the settings with the fewest
    changes that give another label, with that label).

    Examples
    --------
    >>> tried = pd.DataFrame({
    ...     "row_id": "X-1", "varied": "thresholds", "setting": ["as given", "min_cases=4"],
    ...     "changes": [0, 1], "label": ["convergence", "insufficient"],
    ...     "base_label": "convergence", "same": [True, False]})
    >>> stability(tried)[["labels", "flipped_by"]].to_numpy().tolist()
    [['convergence 1, insufficient 1', 'min_cases=4: insufficient']]
    """
    groups = tried.groupby(["row_id", "varied"], sort=False)
    records = []
    for (row_id, varied), group in groups:
        counts = Counter(group["label"])
        same = int(group["same"].sum())
        records.append(
            {
                "row_id": row_id,
                "varied": varied,
                "label": group["base_label"].iloc[0],
                "settings": len(group),
                "same": same,
                "share_same": same / len(group),
                "labels": ", ".join(f"{label} {count}" for label, count in counts.most_common()),
                "flipped_by": _flipped_by(group),
            }
        )
    return pd.DataFrame(records, columns=list(_SUMMARY_TYPES)).astype(_SUMMARY_TYPES)


_TYPES = {
    **dict.fromkeys(("row_id", "varied", "setting"), "string"),
    "changes": "int64",
    **dict.fromkeys(("survey_state", "coded_state", "label", "base_label"), "string"),
    "same": "bool",
}
_SUMMARY_TYPES = {
    **dict.fromkeys(("row_id", "varied", "label"), "string"),
    **dict.fromkeys(("settings", "same"), "int64"),
    "share_same": "float64",
    **dict.fromkeys(("labels", "flipped_by"), "string"),
}


def _judged(evidence: Iterable[Evidence], rule: Rule) -> list[Settled]:
    return [(e.row.row_id, judge(e.survey, e.coded, e.row.relation, rule)) for e in evidence]


def _rules(
    rule: Rule, thresholds: Mapping[str, Sequence[float]]
) -> Iterator[tuple[str, int, Rule]]:
    """Every combination of thresholds, told by what differs from the rule as given."""
    known = [each.name for each in fields(Rule)]
    unknown = [name for name in thresholds if name not in known]
    if unknown:
        raise ValueError(f"thresholds: Rule has no {unknown[0]!r}; one of {', '.join(known)}")
    if not thresholds:
        return
    for values in product(*thresholds.values()):
        chosen = dict(zip(thresholds, values, strict=True))
        changed = [f"{k}={v:.3g}" for k, v in chosen.items() if v != getattr(rule, k)]
        other = replace(rule, **chosen)  # type: ignore[arg-type]
        yield ", ".join(changed) or "as given", len(changed), other


def _named(
    frames: Mapping[str, pd.DataFrame] | Sequence[pd.DataFrame],
) -> Iterable[tuple[str, pd.DataFrame]]:
    if isinstance(frames, Mapping):
        return frames.items()
    return [(f"reconstruction {i}", frame) for i, frame in enumerate(frames, start=1)]


def _outcome(row_id: str, judgement: Judgement, base_label: Label) -> dict[str, object]:
    return {
        "row_id": row_id,
        **{n: getattr(judgement, n) for n in ("survey_state", "coded_state", "label")},
        "base_label": base_label,
        "same": judgement.label == base_label,
    }


def _flipped_by(group: pd.DataFrame) -> str | None:
    flipped = group[~group["same"]]
    if flipped.empty:
        return None
    least = flipped[flipped["changes"] == flipped["changes"].min()]
    pairs = zip(least["setting"], least["label"], strict=True)
    return "; ".join(f"{setting}: {label}" for setting, label in pairs)
