"""One build at a time in one project, and clearing away what a killed one has left half done.

The file `_build/lock` names the process that holds it, for the message; what counts is the lock of
the operating system on it, which lets go when its holder dies. So there is no stale lock to clear
by hand, however a build ended.
"""

import os
import shutil
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from bookbuilder.plan.run import PAGES
from bookbuilder.rendering.site import HTML
from compendium import files

LOCK = Path("_build/lock")
#: Where each run is executed.
STAGES = Path("_build/stages")
#: Folders of `_build` that hold rendered pages.
RENDERED = ("html", "site")


class BusyError(RuntimeError):
    """Another build is at work in the same project."""


@contextmanager
def held(root: Path) -> Iterator[None]:
    """Hold the project for one build; BusyError names another process that holds it."""
    path = root / LOCK
    path.parent.mkdir(exist_ok=True)
    with path.open("a+", encoding="utf-8") as stream:
        try:
            _try_lock(stream.fileno())
        except OSError:
            stream.seek(0)
            holder = stream.read().strip() or "unknown"
            raise BusyError(
                f"another build is at work in {root} (process {holder}); "
                "wait until it has ended, or stop it"
            ) from None
        stream.truncate(0)
        stream.write(f"{os.getpid()}\n")
        stream.flush()
        yield


def _try_lock(handle: int) -> None:
    """Lock an open file, until it is closed; OSError when somebody else has it."""
    if sys.platform == "win32":
        import msvcrt

        os.lseek(handle, 1 << 20, os.SEEK_SET)  # one byte, far behind the text, which others read
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def remove_leftovers(root: Path, runs: Collection[str]) -> None:
    """Remove stages, pages not in place, files half written, and pages of runs not in the plan."""
    for page in (root / PAGES).glob("*.ipynb"):
        if page.stem not in runs:
            page.unlink()
    shutil.rmtree(root / STAGES, ignore_errors=True)
    for work in (root / "_build").glob("site-*"):
        if (work / "former").exists() and not (root / HTML).exists():
            (work / "former").rename(root / HTML)  # killed between two renames
        shutil.rmtree(work, ignore_errors=True)
    for folder in (root / "results", root / "book/notebooks", *(root / "_build").glob("*/")):
        # Nothing of ours is written among the pages, which are many.
        files.remove_temporaries(folder, deep=folder.name not in RENDERED)
    files.remove_temporaries(root / "_build", deep=False)
