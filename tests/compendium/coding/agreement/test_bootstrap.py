"""The bootstrap draws whole clusters, weighs sums instead of counting rows, and repeats itself."""

from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd
import pytest

from compendium.coding.agreement import (
    Agreement,
    brennan_prediger,
    cohen_kappa,
    fleiss_kappa,
    gwet_ac1,
    krippendorff_alpha,
    negative_agreement,
    percent_agreement,
    positive_agreement,
    set_alpha,
)
from compendium.coding.agreement.bootstrap import _equal_clusters

COEFFICIENTS: dict[str, Callable[..., Agreement]] = {
    "percent_agreement": percent_agreement,
    "cohen_kappa": cohen_kappa,
    "fleiss_kappa": fleiss_kappa,
    "gwet_ac1": gwet_ac1,
    "brennan_prediger": brennan_prediger,
    "krippendorff_alpha": krippendorff_alpha,
    "ordinal": partial(krippendorff_alpha, level="ordinal"),
    "positive_agreement": positive_agreement,
    "negative_agreement": negative_agreement,
}


def limits(found):
    return np.array([found.lower, found.upper], dtype=float)


def clustered(n_clusters=12, size=15, seed=1, top=2):
    """Two raters of clustered units; whole clusters are easy or hard."""
    random = np.random.default_rng(seed)
    cluster = np.repeat(np.arange(n_clusters), size)
    error = np.repeat(random.beta(0.5, 2, n_clusters), size)
    truth = random.integers(0, top, n_clusters * size)
    wrong = random.random((len(truth), 2)) < error[:, None]
    ratings = np.where(wrong, random.integers(0, top, wrong.shape), truth[:, None])
    return pd.DataFrame(ratings, columns=["A", "B"]), pd.Series(cluster)


@pytest.mark.parametrize("name", COEFFICIENTS)
def test_weighing_sums_equals_counting_the_drawn_rows(name):
    ratings, clusters = clustered()
    drawn = _equal_clusters(12, 40, 7)
    values = []
    for counts in drawn.astype(int):
        rows = [ratings[clusters == i] for i, times in enumerate(counts) for _ in range(times)]
        values.append(COEFFICIENTS[name](pd.concat(rows, ignore_index=True), replicates=0).value)
    found = COEFFICIENTS[name](ratings, clusters=clusters, replicates=40, seed=7)
    expected = np.quantile(np.array(values, dtype=float), [0.025, 0.975])
    np.testing.assert_allclose(limits(found), expected, atol=1e-12)


def test_sets_are_drawn_the_same_way():
    ratings, clusters = clustered(top=4)
    sets = ratings.map(lambda x: frozenset("abcd"[: x + 1]) if x < 3 else frozenset())
    values = []
    for counts in _equal_clusters(12, 40, 0).astype(int):
        rows = [sets[clusters == i] for i, times in enumerate(counts) for _ in range(times)]
        values.append(set_alpha(pd.concat(rows, ignore_index=True), replicates=0).value)
    found = set_alpha(sets, clusters=clusters, replicates=40)
    expected = np.quantile(np.array(values, dtype=float), [0.025, 0.975])
    np.testing.assert_allclose(limits(found), expected, atol=1e-12)


def test_clusters_that_differ_make_the_interval_wider():
    ratings, clusters = clustered(n_clusters=30, size=40)
    whole = krippendorff_alpha(ratings, clusters=clusters)
    single = krippendorff_alpha(ratings)
    assert whole.value == single.value
    assert np.ptp(limits(whole)) > 1.5 * np.ptp(limits(single))
    assert (whole.n_clusters, single.n_clusters) == (30, 1200)


def simulated(random, n_clusters, size=8):
    """A code applied by two raters, clusters unequal in size, difficulty and prevalence."""
    cluster = np.repeat(np.arange(n_clusters), random.poisson(size, n_clusters) + 1)
    error, prevalence = random.beta(0.6, 4, n_clusters), random.beta(3, 7, n_clusters)
    truth = random.random(len(cluster)) < prevalence[cluster]
    wrong = random.random((len(cluster), 2)) < error[cluster][:, None]
    guess = random.random(wrong.shape) < 0.5
    return np.where(wrong, guess, truth[:, None]).astype(int), cluster


def test_intervals_cover_what_they_say():
    random = np.random.default_rng(11)
    population, _ = simulated(random, 100_000)
    true = krippendorff_alpha(population, replicates=0).value
    covered = {"clusters": 0, "units": 0}
    for seed in range(120):
        ratings, cluster = simulated(random, 40)
        whole = krippendorff_alpha(ratings, clusters=cluster, replicates=300, seed=seed)
        single = krippendorff_alpha(ratings, replicates=300, seed=seed)
        covered["clusters"] += bool(limits(whole)[0] <= true <= limits(whole)[1])
        covered["units"] += bool(limits(single)[0] <= true <= limits(single)[1])
    assert covered["clusters"] / 120 > 0.9
    assert covered["units"] / 120 < 0.9


def test_seed_confidence_and_order_of_units():
    ratings, clusters = clustered()
    first = krippendorff_alpha(ratings, clusters=clusters)
    assert first == krippendorff_alpha(ratings, clusters=clusters)
    assert first != krippendorff_alpha(ratings, clusters=clusters, seed=1)
    narrow = krippendorff_alpha(ratings, clusters=clusters, confidence=0.5)
    nested = [first.lower, narrow.lower, narrow.value, narrow.upper, first.upper]
    assert (np.diff(np.array(nested, dtype=float)) > 0).all()
    order = np.random.default_rng(0).permutation(len(ratings))
    shuffled = krippendorff_alpha(ratings.iloc[order], clusters=clusters.iloc[order])
    assert shuffled.lower == pytest.approx(first.lower, abs=1e-12)


def test_chunks_do_not_change_the_draws(monkeypatch):
    ratings, clusters = clustered()
    units, whole = cohen_kappa(ratings), cohen_kappa(ratings, clusters=clusters)
    monkeypatch.setattr("compendium.coding.agreement.bootstrap.CHUNK", 60)
    assert cohen_kappa(ratings).lower == pytest.approx(units.lower, abs=1e-12)
    assert cohen_kappa(ratings, clusters=clusters).lower == pytest.approx(whole.lower, abs=1e-12)


def test_clusters_as_a_series_are_matched_by_label():
    ratings, clusters = clustered()
    first = krippendorff_alpha(ratings, clusters=clusters)
    assert krippendorff_alpha(ratings, clusters=clusters[::-1]) == first
    assert krippendorff_alpha(ratings, clusters=clusters.to_numpy()) == first


def test_one_cluster_has_no_interval():
    found = krippendorff_alpha([[1, 1], [1, 2], [2, 2]], clusters=["a", "a", "a"])
    assert found.value is not None
    assert (found.lower, found.reason) == (None, "no interval: one cluster only")


def test_few_clusters_are_noted():
    ratings, clusters = clustered(n_clusters=4)
    assert "4 clusters only" in krippendorff_alpha(ratings, clusters=clusters).reason
    many, labels = clustered(n_clusters=20)
    assert krippendorff_alpha(many, clusters=labels).reason == ""


def test_agreement_without_a_flaw_has_no_interval():
    found = krippendorff_alpha([["a", "a"], ["b", "b"]] * 20)
    assert (found.value, found.lower) == (1.0, None)
    assert "every replicate gives the same value" in found.reason


def test_replicates_in_which_nothing_is_defined_are_counted():
    ratings = [[0, 0]] * 20 + [[1, 1], [1, 0]]
    found = krippendorff_alpha(ratings)
    assert 50 < found.n_undefined < 250  # expected: 1000 (20/22)^22 = 123
    assert f"undefined in {found.n_undefined} of 1000 replicates" in found.reason


def test_no_replicates_no_interval_and_no_complaint():
    found = krippendorff_alpha([[1, 1], [1, 2], [2, 2]], replicates=0)
    assert (found.lower, found.reason) == (None, "")


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"replicate": 10}, TypeError, "unknown keyword 'replicate'; these exist: replicates"),
        ({"confidence": 95}, ValueError, "confidence 95 must lie between 0 and 1"),
        ({"replicates": -1}, ValueError, "replicates -1 be >= 0"),
        ({"clusters": ["a"]}, ValueError, "clusters: 1 values for 2 units"),
        ({"clusters": ["a", None]}, ValueError, "clusters: unit 1 has none"),
        ({"clusters": pd.Series({0: "a"})}, ValueError, "clusters: no cluster for unit 1"),
    ],
)
def test_bad_options(options, error, message):
    with pytest.raises(error, match=message):
        krippendorff_alpha([[1, 1], [1, 2]], **options)
