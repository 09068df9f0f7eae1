"""Why runs are stale, one reason a line.

The engine names each file, field and parameter that differs. Here it becomes what an author did:
which cells of a table are not those that the run last read, and which run before it is to be rerun
first.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from bookbuilder import environment
from bookbuilder.engine import collect, engine, hashing
from bookbuilder.engine.tasks import CONTRACT, INSTALLED
from bookbuilder.plan import PLAN, Run
from bookbuilder.verification.changes import DataChange, data_change
from compendium import files
from compendium.data.contract import read_contract
from compendium.text import listed

#: How the engine ends a reason that is another task's.
FOLLOWS = "' before it is stale"
#: Reasons of the engine: what differs, and in which way.
REASON = re.compile(r"(?P<subject>.+?) (?P<verb>changed|is new|is no longer read)")
SCHEMA_OF = re.compile(rf"{re.escape(CONTRACT)}: .+ of (?P<table>\w+)")
PARAMETER, RESULTS = f"{PLAN.as_posix()}: parameter ", "results of "
CODE = re.compile(r"(src|notebooks)/.+\.py")


def why(root: Path, name: str) -> list[str]:
    """Say why a run is stale, a line for each reason, or that it is fresh.

    Raises PlanError when there is no such run; names the nearest.
    """
    reasons = _Reasons(root, engine.status(root, with_site=False, only=name)).of(name)
    if not reasons:
        return [f"{name} is fresh"]
    return [f"{name} is stale:", *(f"  {reason}" for reason in reasons)]


def stale(root: Path, report: engine.Report | None = None) -> dict[str, str]:
    """Return why each stale run is stale, in reading order; asks the engine unless told."""
    reasons = _Reasons(root, report or engine.status(root, with_site=False))
    found = {name: listed(reasons.of(name), separator="; ") for name in reasons.runs}
    return {name: reason for name, reason in found.items() if reason}


def outcomes(root: Path, report: engine.Report) -> list[engine.Outcome]:
    """Return the outcome of every task in reading order, its reasons in an author's words."""
    reasons = stale(root, report)
    found = []
    for name in dict.fromkeys(["contract", *report.notebooks, *report.outcomes]):
        outcome = report.outcomes[name]
        follows = "follows what is stale before it" * bool(outcome.reasons)
        reason = reasons.get(name) or listed(_own(outcome), separator="; ") or follows
        found.append(replace(outcome, reasons=(reason,) if reason else ()))
    return found


class _Reasons:
    """Why each run is stale, in an author's words."""

    def __init__(self, root: Path, report: engine.Report) -> None:
        self.root, self.outcomes = root, report.outcomes
        self.runs = engine.load_plan(root)
        self.contract = read_contract(root)
        #: What makes each run stale by itself.
        self.own = {
            name: self.causes(run) for name, run in self.runs.items() if name in self.outcomes
        }

    def of(self, name: str) -> list[str]:
        """Return the reasons of a run: its own, then those of the runs whose results it reads."""
        own = self.own[name]
        through: dict[str, list[str]] = {}
        for other in self.before(name):
            for reason in self.own[other]:
                if reason not in own:
                    through.setdefault(reason, []).append(f"'{other}'")
        others = (f"{listed(names)} before it: {one}" for one, names in through.items())
        return [*own, *others]

    def before(self, name: str) -> list[str]:
        """Return the stale runs whose results a run reads, nearest first."""
        found = [name]
        for one in found:
            stale = [other for other in self.runs[one].after if self.outcomes[other].reasons]
            found += [other for other in dict.fromkeys(stale) if other not in found]
        return found[1:]

    def causes(self, run: Run) -> list[str]:
        """Return what makes a run stale by itself, each cause once."""
        reasons = _own(self.outcomes[run.name])
        matches = [REASON.fullmatch(reason) for reason in reasons]
        verbs = {match["subject"]: match["verb"] for match in matches if match}
        code = [subject for subject in verbs if CODE.fullmatch(subject)]
        found = [f"code that it imports changed: {listed(code)}"] if code else []
        for reason, match in zip(reasons, matches, strict=True):
            if not match:
                found.append(reason)
            elif not CODE.fullmatch(match["subject"]):
                found += self.in_words(reason, match["subject"], verbs, run)
        return found

    def in_words(self, reason: str, subject: str, verbs: dict[str, str], run: Run) -> Iterator[str]:
        """Yield one reason as an author would say it; nothing where another says it."""
        verb, record = verbs[subject], collect.read_record(self.root / run.record)
        described = SCHEMA_OF.fullmatch(subject)
        if described and described["table"] in self.contract.resources and verb != "changed":
            if verbs.get(self.contract.file(described["table"])) != verb:
                yield reason
        elif subject.startswith(PARAMETER):
            name = subject.removeprefix(PARAMETER)
            was = record.get("parameters", {}).get(name, "absent")
            yield f"{subject} was {was} and is {run.parameters.get(name, 'absent')}"
        elif subject == INSTALLED:
            found = listed(environment.differences(self.root / environment.LOCK), separator="; ")
            yield f"installed packages changed: {found or 'all are as locked again'}"
        elif not subject.startswith(("data/", RESULTS)) or subject.startswith(CONTRACT):
            yield reason
        elif verb == "changed" and not subject.startswith(RESULTS):
            change = self.change(subject, record)
            yield f"{change} ({change.cells})" if change and change.cells else str(change or reason)
        else:
            what = re.sub(f"^{RESULTS}(.+)", r"the results of '\1'", subject)
            say = {"is new": "it reads {} now", "is no longer read": "it no longer reads {}"}
            yield say.get(verb, "{} changed").format(what)

    def change(self, path: str, record: dict[str, Any]) -> DataChange | None:
        """Compare a table with what a run last read; None where no copy of that was kept."""
        read = {entry["path"]: entry["sha256"] for entry in record.get("inputs", [])}
        return _change(self.root, path, read.get(path, ""), files.sha256(self.root / path))


def _own(outcome: engine.Outcome) -> list[str]:
    return [reason for reason in outcome.reasons if not reason.endswith(FOLLOWS)]


@lru_cache(maxsize=64)  # many runs read the same tables
def _change(root: Path, path: str, before: str, after: str) -> DataChange | None:
    earlier = hashing.kept(root, before)
    return data_change(path, earlier, (root / path).read_bytes(), root) if earlier else None
