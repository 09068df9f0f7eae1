"""Why a run is stale, in a sentence; and the state of every run as data.

The engine says what differs. Here it becomes what an author did: which rows of a table differ from
those that the run last read, or which run before it is to be rerun first.
"""

from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from bookbuilder.engine import engine, inputs
from bookbuilder.engine.tasks import CONTRACT
from bookbuilder.plan import PLAN, Run
from bookbuilder.verification.data_changes import data_change
from compendium import files

BEFORE = "' before it is stale"
CHANGED = " changed"
PARAMETER = f"{PLAN.as_posix()}: parameter "
MAX_LISTED = 3


@dataclass(frozen=True)
class RunState:
    """What is known of a run without executing it."""

    name: str
    state: str
    reason: str
    inputs: list[str]
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
    outcomes = engine.status(root, with_site=False, only=name).outcomes
    reason = _reason(engine.load_plan(root), outcomes, name, root)
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
    clocks = engine.seconds(root, runs)
    found = []
    for run in runs.values():
        reason = _reason(runs, outcomes, run.name, root)
        found.append(
            RunState(
                name=run.name,
                state="stale" if reason else "fresh",
                reason=reason,
                inputs=list(run.inputs),
                parameters=run.parameters,
                seconds=clocks.get(run.name),
            )
        )
    return found


def outcomes(root: Path, report: engine.Report) -> list[engine.Outcome]:
    """Return the state of every task in reading order, its reasons in an author's words.

    Parameters
    ----------
    root
        The project's folder.
    report
        What `engine.status` said.
    """
    reasons = {one.name: one.reason for one in states(root, report)}
    order = ["contract", *reasons, *(name for name in report.outcomes if name not in reasons)]
    found = []
    for name in dict.fromkeys(name for name in order if name in report.outcomes):
        one = report.outcomes[name]
        reason = reasons.get(name) or _of_task(one)
        found.append(replace(one, reasons=(reason,) if reason else ()))
    return found


def as_json(found: list[RunState]) -> list[dict[str, Any]]:
    """Return states as plain data."""
    return [asdict(one) for one in found]


def _of_task(outcome: engine.Outcome) -> str:
    """Say why something other than a run is stale."""
    own = [reason for reason in outcome.reasons if not reason.endswith(BEFORE)]
    if outcome.reasons and not own:
        return "follows what is stale before it"
    return _listed(own)


def _reason(
    runs: dict[str, Run], outcomes: dict[str, engine.Outcome], name: str, root: Path
) -> str:
    """Return why a run is stale: what is its own first, then what it waits for; or nothing."""
    outcome, run = outcomes[name], runs[name]
    own = [_plain(reason, run, root) for reason in outcome.reasons if not reason.endswith(BEFORE)]
    before = [other for other in run.after if outcomes[other].state != "fresh"]
    if before and own:
        verb = "is" if len(before) == 1 else "are"
        names = " and ".join(f"'{other}'" for other in before)
        return f"{_listed(own)}; {names}, which it reads, {verb} stale"
    if before:
        cause = _reason(runs, outcomes, before[0], root)
        return f"it reads results of '{before[0]}', and {cause}"
    if not own and outcome.state != "fresh":
        return "its data were changed and not checked yet"
    return _listed(own)


def _listed(reasons: list[str]) -> str:
    more = f" (+{len(reasons) - MAX_LISTED} more)" if len(reasons) > MAX_LISTED else ""
    return "; ".join(reasons[:MAX_LISTED]) + more


def _plain(reason: str, run: Run, root: Path) -> str:
    """Return a reason of the engine as an author would say it."""
    name = reason.removesuffix(CHANGED)
    record = _record(run, root)
    if name == reason:
        return reason
    if name.startswith(PARAMETER):
        parameter = name.removeprefix(PARAMETER)
        then = record.get("parameters", {}).get(parameter, "absent")
        return f"parameter {parameter} was {then} and is {run.parameters[parameter]}"
    if name.startswith("data/") and not name.startswith(CONTRACT):
        read = {entry["path"]: entry["sha256"] for entry in record.get("inputs", [])}
        former = inputs.kept(root, read.get(name, ""))
        if former is not None:
            return str(data_change(name, former, (root / name).read_bytes(), root))
    return reason


def _record(run: Run, root: Path) -> dict[str, Any]:
    """Return the record of a run; empty when there is none, or it was damaged."""
    try:
        found: dict[str, Any] = files.read_json(root / run.record)
    except (OSError, ValueError):
        return {}
    return found
