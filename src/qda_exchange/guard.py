"""What every reader carries: the file's name, what was asked, the limits, and the report."""

from __future__ import annotations

from dataclasses import dataclass, field

from qda_exchange.limits import DEFAULT, Limits, RefusedFileError
from qda_exchange.report import CHOICE, Report

WORDS = {"people": "coders", "references": "references from cases", "units": "passages"}
WORDS |= {"applications": "codings"}
REMEDIES = {"codes": "export the codes in use only", "variables": "export those in use only"}
#: What it means that nothing used an option, by its name on the command line.
UNUSED = {
    "site": "no variable or column has that name",
    "role": "no variable or column has that name",
    "coder": "the file says who coded, or has no codings",
    "positions": "every way of counting gives the same words, or there are no positions",
    "directions": "no code is named CODE:helps, :hinders, :mixed or :neutral",
    "map": "the program reads this file without one",
}


@dataclass
class Options:
    """What a person asked for (see `reading.read`), and which of it a reader has used."""

    site: str = "site"
    role: str = "role"
    coder: str | None = None
    positions: str | None = None
    directions: bool = False
    map: dict[str, str] | None = None
    used: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Guard:
    """The one file that is being read."""

    file: str
    report: Report = field(default_factory=Report)
    limits: Limits = DEFAULT
    options: Options = field(default_factory=Options)

    def refusal(self, place: str, problem: str, remedy: str) -> RefusedFileError:
        """Return the error that ends the reading."""
        return RefusedFileError(self.file, place, problem, remedy)

    def bound(self, count: int, things: str, place: str = "") -> None:
        """Raise when there are as many things, by the name of their limit, as may be."""
        limit = getattr(self.limits, things)
        if count >= limit:
            problem = f"has more {WORDS.get(things, things)} than the limit of {limit}"
            raise self.refusal(place, problem, REMEDIES.get(things, "export the project in parts"))

    def coder(self) -> str | None:
        """Return who coded where the file does not say."""
        self.options.used.add("coder")
        return self.options.coder

    def report_unused(self) -> None:
        """Report the options that were given and that nothing used."""
        for name, why in UNUSED.items():
            value = getattr(self.options, name)
            if value not in (None, False, name) and name not in self.options.used:
                detail = value if isinstance(value, str) else ""
                # Merging names coders by `CODER=FILE`, without an option.
                said = "the coder named" if name == "coder" else f"option --{name}"
                self.report.add(CHOICE, f"{said} was not used: {why}", "", detail)
