"""Raking: a million rows to four margins, all libraries to the same precision."""

from __future__ import annotations

import contextlib
import io
import itertools
import logging
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from contest import Contest, Prepared

from survey.data import LEVELS, Data

CONTEST = Contest()
PRECISE = 1e-10  # every library rakes until its margins are this close


def first_weights(weights: Any) -> dict[str, Any]:
    """Pick numbers to compare from raked weights."""
    return {"weight": np.asarray(weights)[:500]}


@CONTEST.enter("rake", "growth_rake")
def ours(folder: Path) -> Prepared:
    """Rake a frame of categorical columns; untimed, also from equal weights."""
    from compendium.survey import rake

    data = Data(folder)
    frame, margins = data.margin_frame(), data.margins()
    raking = partial(rake, frame, margins, tolerance=PRECISE)

    def numbers(weights: Any) -> dict[str, Any]:
        equal = raking().values
        return first_weights(weights.values) | {"from equal": (equal / equal.mean())[:500]}

    return partial(raking, base="weight"), numbers


@CONTEST.enter(
    "rake",
    "growth_rake",
    library="ipfn",
    environment="peers",
    note="fits cells only: rows are summed to cells for it by numpy",
)
def ipfn(folder: Path) -> Prepared:
    """Sum rows to cells, let ipfn fit them, hand the factors back."""
    from ipfn import ipfn

    data = Data(folder)
    weight, sizes = data.codes("weight"), list(LEVELS.values())
    codes = [data.codes(name).astype(np.intp) for name in LEVELS]
    totals = [np.array(data.totals[name]) for name in LEVELS]

    def run() -> Any:
        cells = np.ravel_multi_index(codes, sizes)
        mass = np.bincount(cells, weight, int(np.prod(sizes))).reshape(sizes)
        fit = ipfn.ipfn(
            mass.copy(),
            totals,
            [[axis] for axis in range(len(sizes))],
            convergence_rate=PRECISE,
            rate_tolerance=0,
        ).iteration()
        factor = np.divide(fit, mass, out=np.ones_like(mass), where=mass > 0)
        return weight * factor.ravel()[cells]

    return run, first_weights


@CONTEST.enter("rake", library="svy", environment="peers")
def svy(folder: Path) -> Prepared:
    """Rake a sample."""
    import svy

    data = Data(folder)
    sample = svy.Sample(data.polars_frame([]), svy.Design(wgt="weight"))
    rake = sample.weighting.rake
    run = partial(rake, controls=data.margins(), tol=PRECISE, max_iter=1000)
    return run, lambda raked: first_weights(raked.data["rk_wgt"])


@CONTEST.enter("rake", library="balance", environment="older")
def balance(folder: Path) -> Prepared:
    """Rake a frame to a target frame of 600 cells, whose margins are the totals."""
    logging.disable(logging.CRITICAL)
    import pandas as pd
    from balance.weighting_methods.rake import rake

    data = Data(folder)
    frame = data.margin_frame()
    weight = frame.pop("weight")
    target = pd.DataFrame(list(itertools.product(*data.labels.values())), columns=list(LEVELS))
    sums = [np.array(data.totals[name]) for name in LEVELS]
    mass = sums[0]
    for other in sums[1:]:
        mass = np.multiply.outer(mass, other / other.sum())
    run = partial(
        rake,
        frame,
        weight,
        target,
        pd.Series(mass.ravel()),
        transformations=None,
        na_action="drop",
        convergence_rate=PRECISE,
        rate_tolerance=0,
    )
    return run, lambda found: first_weights(found["weight"])


@CONTEST.enter(
    "rake", library="weightipy", environment="older", note="takes no weights to start from"
)
def weightipy(folder: Path) -> Prepared:
    """Rake a frame from equal weights."""
    import weightipy

    data = Data(folder)
    frame = data.margin_frame().drop(columns="weight")
    scheme = weightipy.Rim("benchmark", convcrit=PRECISE, max_iterations=1000)
    percent = 100 / sum(data.totals["sex"])
    scheme.set_targets(
        [
            {name: {label: total * percent for label, total in totals.items()}}
            for name, totals in data.margins().items()
        ]
    )

    def run() -> Any:
        with contextlib.redirect_stdout(io.StringIO()):
            return weightipy.weight(frame, scheme)

    return run, lambda found: {"from equal": (np.asarray(found) / np.mean(found))[:500]}
