"""How much a foreign file may ask for, and how it is refused when it asks for more.

A few kilobytes can unpack into gigabytes. So nothing is unpacked to disk, everything is read as a
stream, and each stage stops at a limit, far above what a study holds. The limits are one object, so
that someone with a larger study can raise one. A `Guard` is what every reader carries.
"""

from dataclasses import dataclass, field
from typing import Protocol

from qda_exchange.report import CHOICE, Report

MEBIBYTE = 1024 * 1024


class ByteStream(Protocol):
    """Anything bytes can be read from, piece by piece."""

    def read(self, size: int = -1, /) -> bytes:
        """Read up to `size` bytes, all that is left without a size."""


class RefusedFileError(ValueError):
    """A file that cannot be read safely or at all: names the file, the place and the way out."""

    def __init__(self, file: str, place: str, problem: str, remedy: str) -> None:
        where = f"{file}, {place}" if place else file
        super().__init__(f"{where}: {problem}; {remedy}")
        self.file, self.place, self.problem, self.remedy = file, place, problem, remedy


@dataclass(frozen=True)
class Limits:
    """The most that is accepted of one file.

    `words` are characters of all passages, `passage` those of one; `compression` is unpacked over
    packed size (project files reach about 30), `listed` the findings of one kind that are listed
    one by one, `token_bytes` those of one XML tag; the rest is named for what it counts.
    """

    entries: int = 20_000
    directory_bytes: int = 4 * MEBIBYTE
    unpacked_bytes: int = 1024 * MEBIBYTE
    table_bytes: int = 256 * MEBIBYTE
    text_bytes: int = 128 * MEBIBYTE
    words: int = 64 * MEBIBYTE
    passage: int = 100_000
    compression: int = 250
    nesting: int = 100
    elements: int = 6_000_000
    token_bytes: int = MEBIBYTE
    codes: int = 20_000
    people: int = 5_000
    variables: int = 5_000
    sources: int = 50_000
    cases: int = 100_000
    references: int = 1_000_000
    units: int = 1_000_000
    applications: int = 2_000_000
    columns: int = 20_000
    rows: int = 1_100_000
    cells: int = 50_000_000
    listed: int = 1_000


DEFAULT = Limits()
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
