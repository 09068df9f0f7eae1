"""Whether enough interviewed people bear out a claim about groups of them.

A report quotes whom it chooses. So a claim that something is said more in one group than in
another, or more often than its opposite, is decided by counts only when at least a set number of
people stand behind it, as many are heard at all in each group, and no single one of them makes the
difference. Who is never quoted is missing, not silent: shares are of those who are heard at all.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import NamedTuple

DEFAULT_MINIMUM = 3


class Count(NamedTuple):
    """What is counted, and whether it decides anything.

    Parameters
    ----------
    difference
        How much more is said on one side; None where nobody of a group is heard.
    people
        How many people say it, on both sides.
    decided
        Whether there are enough of them and the sign stays whoever is left out.
    counts
        The counts in words.
    """

    difference: float | None
    people: int
    decided: bool
    counts: str


def contrast(
    saying: Collection[str],
    first: Collection[str],
    second: Collection[str],
    *,
    minimum: int = DEFAULT_MINIMUM,
) -> Count:
    """Ask whether one group of people says something more than another.

    Parameters
    ----------
    saying
        People who say it.
    first, second
        People of either group who are heard at all.
    minimum
        Fewest people that decide anything, and fewest who must be heard in either group; that of
        the joint display by default.

    Returns
    -------
    Count
        The difference is the share of the first group less that of the second, in points of
        percent.

    Raises
    ------
    ValueError
        When somebody is in both groups, or the minimum is below one.

    Examples
    --------
    >>> four, three = {"Ann", "Bob", "Cy", "Di"}, {"Eve", "Flo", "Gil"}
    >>> contrast({"Ann", "Bob", "Cy"}, four, three).decided
    True
    >>> found = contrast({"Ann"}, {"Ann", "Bob"}, {"Eve", "Flo"})
    >>> found.difference, found.decided, found.counts
    (50.0, False, '1 of 2 heard against 0 of 2.')
    """
    both = set(first) & set(second)
    if both:
        raise ValueError(f"{', '.join(sorted(both))}: in both groups; they must be apart")
    here, there, says = set(first), set(second), set(saying)

    def points(left_out: set[str]) -> float | None:
        groups = here - left_out, there - left_out
        if not all(groups):
            return None
        shares = [len(says & group) / len(group) for group in groups]
        return 100 * (shares[0] - shares[1])

    counts = f"{len(says & here)} of {len(here)} heard against {len(says & there)} of {len(there)}."
    found = _count(points, says & (here | there), here | there, counts, minimum)
    return found._replace(decided=found.decided and min(len(here), len(there)) >= minimum)


def balance(
    one: Collection[str], other: Collection[str], *, minimum: int = DEFAULT_MINIMUM
) -> Count:
    """Ask whether more people say one thing than say the other.

    Who says both counts on both sides; the difference is a number of people.

    Examples
    --------
    >>> balance({"Ann", "Bob", "Cy"}, {"Di"}).decided, balance({"Ann", "Bob"}, {"Di"}).decided
    (True, False)
    """
    says, denies = set(one), set(other)
    counts = f"{len(says)} heard for it, {len(denies)} for the opposite."

    def people(left_out: set[str]) -> float:
        return float(len(says - left_out) - len(denies - left_out))

    return _count(people, says | denies, says | denies, counts, minimum)


Difference = Callable[[set[str]], float | None]


def _count(
    difference: Difference, people: set[str], everyone: set[str], counts: str, minimum: int
) -> Count:
    if minimum < 1:
        raise ValueError(f"minimum is {minimum}; at least one person must stand behind a claim")
    without = [difference({one}) for one in sorted(everyone)]
    above = [each is not None and each > 0 for each in without]
    below = [each is not None and each < 0 for each in without]
    firm = bool(without) and (all(above) or all(below))
    return Count(difference(set()), len(people), firm and len(people) >= minimum, counts)
