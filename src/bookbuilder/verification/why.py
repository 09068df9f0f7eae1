"""Why a run is stale, in a sentence; and the state of every run as data.

The engine says which file or declaration changed. Here it becomes what an author did: which rows of
a table differ from those that the run last read, or which run before it is to be rerun first.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bookbuilder.engine import engine, helpers, inputs, seconds
from bookbuilder.engine.plan import PlanError, Run
from bookbuilder.engine.report import CODE, DECLARATION
from bookbuilder.verification.data_changes import data_change
from compendium import files
from compendium.text import nearest

BEFORE = "' before it is stale"
NEW = " is new to the build"


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
        state = one.state if one.state == "fresh" else "stale"
        found.append(replace(one, state=state, message="", reasons=(reason,) if reason else ()))
    return found


def _of_task(outcome: engine.Outcome) -> str:
    """Say why something other than a run is stale."""
    code = f"{CODE}{outcome.name} "
    reasons = [reason.replace(code, "the code that makes it ") for reason in outcome.reasons]
    if outcome.state == "fresh":
        return ""
    if not reasons or any(reason.endswith(BEFORE) for reason in reasons):
        return "follows what is stale before it"
    if any(reason.endswith(NEW) for reason in reasons):
        return "not made here yet"
    more = f" (+{len(reasons) - 3} more)" if len(reasons) > 3 else ""
    return "; ".join(reasons[:3]) + more


def _reason(
    runs: dict[str, Run], outcomes: dict[str, engine.Outcome], name: str, root: Path
) -> str:
    """Return why a run is stale: what is its own first, then what it waits for; or nothing."""
    outcome, run = outcomes[name], runs[name]
    if outcome.state == "fresh":
        return ""
    if not (root / run.record).exists():
        return "it has not been run here yet, or its record was deleted"
    own = [_plain(reason, run, root) for reason in outcome.reasons if not reason.endswith(BEFORE)]
    if not own:  # the build asks no further when a run before is stale; an author does
        own = _own_changes(run, root)
    before = [other for other in run.after if outcomes[other].state != "fresh"]
    if before and own:
        own.append(f"{_names(before)}, which it reads, {'is' if len(before) == 1 else 'are'} stale")
    elif before:
        cause = _reason(runs, outcomes, before[0], root)
        return f"it reads results of '{before[0]}', and {cause}"
    broken = outcomes["contract"].reasons if outcomes["contract"].state == "stale" else ()
    return "; ".join(own) or "; ".join(broken[:1]) or outcome.message or "its data were not checked"


def _names(runs: list[str]) -> str:
    return " and ".join(f"'{name}'" for name in runs)


def _own_changes(run: Run, root: Path) -> list[str]:
    """Compare what a run reads and declares with what it did when it was last executed."""
    record = _record(run, root)
    found = _declared(run, root)
    for entry in record.get("inputs", []):
        path = root / entry["path"]
        if not path.exists():
            found.append(f"{entry['path']} is missing")
        elif files.sha256(path) != entry["sha256"]:
            found.append(_data(entry["path"], run, root) or f"{entry['path']} changed")
    found += [said for said in [_code(run, root)] if said]
    if record.get("notebook_sha256") not in (None, files.sha256(root / run.source)):
        found.append(f"{run.source.as_posix()} changed")
    return found


def _plain(reason: str, run: Run, root: Path) -> str:
    path, _, rest = reason.partition(" changed")
    if path.startswith("data/") and not rest:
        return _data(path, run, root) or reason
    if path.startswith(DECLARATION) and not rest:
        said = "its declaration in notebooks/runs.yml or its tables' contract changed"
        return "; ".join(_declared(run, root)) or said
    if path in {one.as_posix() for one in (*run.results, run.page, run.record)} and not rest:
        return f"{path} is not as the run made it"
    if path.startswith(CODE) and not rest:
        return _code(run, root) or "the code that it uses changed"
    return reason


def _code(run: Run, root: Path) -> str:
    """Name the helpers that have changed since the run was last made; empty if unknown."""
    names = helpers.changed(root, run)
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    kind = "helper" if len(names) == 1 else "helpers"
    return f"the {kind} {', '.join(names[:3])}{more} changed" if names else ""


def _data(path: str, run: Run, root: Path) -> str:
    """Count the rows of a table that differ from those the run last read; empty if unknown."""
    read = {entry["path"]: entry["sha256"] for entry in _record(run, root).get("inputs", [])}
    before = inputs.kept(root, read.get(path, ""))
    if before is None:
        return ""
    return str(data_change(path, before, (root / path).read_bytes(), root))


def _declared(run: Run, root: Path) -> list[str]:
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
    return said + [f"input {name} was taken out" for name in read if name not in run.inputs]


def _record(run: Run, root: Path) -> dict[str, Any]:
    """Return the record of a run; empty when there is none, or it was damaged."""
    try:
        found: dict[str, Any] = files.read_json(root / run.record)
    except (OSError, ValueError):
        return {}
    return found
