"""Writing files so that a reader never sees half of one.

Everything the compendium writes goes to a temporary file beside its target and takes the
target's place in one step. A crash leaves the old file, never a part of the new one.
"""

import errno
import hashlib
import json
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

TEMPORARY = ".tmp"
#: What to do about what a disk refuses.
REMEDIES = {errno.ENOSPC: "make room", errno.EDQUOT: "make room", errno.EROFS: "make it writable"}


def write_bytes(path: Path, content: bytes) -> None:
    """Replace `path` by `content` in one step, creating folders as needed."""
    write_all([(content, path)])


def replace_all(pairs: Iterable[tuple[Path, Path]]) -> None:
    """Replace targets by copies of their sources: all of them, or none if one cannot be written."""
    write_all((source.read_bytes(), target) for source, target in pairs)


def write_all(contents: Iterable[tuple[bytes, Path]]) -> None:
    """Replace files by contents: either all can be written, or none is replaced."""
    written: list[tuple[Path, Path]] = []
    path = Path()
    try:
        for content, path in contents:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(
                dir=path.parent, prefix=f".{path.name}.", suffix=TEMPORARY
            )
            written.append((Path(name), path))
            with os.fdopen(handle, "wb") as stream:
                stream.write(content)
            Path(name).chmod(0o644)
        for temporary, path in written:
            temporary.replace(path)
    except BaseException as error:
        for temporary, _ in written:
            temporary.unlink(missing_ok=True)
        if isinstance(error, OSError) and _hides_path(error):
            raise OSError(error.errno, error.strerror, str(path)) from None
        raise


def _hides_path(error: OSError) -> bool:
    """Say whether an error names no file that its reader knows, as that of a full disk."""
    return error.filename is None or str(error.filename).endswith(TEMPORARY)


def remove_temporaries(folder: Path, *, deep: bool = True) -> None:
    """Remove the temporary files that a killed process has left in a folder, or below it."""
    for path in (folder.rglob if deep else folder.glob)(f".*{TEMPORARY}"):
        path.unlink(missing_ok=True)


def write_text(path: Path, content: str) -> None:
    """Replace `path` by `content` (UTF-8, the line ends as given) in one step."""
    write_bytes(path, content.encode("utf-8"))


def write_json(path: Path, content: Any) -> None:
    """Replace `path` by `content` as indented JSON, keys in the order given."""
    write_text(path, json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False) + "\n")


def read_json(path: Path) -> Any:
    """Read a JSON file; ValueError names the file when it is broken."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ValueError(f"{path} is no whole JSON file ({error})") from None


def format_error(error: BaseException) -> str:
    """Return what went wrong as a sentence; of what the system refuses, the file comes first.

    Examples
    --------
    >>> format_error(OSError(errno.ENOSPC, "No space left on device", "results/values.json"))
    'results/values.json: No space left on device; what was there is kept: make room, start again'
    """
    if not (isinstance(error, OSError) and error.strerror):
        return str(error)
    sentence = f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    remedy = REMEDIES.get(error.errno or 0)
    return f"{sentence}; what was there is kept: {remedy}, start again" if remedy else sentence


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file's content, as hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
