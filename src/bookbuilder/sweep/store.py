"""Where the points of a sweep are kept: `results/sweeps/<sweep>/<point>/`.

A point's folder is laid out as the project, and takes its place whole, with a note of what it was
made from. It counts only while that is what there is now, and its files are as they were made.
"""

import hashlib
import shutil
from pathlib import Path

from bookbuilder.engine.tasks import Saved
from bookbuilder.sweep.point import Failed, Made
from compendium import files

SWEEPS = Path("results/sweeps")
NOTE = "point.json"
FAILED = Path("_build/failed/sweeps")
#: How folders begin that are not whole yet.
UNFINISHED = ".making-"


class Store:
    """The points of one sweep of a project."""

    def __init__(self, root: Path, sweep: str) -> None:
        self.root, self.sweep = root, sweep
        self.folder = root / SWEEPS / sweep

    def saved(self, point: str) -> Saved:
        """Return what a point's result was made from; nothing where there is none."""
        try:
            note: Saved = files.read_json(self.folder / point / NOTE)
            return note if note.keys() >= {"inputs", "products"} else {}
        except (OSError, ValueError, AttributeError):
            return {}

    def put(self, point: str, inputs: dict[str, str], made: Made) -> None:
        """Put a point's result in place of any former one."""
        making = self.folder / f"{UNFINISHED}{point}"
        shutil.rmtree(making, ignore_errors=True)
        place = (self.folder / point).relative_to(self.root).as_posix()
        products = {}
        for path, content in made.files.items():
            (making / path).parent.mkdir(parents=True, exist_ok=True)
            (making / path).write_bytes(content)
            products[f"{place}/{path}"] = hashlib.sha256(content).hexdigest()
        seconds = round(made.seconds, 3)
        note = {"inputs": inputs, "products": products, "seconds": seconds}
        files.write_json(making / NOTE, note)
        shutil.rmtree(self.folder / point, ignore_errors=True)
        making.rename(self.folder / point)
        self._failed(point).unlink(missing_ok=True)

    def keep_failed(self, point: str, failed: Failed) -> str:
        """Keep the notebook of a point that failed; return the message with its place."""
        if failed.executed is None:
            return failed.message
        copy = self._failed(point)
        files.write_bytes(copy, failed.executed)
        place = copy.relative_to(self.root).as_posix()
        return f"{failed.message}\nthe executed copy, up to that cell, is {place}"

    def sweep_up(self) -> None:
        """Remove folders that a sweep which was killed has left half made."""
        for left in self.folder.glob(f"{UNFINISHED}*"):
            shutil.rmtree(left, ignore_errors=True)

    def _failed(self, point: str) -> Path:
        return self.root / FAILED / self.sweep / f"{point}.ipynb"
