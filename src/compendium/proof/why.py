"""Why a run is stale, in a sentence; and the state of every run as data.

The engine says which file or declaration changed. Here it becomes what an author did: which rows of
a table differ from those that the run last read, or which run before it is to be rerun first.
"""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from compendium import files
from compendium.context import nearest
from compendium.proof.changes import data_change
from compendium.rebuild import engine, inputs, seconds
from compendium.rebuild.plan import PlanError, Run

BEFORE = "' before it is stale"
DECLARED = "declaration of "
HELPERS = "src/compendium/"


@dataclass(frozen=True)
class RunState:
    """What is known of a run without executing it."""

    name: str
    state: str
    reason: str
    notebook: str
    inputs: list[str]
    after: list[str]
    parameters: dict[str, Any]
    seconds: float | None


def why(root: Path, name: str) -> str:
    """Return a sentence on why a run is stale, or that it is fresh.

    Parameters
    ----------
    root
        The project's folder.
    name
        Name of the run.

    Raises
    ------
    PlanError
        When there is no such run; names the nearest.
    """
    runs = engine.load_plan(root)
    if name not in runs:
        raise PlanError(f"no run '{name}'; {nearest(name, runs)}")
    outcomes = engine.status(root, with_site=False, only=name).outcomes
    reason = _reason(runs, outcomes, name, root)
    return f"{name} is stale: {reason}" if reason else f"{name} is fresh"


def states(root: Path, report: engine.Report | None = None) -> list[RunState]:
    """Return the state of every run, in reading order.

    Parameters
    ----------
    root
        The project's folder.
    report
        What `engine.status` said; asked anew by default.
    """
    runs = engine.load_plan(root)
    outcomes = (report or engine.status(root, with_site=False)).outcomes
    clocks = seconds.last(root)
    found = []
    for run in runs.values():
        reason = _reason(runs, outcomes, run.name, root)
        found.append(
            RunState(
                name=run.name,
                state="stale" if reason else "fresh",
                reason=reason,
                notebook=run.source.as_posix(),
                inputs=list(run.inputs),
                after=list(run.after),
                parameters=run.parameters,
                seconds=clocks.get(run.name),
            )
        )
    return found


def as_json(found: list[RunState]) -> list[dict[str, Any]]:
    """Return states as plain data."""
    return [asdict(one) for one in found]


def _reason(
    runs: dict[str, Run], outcomes: dict[str, engine.Outcome], name: str, root: Path
) -> str:
    outcome = outcomes[name]
    if outcome.state == "fresh":
        return ""
    behind = [_plain(reason, runs[name], root) for reason in outcome.reasons]
    before = _stale_before(runs, outcomes, name)
    if before:
        behind = [f"it reads results of '{before}', and {_reason(runs, outcomes, before, root)}"]
    if outcomes["contract"].state == "stale" and not behind:
        behind = ["the data are to be checked first"]
    return "; ".join(behind) or outcome.message or "it has not been run"


def _stale_before(runs: dict[str, Run], outcomes: dict[str, engine.Outcome], name: str) -> str:
    """Return a run that this one reads and that is stale for a reason of its own."""
    if not any(reason.endswith(BEFORE) for reason in outcomes[name].reasons):
        return ""
    return next((one for one in runs[name].after if outcomes[one].state == "stale"), "")


def _plain(reason: str, run: Run, root: Path) -> str:
    path, _, rest = reason.partition(" changed")
    if path.startswith("data/") and not rest:
        return _data(path, run, root) or reason
    if path.startswith(DECLARED) and not rest:
        return _declaration(run, root)
    if run.record.as_posix() in reason and "missing" in reason:
        return "it has no record"
    if HELPERS in path:  # the package need not lie in the project
        return f"the helper {reason[reason.index(HELPERS) + len('src/') :]}"
    return reason


def _data(path: str, run: Run, root: Path) -> str:
    """Count the rows of a table that differ from those the run last read; empty if unknown."""
    read = {entry["path"]: entry["sha256"] for entry in _record(run, root).get("inputs", [])}
    before = inputs.kept(root, read.get(path, ""))
    if before is None:
        return ""
    return str(data_change(path, before, (root / path).read_bytes(), root))


def _declaration(run: Run, root: Path) -> str:
    """Say which parameter or input is declared otherwise than when the run was last executed."""
    record = _record(run, root)
    then, now = record.get("parameters", {}), run.parameters
    said = [
        f"parameter {name} was {then.get(name, 'absent')} and is {now.get(name, 'absent')}"
        for name in dict.fromkeys([*then, *now])
        if then.get(name) != now.get(name)
    ]
    read = [entry["table"] for entry in record.get("inputs", [])]
    said += [f"input {name} is new" for name in run.inputs if name not in read]
    said += [f"input {name} was taken out" for name in read if name not in run.inputs]
    return (
        "; ".join(said) or "its declaration in notebooks/runs.yml or its tables' contract changed"
    )


def _record(run: Run, root: Path) -> dict[str, Any]:
    path = root / run.record
    found: dict[str, Any] = files.read_json(path) if path.exists() else {}
    return found
