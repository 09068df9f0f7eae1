"""What every reader carries: the file's name for messages, the limits, and the report."""

from __future__ import annotations

from dataclasses import dataclass, field

from qda_exchange.limits import DEFAULT, Limits, RefusedFileError
from qda_exchange.report import Report

WORDS = {
    "people": "coders",
    "references": "references from cases",
    "units": "passages",
    "applications": "codings",
}
REMEDIES = {"codes": "export the codes in use only", "variables": "export those in use only"}


@dataclass(frozen=True)
class Guard:
    """The one file that is being read.

    Parameters
    ----------
    file
        What to call it in messages.
    report
        Gets what is odd or dropped.
    limits
        How much is accepted.

    Examples
    --------
    >>> Guard("study.qdpx", limits=Limits(codes=2)).bound(2, "codes", "line 9")
    Traceback (most recent call last):
    ...
    qda_exchange.limits.RefusedFileError: study.qdpx, line 9: has more codes than
    the limit of 2; export the codes in use only
    """

    file: str
    report: Report = field(default_factory=Report)
    limits: Limits = DEFAULT

    def refusal(self, place: str, problem: str, remedy: str) -> RefusedFileError:
        """Return the error that ends the reading."""
        return RefusedFileError(self.file, place, problem, remedy)

    def bound(self, count: int, things: str, place: str = "") -> None:
        """Raise when there are as many things, by the name of their limit, as may be."""
        limit = getattr(self.limits, things)
        if count >= limit:
            raise self.refusal(
                place,
                f"has more {WORDS.get(things, things)} than the limit of {limit}",
                REMEDIES.get(things, "export the project in parts"),
            )
