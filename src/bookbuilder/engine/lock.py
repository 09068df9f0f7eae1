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
        try:
            _take(stream.fileno())
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


def _take(handle: int) -> None:
    """Lock an open file, until it is closed; OSError when somebody else has it."""
    if sys.platform == "win32":
        import msvcrt

        os.lseek(handle, 1 << 20, os.SEEK_SET)  # one byte, far behind the text, which others read
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
