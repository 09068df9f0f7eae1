"""How much a foreign file may ask for, and how it is refused when it asks for more.

A project file from elsewhere is untrusted input: a few kilobytes can unpack into gigabytes. So
nothing is unpacked to disk, everything is read as a stream, and each stage stops at a limit. The
limits are far above what a study holds (the largest is two million applications) and are one
object, so that someone with a larger study can raise one of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

MEBIBYTE = 1024 * 1024


class ByteStream(Protocol):
    """Anything bytes can be read from, piece by piece."""

    def read(self, size: int = -1, /) -> bytes:
        """Read up to `size` bytes, all that is left without a size."""


class RefusedFileError(ValueError):
    """A file that cannot be read safely or at all: names the file, the place and the way out.

    Examples
    --------
    >>> raise RefusedFileError("study.qdpx", "entry project.qde", "is cut off", "export it again")
    Traceback (most recent call last):
    ...
    qda_exchange.limits.RefusedFileError: study.qdpx, entry project.qde: is cut off;
    export it again
    """

    def __init__(self, file: str, place: str, problem: str, remedy: str) -> None:
        where = f"{file}, {place}" if place else file
        super().__init__(f"{where}: {problem}; {remedy}")
        self.file, self.place, self.problem, self.remedy = file, place, problem, remedy


@dataclass(frozen=True)
class Limits:
    """The most that is accepted of one file.

    Bytes are those of an archive's contents list, of all that is unpacked, of a table or database,
    of the texts kept in memory, of one XML tag; `words` are characters of passages, `passage` those
    of one. `compression` is unpacked over packed size (project files reach about 30), `listed` the
    findings of one kind that are listed one by one; the rest are counts of things.

    Examples
    --------
    >>> Limits(codes=50_000).codes
    50000
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
