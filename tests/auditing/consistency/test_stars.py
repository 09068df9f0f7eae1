"""Decisions over everything the printed percentages can stand for."""

import pandas as pd
import pytest

from auditing.consistency import check_decisions, decisions_by_test
from auditing.consistency.stars import Test

TABLE = pd.DataFrame({
    "category": ["A", "B", "C"], "sample": ["50", "30", "33"], "population": ["40", "30", "30"],
    "star": ["*", None, " "],
})  # fmt: skip


def never(k: int, n: int, big: int, size: int) -> float:
    return 1.0


def always(k: int, n: int, big: int, size: int) -> float:
    return 0.0


def by_gap(k: int, n: int, big: int, size: int) -> float:
    return max(0.0, 1 - 10 * abs(k / n - big / size))


def decide(tests: dict[str, Test], **changes: object) -> pd.DataFrame:
    options: dict[str, object] = {"sample_of": 10, "population_of": 20, **changes}
    return check_decisions(TABLE, "sample", "population", "star", tests, label="category",
                           **options)  # type: ignore[arg-type]  # fmt: skip


def test_a_test_must_give_both_the_stars_and_their_absence() -> None:
    summary = decisions_by_test(decide({"never": never, "always": always, "by gap": by_gap}))
    assert summary[["test", "possible", "stars_possible", "impossible"]].to_numpy().tolist() == [
        ["never", 2, 0, "A"],
        ["always", 1, 1, "B; C"],
        ["by gap", 3, 1, ""],
    ]


def test_every_pair_of_whole_counts_is_tried() -> None:
    tried: list[tuple[int, int]] = []

    def note(k: int, n: int, big: int, size: int) -> float:
        tried.append((k, big))
        return 1.0

    decide({"note": note}, sample_of=200, population_of=100)
    # 50 % of 200 is 99 to 101, 40 % of 100 is 40.
    assert [pair for pair in tried if pair[1] == 40] == [(99, 40), (100, 40), (101, 40)]


def test_where_no_count_fits_the_two_nearest_are_tried() -> None:
    # 33 % of 10: 3 or 4.
    assert (
        decide({"never": never}).loc[2, "arithmetic"] == "3 to 4 of 10 against 6 of 20: p = 1.0000"
    )


def test_many_counts_are_tried_at_the_ends_and_where_nothing_differs() -> None:
    result = decide({"by gap": by_gap}, sample_of=100_000, population_of=200_000)
    assert result.loc[1, "lowest_p"] == pytest.approx(1 - 10 * 0.01)
    assert result.loc[1, "highest_p"] == 1


def test_alpha_is_a_parameter() -> None:
    assert (
        decide({"half": lambda k, n, big, size: 0.5}, alpha=0.6)["implied"].tolist() == ["star"] * 3
    )


def test_no_test_and_no_probability_are_refused() -> None:
    with pytest.raises(ValueError, match="name at least one candidate"):
        decide({})
    with pytest.raises(ValueError, match=r"test 'bad' gives p = 1\.5 for 5 of 10 against 8 of 20"):
        decide({"bad": lambda k, n, big, size: 1.5})
