"""The very bytes that runs have read: `_build/inputs/<sha256>`.

A record names its inputs by hash; the copy under that name makes it possible to say afterwards
which rows have changed, whether or not the project is under version control.
"""

from pathlib import Path

from compendium import files

COPIES = Path("_build/inputs")


def keep(root: Path, path: Path) -> str:
    """Keep a copy of a file of the project under its SHA-256, and return that."""
    digest = files.sha256(root / path)
    copy = root / COPIES / digest
    if not copy.exists():
        files.write_bytes(copy, (root / path).read_bytes())
    return digest


def kept(root: Path, digest: str) -> bytes | None:
    """Return the content with a hash, or None when no copy was kept or it is not what it was."""
    copy = root / COPIES / digest
    if not copy.is_file() or files.sha256(copy) != digest:
        return None
    return copy.read_bytes()
