"""Code saturation: whether more cases would have brought more codes.

Guest, Namey & Chen (2020, PLoS ONE 15(5), doi:10.1371/journal.pone.0232076): count the codes that
the first few cases bring (the base); saturation is reached where a run of further cases brings few
new ones. That depends on the order in which cases are read, so it is repeated over random orders.
It says nothing of whether the codes are understood in depth.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from compendium.coding.checks import HINT, check_codes, raise_faults, require_columns

IntArray = npt.NDArray[np.int64]
CHUNK = 4_000_000  # numbers held at once while reading in random orders
TINY = 1e-9  # 0.29 * 100 falls just short of 29


@dataclass(frozen=True)
class Saturation:
    """What `saturation` found.

    Attributes
    ----------
    reached_at, reason
        Cases read when saturation was reached, the run that shows it not included; or None and why.
    label
        The notation of Guest et al.: `6+2` for six cases and a run of two; empty if not reached.
    base_codes, codes_after
        Codes of the first `base_size` cases; codes first met after the run (None if not reached).
    curve
        One row per case read: `n_cases`, `case`, `new_codes`, `codes`, and over random orders
        `mean`, `lower`, `upper` of `codes`.
    orders, share_of_orders
        `reached_at` in each random order, 0 where it is not reached; the share in which it is.
    """

    reached_at: int | None
    reason: str
    label: str
    base_codes: int
    codes_after: int | None
    curve: pd.DataFrame
    share_of_orders: float | None
    orders: IntArray


def saturation(
    applications: pd.DataFrame,
    order: Sequence[str] | None = None,
    *,
    base_size: int = 4,
    run_length: int = 2,
    threshold: float = 0.05,
    n_orders: int = 1000,
    confidence: float = 0.95,
    seed: int = 0,
) -> Saturation:
    """Assess code saturation over cases (Guest, Namey & Chen 2020).

    A run of cases n + 1 ... n + `run_length` shows saturation at n when (new codes of the run) /
    (codes of the base) <= `threshold`. Runs move by one case, from n = `base_size` on.

    Parameters
    ----------
    applications
        Columns `case`, `code` (see `with_cases`); rows without a case are left out.
    order
        All cases in the order of data collection, also those without codes; default those with
        codes, in order of first appearance. ValueError when a case is there twice or not at all.
    base_size, run_length, threshold
        The three choices of the method; the authors use 4 (to 6), 2 (or 3), and 0.05 (or 0).
    n_orders, confidence, seed
        Random orders for the band, 0 for none; its pointwise coverage; seed of the orders.

    Examples
    --------
    >>> applied = pd.DataFrame(
    ...     {"segment_id": list("stuvw"), "case": list("abcde"), "code": ["x", "y", "x", "y", "x"]}
    ... )
    >>> found = saturation(applied, base_size=2, run_length=2, n_orders=0)
    >>> found.reached_at, found.label, found.curve["new_codes"].tolist()
    (2, '2+2', [1, 1, 0, 0, 0])
    """
    if base_size < 1 or run_length < 1 or not 0 <= threshold < 1 or not 0 < confidence < 1:
        raise ValueError(
            f"base_size {base_size} and run_length {run_length} must be at least 1, threshold "
            f"{threshold} in [0, 1), confidence {confidence} between 0 and 1."
        )
    require_columns(applications, ["case", "code"], "applications", HINT)
    check_codes(applications)
    applied_by_case = applications[["case", "code"]].dropna().drop_duplicates()
    names = _names(applied_by_case, order)
    case = pd.Index(names).get_indexer(pd.Index(applied_by_case["case"]))
    code = pd.factorize(applied_by_case["code"])[0]
    positions = np.arange(len(names))[None, :]
    new = _new_codes(positions, case, code)
    reached = _reached_at(new, base_size, run_length, threshold)[0]
    random_new = _random_orders(case, code, len(names), n_orders, seed)
    orders = _reached_at(random_new, base_size, run_length, threshold)
    base_codes = int(new[0, :base_size].sum())
    return Saturation(
        reached_at=int(reached) or None,
        reason="" if reached else _reason(base_codes, len(names), base_size, run_length),
        label=f"{reached}+{run_length}" if reached else "",
        base_codes=base_codes,
        codes_after=int(new[0, reached + run_length :].sum()) if reached else None,
        curve=_curve(names, new[0], random_new, confidence),
        share_of_orders=float((orders > 0).mean()) if n_orders else None,
        orders=orders,
    )


def _names(applied_by_case: pd.DataFrame, order: Sequence[str] | None) -> list[str]:
    with_codes = applied_by_case["case"].unique().tolist()
    if order is None:
        return with_codes
    names = list(order)
    faults = [f"case {name!r} is there twice" for name in set(names) if names.count(name) > 1]
    faults += [
        f"case {name!r} has codes but is not in the order; add it"
        for name in with_codes
        if name not in names
    ]
    raise_faults("order", sorted(faults))
    return names


def _new_codes(positions: IntArray, case: IntArray, code: IntArray) -> IntArray:
    """Count the codes first met at each place; `positions` (orders x cases): when each is read."""
    n_orders, n_cases = positions.shape
    if not len(case):
        return np.zeros((n_orders, n_cases), dtype=np.int64)
    by_code = np.argsort(code, kind="stable")
    starts = np.flatnonzero(np.diff(code[by_code], prepend=-1))
    first = np.minimum.reduceat(positions[:, case[by_code]], starts, axis=1)
    cells = first + n_cases * np.arange(n_orders)[:, None]
    return np.bincount(cells.ravel(), minlength=n_orders * n_cases).reshape(n_orders, n_cases)


def _random_orders(
    case: IntArray, code: IntArray, n_cases: int, n_orders: int, seed: int
) -> IntArray:
    random = np.random.default_rng(seed)
    step = max(1, CHUNK // max(len(case), n_cases, 1))
    chunks = [np.zeros((0, n_cases), dtype=np.int64)]
    for start in range(0, n_orders, step):
        in_order = np.tile(np.arange(n_cases), (min(step, n_orders - start), 1))
        chunks.append(_new_codes(random.permuted(in_order, axis=1), case, code))
    return np.concatenate(chunks)


def _reached_at(new: IntArray, base_size: int, run_length: int, threshold: float) -> IntArray:
    """Find the number of cases at saturation in each order, 0 where it is not reached."""
    total = np.pad(new.cumsum(axis=1), ((0, 0), (1, 0)))
    ends = np.arange(
        base_size + run_length, new.shape[1] + 1
    )  # of runs; the first follows the base
    in_runs = total[:, ends] - total[:, ends - run_length]
    base = new[:, :base_size].sum(axis=1, keepdims=True)
    few = (in_runs <= threshold * base + TINY) & (base > 0)
    if not few.shape[1]:
        return np.zeros(len(new), dtype=np.int64)
    return np.where(few.any(axis=1), base_size + few.argmax(axis=1), 0)


def _reason(base_codes: int, n_cases: int, base_size: int, run_length: int) -> str:
    if n_cases < base_size + run_length:
        return f"{n_cases} cases; a base of {base_size} and a run of {run_length} need more"
    if not base_codes:
        return f"the first {base_size} cases have no code"
    return f"every run brings more new codes than the threshold allows, up to case {n_cases}"


def _curve(
    names: list[str], new: IntArray, random_new: IntArray, confidence: float
) -> pd.DataFrame:
    curve = pd.DataFrame(
        {
            "n_cases": np.arange(1, len(names) + 1),
            "case": names,
            "new_codes": new,
            "codes": new.cumsum(),
        }
    )
    if not len(random_new):
        return curve.assign(mean=np.nan, lower=np.nan, upper=np.nan)
    codes = random_new.cumsum(axis=1)
    tail = (1 - confidence) / 2
    lower, upper = np.quantile(codes, [tail, 1 - tail], axis=0)
    return curve.assign(mean=codes.mean(axis=0), lower=lower, upper=upper)
