"""The coefficients against R and other Python libraries, on made-up ratings.

tests/oracles/coding holds the ratings, the expected values and the scripts that made both.
"""

from collections.abc import Callable
from functools import cache, partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from compendium.coding import agreement

FOLDER = Path(__file__).parents[3] / "oracles/coding"
COEFFICIENTS: dict[str, Callable[..., agreement.Agreement]] = {
    f"krippendorff_alpha_{level}": partial(agreement.krippendorff_alpha, level=level)
    for level in ("ordinal", "interval", "ratio")
}
COEFFICIENTS |= {
    f"{name}_{kind}": partial(getattr(agreement, name), weights=kind)
    for name in ("cohen_kappa", "gwet_ac2")
    for kind in ("linear", "quadratic")
}
COEFFICIENTS |= {
    "masi_alpha": agreement.set_alpha,
    "jaccard_alpha": partial(agreement.set_alpha, distance="jaccard"),
}


@cache
def ratings(name, coefficient):
    long = pd.read_csv(FOLDER / "ratings.csv", dtype=str).query(f"dataset == '{name}'")
    wide = long.pivot(index="unit", columns="rater", values="rating").astype(object)
    if name == "code_sets":
        return wide.map(
            lambda text: frozenset(text.replace("-", "").split("|")) - {""}, na_action="ignore"
        )
    if coefficient in ("positive_agreement", "negative_agreement"):
        return wide.replace({"1": 0, "2": 1})
    return wide.astype(float)


def rows(file):
    table = pd.read_csv(FOLDER / file)
    return table[["dataset", "coefficient", "value"]].itertuples(index=False, name=None)


@pytest.mark.parametrize(
    ("name", "coefficient", "value"), [*rows("expected_r.csv"), *rows("expected_peers.csv")]
)
def test_expected_value(name, coefficient, value):
    function = COEFFICIENTS.get(coefficient) or getattr(agreement, coefficient)
    found = function(ratings(name, coefficient), replicates=0)
    assert found.value == pytest.approx(value, abs=1e-12)


@pytest.mark.parametrize("name", ["two_raters", "two_missing", "rare_code"])
def test_kappa_and_its_interval_against_statsmodels(name):
    """Where units are independent, the bootstrap must come near the asymptotic interval."""
    from statsmodels.stats.inter_rater import cohens_kappa

    both = ratings(name, "").dropna()
    asymptotic = cohens_kappa(pd.crosstab(both["R1"], both["R2"]).to_numpy())
    found = agreement.cohen_kappa(both, replicates=4000)
    assert found.value == pytest.approx(asymptotic.kappa, abs=1e-12)
    width = asymptotic.kappa_upp - asymptotic.kappa_low
    limits = np.array([found.lower, found.upper], dtype=float)
    assert np.ptp(limits) == pytest.approx(width, rel=0.15)


def test_fleiss_against_statsmodels():
    from statsmodels.stats.inter_rater import aggregate_raters, fleiss_kappa

    table = ratings("four_raters", "")
    counts = aggregate_raters(table.to_numpy().astype(int))[0]
    expected = fleiss_kappa(counts)
    assert agreement.fleiss_kappa(table, replicates=0).value == pytest.approx(expected, abs=1e-12)


def test_two_complete_raters_make_alpha_scotts_pi_with_small_sample_correction():
    table = ratings("two_raters", "")
    values = [agreement.fleiss_kappa(table, replicates=0).value]
    values.append(agreement.krippendorff_alpha(table, replicates=0).value)
    pi, alpha = np.array(values, dtype=float)
    n = 2 * len(table)
    assert alpha == pytest.approx(1 - (1 - pi) * (n - 1) / n, abs=1e-12)


def test_the_oracle_has_missing_ratings_and_lonely_ones():
    counts = ratings("four_missing", "").notna().sum(axis=1)
    assert set(np.unique(counts)) >= {1, 2, 3, 4}
