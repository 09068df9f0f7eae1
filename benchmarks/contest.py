"""What a benchmark is made of: contenders, entered for tasks, and how far their numbers agree.

A *contender* is one library at one task. A module of contenders holds a `Contest`, in which it
enters them; several modules make up a strand (`survey`, `coding`). Standard library only, as this
is read in the environment of every peer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

OURS = "compendium"
Numbers = Mapping[str, Iterable[float]]
Prepared = tuple[Callable[[], Any], Callable[[Any], Numbers]]


@dataclass(frozen=True)
class Contender:
    """One library at one task.

    Attributes
    ----------
    prepare
        Called with the folder of the data; returns the function to time, and a function that
        picks numbers from its result, to see whether libraries computed the same. Numbers are
        compared under their name, so that a library that does less gives what it has.
    environment
        Where the library is installed: `project`, `peers` or `older`.
    part
        Share of the task that one run does; its times are divided by it.
    note
        What differs from the task as others do it.
    apart
        Whether the run happens in a further process, whose memory the worker does not see.
    """

    prepare: Callable[[Path], Prepared]
    environment: str = "project"
    part: float = 1.0
    note: str = ""
    apart: bool = False


class Contest:
    """The contenders of a module, by task and library, in the order of definition."""

    def __init__(self) -> None:
        self.contenders: dict[str, dict[str, Contender]] = {}

    def enter(self, *tasks: str, library: str = OURS, **settings: Any) -> Callable[..., Any]:
        """Enter the function below as the contender of a library at these tasks."""

        def entered(prepare: Callable[[Path], Prepared]) -> Callable[[Path], Prepared]:
            for task in tasks:
                self.contenders.setdefault(task, {})[library] = Contender(prepare, **settings)
            return prepare

        return entered


@dataclass(frozen=True)
class Task:
    """A task of a strand: the module of its contenders, and the size of its data.

    The size is given as the keywords of the strand's `data.make`; none for a task without data.
    """

    module: str
    name: str
    size: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Goal:
    """Something to be reached, set before it was measured.

    Examples
    --------
    >>> Goal("rake, beside svy", 40, 99.7).met, Goal("seconds", 0.5, 0.6, at_most=True).met
    (True, False)
    """

    about: str
    goal: float
    measured: float
    at_most: bool = False

    @property
    def limit(self) -> str:
        """The words before the goal."""
        return "at most" if self.at_most else "at least"

    @property
    def met(self) -> bool:
        """Whether it is reached."""
        return self.measured <= self.goal if self.at_most else self.measured >= self.goal


def agreement(ours: Numbers, theirs: Numbers) -> int | None:
    """Return to how many digits the numbers agree that two contenders both give, 15 at most.

    The largest difference under a name is taken relative to the largest number there. None where
    there is nothing to compare: one contender is random, means something else, or does less.

    Examples
    --------
    >>> agreement({"share": [1.0, 2.0], "se": [0.1]}, {"share": [1.0, 2.002]})
    3
    >>> agreement({"share": [1.0]}, {}) is None
    True
    """
    digits = [_digits(list(ours[name]), list(theirs[name])) for name in theirs if name in ours]
    return min(digits, default=None)


def _digits(ours: list[float], theirs: list[float]) -> int:
    if len(ours) != len(theirs):
        return 0
    largest = max(map(abs, theirs)) or 1.0
    gap = max(abs(a - b) for a, b in zip(ours, theirs, strict=True)) / largest
    return next((digits for digits in range(15, 0, -1) if gap <= 10.0**-digits), 0)
