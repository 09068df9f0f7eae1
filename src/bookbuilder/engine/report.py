"""What a build tells whoever started it: the outcome of each task, and progress on the way."""

from dataclasses import dataclass, field
from typing import Protocol


class Display(Protocol):
    """Whoever shows progress."""

    def start(self, name: str) -> None:
        """Say that a task is being executed."""

    def end(self, name: str, seconds: float, *, failed: bool) -> None:
        """Say that it has ended."""


@dataclass(frozen=True)
class Outcome:
    """How one task ended: ``done``, ``fresh``, ``stale``, ``failed`` or ``skipped``.

    ``stale`` is said by `status` only, with the reasons.
    """

    name: str
    state: str
    seconds: float = 0.0
    message: str = ""
    reasons: tuple[str, ...] = ()


@dataclass
class Report:
    """What a build did."""

    outcomes: dict[str, Outcome] = field(default_factory=dict)
    seconds_by_task: dict[str, float] = field(default_factory=dict)
    seconds: float = 0.0
    orphans: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    notebooks: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    left_stale: list[str] = field(default_factory=list)

    @property
    def failed(self) -> list[Outcome]:
        """Tasks that failed or could not run because one before them failed."""
        return [o for o in self.outcomes.values() if o.state in ("failed", "skipped")]
