"""Temporary folders that go away even when the process that made them is killed.

Each holds a file that its maker keeps locked. Whoever makes the next folder of a kind on the same
machine removes those whose file nobody holds any more: the system lets go of a lock when its holder
dies, however it died. So a worker that ran out of memory leaves nothing for good.
"""

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bookbuilder.engine import lock

#: The file that is locked; without it a folder is not ours to remove.
HOLD = ".held-by-compendium"
#: Seconds for which a folder is left alone: it is there a moment before it is locked.
YOUNG = 60.0


@contextmanager
def folder(kind: str) -> Iterator[Path]:
    """Yield a new temporary folder, and remove those of its kind that were left behind.

    >>> with folder("example") as made:
    ...     made.is_dir()
    True
    >>> made.exists()
    False
    """
    remove_abandoned(kind)
    made = Path(tempfile.mkdtemp(prefix=f"{kind}-"))
    try:
        with (made / HOLD).open("wb") as stream:
            with suppress(OSError):  # a disk that knows no locks; nobody removes from it either
                lock.take(stream.fileno())
            yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def remove_abandoned(kind: str) -> None:
    """Remove the folders of a kind whose makers have died."""
    for hold in Path(tempfile.gettempdir()).glob(f"{kind}-*/{HOLD}"):
        if _abandoned(hold):
            shutil.rmtree(hold.parent, ignore_errors=True)


def _abandoned(hold: Path) -> bool:
    try:
        if time.time() - hold.stat().st_mtime < YOUNG:
            return False
        with hold.open("r+b") as stream:
            return lock.take(stream.fileno())
    except OSError:  # another's, or just removed
        return False
