"""One build at a time in one project: a lock that the system lets go of when its holder dies.

The file `_build/lock` names the process that holds it, for the message; what counts is the lock of
the operating system on it. So there is no stale lock to clear by hand, however a build ended.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LOCK = Path("_build/lock")


class BusyError(RuntimeError):
    """Another build is at work in the same project."""


@contextmanager
def held(root: Path) -> Iterator[None]:
    """Hold the project for one build; BusyError names another process that holds it."""
    path = root / LOCK
    path.parent.mkdir(exist_ok=True)
    with path.open("a+", encoding="utf-8") as stream:
        if not take(stream.fileno()):
            stream.seek(0)
            holder = stream.read().strip() or "unknown"
            raise BusyError(
                f"another build is at work in {root} (process {holder}); "
                "wait until it has ended, or stop it"
            )
        stream.truncate(0)
        stream.write(f"{os.getpid()}\n")
        stream.flush()
        yield


if sys.platform == "win32":
    import msvcrt

    #: The byte that is locked; far behind the text, which others must be able to read.
    PLACE = 1 << 20

    def take(handle: int) -> bool:
        """Lock an open file, until it is closed; say whether nobody else has it."""
        os.lseek(handle, PLACE, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def take(handle: int) -> bool:
        """Lock an open file, until it is closed; say whether nobody else has it."""
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
