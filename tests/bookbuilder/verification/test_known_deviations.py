"""A known deviation lets one exact value through, with a reason, and nothing else."""

import pytest

from bookbuilder.verification.comparison import Difference
from bookbuilder.verification.known_deviations import (
    Deviation,
    DeviationError,
    parse,
    sort_differences,
)

FOUND = Difference("cell", "results/tables/t.csv", "pace", "share", "0.25", "0.26")
ENTRY = Deviation("results/tables/t.csv", "pace", "share", "0.26", "another solver")


def test_it_lets_through_the_value_that_is_written() -> None:
    found = sort_differences([FOUND], [ENTRY])
    assert (found.unexplained, found.unused) == ([], [])
    assert found.accepted == [(FOUND, ENTRY)]


@pytest.mark.parametrize(
    "other",
    [
        Difference("cell", "results/tables/t.csv", "pace", "share", "0.25", "0.27"),
        Difference("cell", "results/tables/t.csv", "pace", "cases", "0.25", "0.26"),
        Difference("cell", "results/tables/t.csv", "policy", "share", "0.25", "0.26"),
        Difference("cell", "results/tables/u.csv", "pace", "share", "0.25", "0.26"),
    ],
)
def test_it_lets_nothing_else_through_and_then_counts_as_unused(other: Difference) -> None:
    found = sort_differences([other], [ENTRY])
    assert found.unexplained == [other]
    assert found.unused == [ENTRY]


def test_what_has_gone_must_not_stay_written_down() -> None:
    assert sort_differences([], [ENTRY]).unused == [ENTRY]


def test_the_file_is_read() -> None:
    text = "- {place: a.csv, row: x, column: n, value: '3', reason: a tie}"
    assert parse(text) == [Deviation("a.csv", "x", "n", "3", "a tie")]
    assert parse("") == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- {place: a, row: x, column: n, value: '3'}", "the key 'reason' is missing"),
        ("- {place: a, row: x, column: n, value: '3', reason: ' '}", "say in 'reason' why a"),
        ("- {place: a, row: x, column: n, value: 3, reason: r}", "'value' in quotation marks"),
        ("- {plase: a, row: x, column: n, value: '3', reason: r}", "did you mean 'place'"),
        ("place: a", "write a list of entries"),
        ("- {place: [", "deviations.yml, line 1: no YAML file"),
    ],
)
def test_a_faulty_file_is_refused(text: str, said: str) -> None:
    with pytest.raises(DeviationError, match=said):
        parse(text)
