"""Which code of the package each run was last made with: `_build/helpers.json`.

For a task all its code is one dependency: a run rests on some sixty files, and to look at each for
each run would take longer than most runs. This remembers the files, so that a run that is stale
can name the one that changed. Kept apart from the records, which other runs read.
"""

from collections.abc import Iterable
from pathlib import Path

from bookbuilder.engine import sources
from bookbuilder.engine.plan import Run
from compendium import files

HELPERS = Path("_build/helpers.json")


def remember(root: Path, runs: Iterable[Run]) -> None:
    """Keep what runs that have just been made rest on, beside that of the others."""
    made = {run.name: sources.hashes(sources.notebook_helpers(root / run.source)) for run in runs}
    if made:
        files.write_json(root / HELPERS, dict(sorted({**_last(root), **made}.items())))


def changed(root: Path, run: Run) -> list[str]:
    """Return the helpers that a run rests on otherwise than when it was last made, by name."""
    then = _last(root).get(run.name, {})
    now = sources.hashes(sources.notebook_helpers(root / run.source))
    return sorted({name for name, _ in then.items() ^ now.items()}) if then else []


def _last(root: Path) -> dict[str, dict[str, str]]:
    try:
        stored: dict[str, dict[str, str]] = files.read_json(root / HELPERS)
    except (OSError, ValueError):  # never written, or not to be read: no more than a loss of words
        return {}
    return stored
