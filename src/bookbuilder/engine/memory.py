"""What the build remembers of each task: one file that doit keeps, `_build/state.db`.

It is written when a build ends, however that is; a build that is killed leaves the former one, and
its tasks run again. A file that cannot be read is dropped, and everything runs again.
"""

from collections.abc import Iterable
from pathlib import Path

from doit.dependency import DatabaseException, Dependency, SqliteDB

from bookbuilder.engine.tasks import Saved

STATE = Path("_build/state.db")


def saved(root: Path, tasks: Iterable[str]) -> dict[str, Saved]:
    """Return what is known of tasks without writing; nothing of one that never succeeded."""
    if not (root / STATE).is_file():
        return {name: {} for name in tasks}
    try:
        known = Dependency(SqliteDB, str(root / STATE))
        try:
            return {name: known.get_values(name) for name in tasks}
        finally:
            known.close()
    except (DatabaseException, ValueError, OSError):
        return {name: {} for name in tasks}


def drop_if_broken(root: Path) -> bool:
    """Remove a memory that cannot be read; say whether there was one."""
    path = root / STATE
    if not path.is_file():
        return False
    try:
        known = Dependency(SqliteDB, str(path))
        known.get_values("record")
        known.close()
    except (DatabaseException, ValueError):
        path.unlink()
        return True
    return False
