"""Opening a zip archive that may be hostile.

Nothing is unpacked to disk, so no name in an archive can reach a file. Names that try (absolute
ones, `..`, symbolic links) are refused all the same: an archive that holds them was not made by a
coding tool. The table of contents is measured before Python builds an object for each entry, and
an entry is read as a stream that stops at a limit, whatever size it claims.
"""

from __future__ import annotations

import io
import re
import stat
import struct
import zipfile
import zlib
from typing import BinaryIO

from qda_exchange.limits import (
    DEFAULT,
    MEBIBYTE,
    ByteStream,
    Limits,
    RefusedFileError,
)

END = struct.Struct("<4s4H2LH")
END_SIGNATURE, LOCATOR_SIGNATURE, LOCATOR_SIZE = b"PK\x05\x06", b"PK\x06\x07", 20
LONGEST_COMMENT = 65_536
ENCRYPTED = 0x1
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
#: What Python's reader of archives raises at damage.
FAULTS = (
    *(zipfile.BadZipFile, zlib.error, struct.error, OSError, EOFError),
    *(NotImplementedError, RuntimeError, ValueError, KeyError),
)
ABSOLUTE = re.compile(r"^([/\\]|[A-Za-z]:)")
AGAIN = "export it again from the tool it was made with"
HOSTILE = "do not open it; ask whoever sent it for a fresh export"


class Archive:
    """A zip archive with bounded contents.

    Parameters
    ----------
    stream
        The archive's bytes, seekable.
    name
        What to call it in messages.
    limits
        How much is accepted.

    Raises
    ------
    RefusedFileError
        When the archive is damaged, encrypted, too large, or holds a name that leaves it.

    Examples
    --------
    >>> stream = io.BytesIO()
    >>> with zipfile.ZipFile(stream, "w") as archive:
    ...     archive.writestr("project.qde", "<Project/>")
    >>> Archive(stream, "study.qdpx").names
    ['project.qde']
    """

    def __init__(self, stream: BinaryIO, name: str, limits: Limits = DEFAULT) -> None:
        self.name = name
        self._limits = limits
        self._left = {"file": limits.unpacked_bytes, "text": limits.text_bytes}
        _measure_directory(stream, name, limits)
        try:
            self._zip = zipfile.ZipFile(stream)
        except FAULTS as error:
            raise RefusedFileError(name, "", f"is no readable archive ({error})", AGAIN) from None
        entries = self._zip.infolist()
        if len(entries) > limits.entries:
            raise RefusedFileError(
                name, "", f"holds {len(entries)} files, the limit is {limits.entries}", AGAIN
            )
        for entry in entries:
            self._check(entry)
        self.names = [entry.filename for entry in entries if not entry.is_dir()]

    def stream(self, entry: str) -> ByteStream:
        """Return an entry as a stream of bytes; what is read of all entries is bounded."""
        return self._begin(entry, "file")

    def content(self, entry: str) -> bytes:
        """Return an entry that is kept in memory; all of these together are bounded."""
        return self._begin(entry, "text").read()

    def _begin(self, entry: str, budget: str) -> ByteStream:
        self._left[budget] -= self._zip.getinfo(entry).file_size
        if self._left[budget] < 0:
            limit = {"file": self._limits.unpacked_bytes, "text": self._limits.text_bytes}[budget]
            raise RefusedFileError(
                self.name,
                f"entry {entry}",
                f"brings what has to be unpacked above the limit of {limit // MEBIBYTE} MiB",
                "export the project in parts",
            )
        try:
            return _Entry(self._zip.open(entry), self.name, entry)
        except FAULTS as error:
            raise _unreadable(self.name, entry, error) from None

    def _check(self, entry: zipfile.ZipInfo) -> None:
        place, name = f"entry {entry.filename!r}", entry.filename
        # Python cuts a name at NUL and turns the separator; look at the name as it is stored.
        stored = entry.orig_filename
        if ABSOLUTE.match(stored) or ".." in re.split(r"[/\\]", stored) or "\x00" in stored:
            raise RefusedFileError(self.name, place, "its name leads out of the archive", HOSTILE)
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise RefusedFileError(self.name, place, "is a symbolic link", HOSTILE)
        if entry.flag_bits & ENCRYPTED:
            raise RefusedFileError(
                self.name, place, "is encrypted", "export it again without a password"
            )
        if entry.compress_type not in METHODS:
            raise RefusedFileError(
                self.name,
                place,
                f"is packed by method {entry.compress_type}, of which coding tools know nothing",
                "pack it again as an ordinary zip archive",
            )
        allowed = max(MEBIBYTE, entry.compress_size * self._limits.compression)
        if entry.file_size > allowed:
            raise RefusedFileError(
                self.name,
                f"entry {name}",
                f"{entry.compress_size} bytes claim to unpack to {entry.file_size}, more than "
                f"{self._limits.compression} times as much (a zip bomb)",
                HOSTILE,
            )


class _Entry:
    """An entry of an archive whose faults become refusals."""

    def __init__(self, stream: ByteStream, name: str, entry: str) -> None:
        self._stream, self._name, self._entry = stream, name, entry

    def read(self, size: int = -1) -> bytes:
        """Read up to `size` bytes, all that is left without a size."""
        try:
            return self._stream.read(size)
        except FAULTS as error:
            raise _unreadable(self._name, self._entry, error) from None


def _unreadable(name: str, entry: str, error: Exception) -> RefusedFileError:
    return RefusedFileError(name, f"entry {entry}", f"cannot be unpacked ({error})", AGAIN)


def _measure_directory(stream: BinaryIO, name: str, limits: Limits) -> None:
    """Refuse before Python reads the table of contents, which it does whole.

    The end record is looked for where Python looks for it: at the very end, else the last
    signature within the longest comment. An extended (zip64) record may only matter for archives
    above 65,535 entries or 4 GiB, which no limit admits, so its presence is a refusal.
    """
    size = stream.seek(0, io.SEEK_END)
    stream.seek(max(0, size - END.size - LONGEST_COMMENT - LOCATOR_SIZE))
    tail = stream.read()
    start = len(tail) - END.size
    if start < 0 or tail[start : start + 4] != END_SIGNATURE or tail[-2:] != b"\x00\x00":
        start = tail.rfind(END_SIGNATURE)
    if start < 0 or len(tail) - start < END.size:
        raise RefusedFileError(name, "", "is cut off: an archive without its end", AGAIN)
    _, _, _, _, entries, directory, _, _ = END.unpack_from(tail, start)
    locator = tail[max(0, start - LOCATOR_SIZE) : start]
    if locator[:4] == LOCATOR_SIGNATURE:
        raise RefusedFileError(name, "", "is an archive of the extended kind (zip64)", AGAIN)
    if entries > limits.entries or directory > limits.directory_bytes:
        raise RefusedFileError(
            name,
            "",
            f"lists {entries} files in {directory} bytes of contents, the limits are "
            f"{limits.entries} and {limits.directory_bytes}",
            AGAIN,
        )
