"""Which runs a change can concern, where all was up to date before: the others are not asked about.

To ask pytask about every run takes longer than most runs. When the last build left everything up
to date, and what has changed since is data, notebooks or pages, only runs that read those files can
be stale, and runs that read results of theirs; pytask judges them as always. Any other change, of
the plan, the contract, the code, the lock or a product, has every run asked about.
"""

from pathlib import Path

from bookbuilder.engine import quick
from bookbuilder.engine.plan import PLAN, Run
from compendium.data.contract import DESCRIPTOR, read_contract

#: What many runs rest on.
SHARED = (DESCRIPTOR, PLAN.as_posix())
#: What runs read.
READ = ("data/", "notebooks/")


def touched(changed: set[str] | None, runs: dict[str, Run], root: Path) -> set[str] | None:
    """Return the runs that can be stale; None where it can be any.

    Parameters
    ----------
    changed
        What differs from when all was up to date, as `quick.changed` says.
    runs
        The plan.
    root
        The project's folder.
    """
    if changed is None or any(_concerns_all(name) for name in changed):
        return None
    contract = read_contract(root)
    reading = {
        run.name: {run.source.as_posix(), *map(contract.file, run.inputs)} for run in runs.values()
    }
    found = {name for name, read in reading.items() if read & changed}
    while more := {run.name for run in runs.values() if found & {*run.after}} - found:
        found |= more
    return found


def _concerns_all(name: str) -> bool:
    return name in SHARED or not (name.startswith(READ) or quick.is_shown_only(name))
