"""What tests of sweeps share: files of sweeps, a display, and the bytes of what was made."""

from pathlib import Path

SWEEP = """\
run: double
grid:
  times: [1, 2, 3, 4]
collect:
  values: [top]
"""


def write_sweep(root: Path, text: str = SWEEP, name: str = "times") -> Path:
    """Write the file of a sweep into a project and return its path."""
    path = root / "sweeps" / f"{name}.yml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def contents(folder: Path) -> dict[str, bytes]:
    """Return what a sweep made, by path; without the notes."""
    found = [path for path in folder.rglob("*") if path.is_file() and "_build" not in path.parts]
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in found
        if path.name != "point.json"
    }


class Ended:
    """A display that keeps which points ended."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def start(self, name: str, total: int | None = None) -> None:
        """Nothing to keep."""

    def end(self, name: str, seconds: float, *, failed: bool) -> None:
        """Keep the name."""
        self.names.append(name)
