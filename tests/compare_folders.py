"""Comparing folders to the byte, for tests that build twice; says where the first difference is."""

from collections.abc import Iterable
from pathlib import Path


def first_difference(one: Path, other: Path, places: Iterable[str] = (".",)) -> str | None:
    """Return what differs first between two folders, or None.

    Parameters
    ----------
    one, other
        The folders.
    places
        Files and folders in them to compare.
    """
    for place in places:
        names = sorted(_names(one, place) | _names(other, place))
        if not names:
            return f"{place}: in neither folder"
        for name in names:
            found = _difference(one / name, other / name)
            if found:
                return f"{name}: {found}"
    return None


def _names(root: Path, place: str) -> set[str]:
    top = root / place
    paths = [top] if top.is_file() else [path for path in top.rglob("*") if path.is_file()]
    return {path.relative_to(root).as_posix() for path in paths}


def _difference(one: Path, other: Path) -> str | None:
    if not (one.exists() and other.exists()):
        return f"only in {(one if one.exists() else other).parent}"
    left, right = one.read_bytes(), other.read_bytes()
    if left == right:
        return None
    at = next(
        (i for i, (a, b) in enumerate(zip(left, right, strict=False)) if a != b),
        min(len(left), len(right)),
    )
    line = left.count(b"\n", 0, at) + 1
    return f"line {line}, byte {at}: {_around(left, at)} against {_around(right, at)}"


def _around(content: bytes, at: int) -> str:
    return repr(content[max(at - 30, 0) : at + 30])
