"""Opening a zip archive that may be hostile.

Nothing is unpacked to disk, so no name in an archive can reach a file. Names that try (absolute
ones, `..`, symbolic links) are refused all the same: an archive that holds them was not made by a
coding tool. The table of contents is bounded before Python builds an object for each entry, and an
entry is read as a stream that stops at a limit, whatever size it claims. Pictures, recordings and
PDF files are never opened, so they may be packed as tightly as a blank page is.
"""

import re
import stat
import struct
import zipfile
import zlib
from typing import Any, BinaryIO, cast

from qda_exchange.guard import DEFAULT, MEBIBYTE, ByteStream, Limits, RefusedFileError

#: Files that are never opened, so that it does not matter how far they would unpack.
UNOPENED = re.compile(
    r"\.(jpe?g|png|gif|bmp|tiff?|webp|heic|svg|emf|wmf|pdf|mp3|m4a|wav|ogg|wma|aac|flac"
    r"|mp4|m4v|mov|avi|wmv|mkv|webm|mpe?g)$",
    re.IGNORECASE,
)
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

    Raises RefusedFileError when it is damaged, encrypted, too large, or a name leads out of it.
    """

    def __init__(self, stream: BinaryIO, name: str, limits: Limits = DEFAULT) -> None:
        self.name = name
        self._limits = limits
        self._left = {"file": limits.unpacked_bytes, "text": limits.text_bytes}
        try:
            self._zip = zipfile.ZipFile(cast(BinaryIO, _Contents(stream, limits.directory_bytes)))
        except FAULTS as error:
            problem = f"is no readable archive, or is cut off ({error})"
            raise RefusedFileError(name, "", problem, AGAIN) from None
        self._zip.fp = stream
        entries = self._zip.infolist()
        if len(entries) > limits.entries:
            problem = f"holds {len(entries)} files, the limit is {limits.entries}"
            raise RefusedFileError(name, "", problem, AGAIN)
        for entry in entries:
            self._check(entry)
            if not UNOPENED.search(entry.filename):
                self._check_size(entry)
        self.names = [entry.filename for entry in entries if not entry.is_dir()]

    def stream(self, entry: str) -> ByteStream:
        """Return an entry as a stream of bytes; what is read of all entries is bounded."""
        return self._begin(entry, "file")

    def content(self, entry: str) -> bytes:
        """Return an entry that is kept in memory; all of these together are bounded."""
        return self._begin(entry, "text").read()

    def find(self, path: str) -> str | None:
        """Return the entry that a path in a document means; None when none or several could.

        Folders may be named otherwise, or left out, as long as one entry only is meant.
        """
        wanted = _folders(path)
        for depth in range(len(wanted), 0, -1):
            found = [name for name in self.names if _folders(name)[-depth:] == wanted[-depth:]]
            if found:
                shortest = min(len(_folders(name)) for name in found)
                found = [name for name in found if len(_folders(name)) == shortest]
                return found[0] if len(found) == 1 else None
        return None

    def _begin(self, entry: str, budget: str) -> ByteStream:
        info = self._zip.getinfo(entry)
        self._check_size(info)
        self._left[budget] -= info.file_size
        if self._left[budget] < 0:
            limit = {"file": self._limits.unpacked_bytes, "text": self._limits.text_bytes}[budget]
            problem = f"brings what has to be unpacked above the limit of {limit // MEBIBYTE} MiB"
            raise self._refusal(entry, problem, "export the project in parts")
        try:
            return _Entry(self._zip.open(entry), self.name, entry)
        except FAULTS as error:
            raise _unreadable(self.name, entry, error) from None

    def _check(self, entry: zipfile.ZipInfo) -> None:
        # Python cuts a name at NUL and turns the separator; look at the name as it is stored.
        stored, name = entry.orig_filename, repr(entry.filename)
        if ABSOLUTE.match(stored) or ".." in re.split(r"[/\\]", stored) or "\x00" in stored:
            raise self._refusal(name, "its name leads out of the archive", HOSTILE)
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise self._refusal(name, "is a symbolic link", HOSTILE)
        if entry.flag_bits & ENCRYPTED:
            raise self._refusal(name, "is encrypted", "export it again without a password")
        if entry.compress_type not in METHODS:
            problem = f"is packed by method {entry.compress_type}, which no coding tool uses"
            raise self._refusal(name, problem, "pack it again as an ordinary zip archive")

    def _check_size(self, entry: zipfile.ZipInfo) -> None:
        allowed = max(MEBIBYTE, entry.compress_size * self._limits.compression)
        if entry.file_size > allowed:
            problem = f"{entry.compress_size} bytes claim to unpack to {entry.file_size}, "
            problem += f"more than {self._limits.compression} times as much (a zip bomb)"
            raise self._refusal(entry.filename, problem, HOSTILE)

    def _refusal(self, entry: str, problem: str, remedy: str) -> RefusedFileError:
        return RefusedFileError(self.name, f"entry {entry}", problem, remedy)


class _Contents:
    """A stream of which, as long as there is a limit, no longer piece is read.

    Python reads the table of contents in one piece, wherever it stands, and makes an object of each
    entry. Nothing else of an archive is asked for before that.
    """

    def __init__(self, stream: BinaryIO, limit: int) -> None:
        self._stream, self._limit = stream, limit

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def read(self, size: int = -1) -> bytes:
        if size > self._limit:
            raise ValueError(f"{size} bytes of contents, the limit is {self._limit}")
        return self._stream.read(size)


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


def _folders(path: str) -> list[str]:
    """Return the parts of a path of any system, in small letters."""
    return path.replace("\\", "/").strip("/").lower().split("/")
