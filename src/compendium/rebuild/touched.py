"""Which runs a change can concern, where all was up to date before: the others are not asked about.

To ask pytask about every run takes longer than most runs. When the last build left everything up
to date, and what has changed since is data, notebooks or pages, only runs that read those files can
be stale, and runs that read results of theirs; pytask judges them as always. Any other change, of
the plan, the contract, the code, the lock or a product, has every run asked about.
"""

from pathlib import Path

from compendium.data.contract import DESCRIPTOR, read_contract
from compendium.rebuild import quick
from compendium.rebuild.plan import PLAN, Run

#: What many runs rest on.
SHARED = (DESCRIPTOR, PLAN.as_posix())
#: What runs read, and what only pages rest on.
READ, SHOWN = ("data/", "notebooks/"), ("book/", "_config.yml")


def touched(root: Path, runs: dict[str, Run]) -> set[str] | None:
    """Return the runs that can be stale; None where it can be any.

    Parameters
    ----------
    root
        The project's folder.
    runs
        The plan.
    """
    changed = quick.changed(root)
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
    return name in SHARED or name.startswith(quick.MADE) or not name.startswith((*READ, *SHOWN))
