"""The engine beside its peers: our rebuild, and other tools, on the project's own notebooks.

Each tool runs the same plan in a copy of the project of its own, two notebooks at once where it
can. The other tools run papermill's command line for each notebook; their files are written from
the plan (`workflows.py`).
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from engine import project, scenarios
from engine.rows import is_ours, phase_rows, rows_of
from engine.tools import every_tool, this_project

SOURCE = Path(__file__).resolve().parent.parent.parent
#: Tools whose notebooks are looked at more closely, and the one that stands for papermill alone.
PLAIN = "make"
#: Runs that a part of the plan must hold for each change to concern something.
EXAMPLES = [project.PARAMETER[0], scenarios.ONE, "system_questionnaire", "representativeness"]


def measure(
    only: list[str], rounds: int, source: Path = SOURCE
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Let all tools go through all scenarios.

    Parameters
    ----------
    only
        Names of runs, for a part of the plan; all when empty. Ours goes through the whole plan
        in any case, with the book.
    rounds
        Rounds of all but every tool's first build from nothing.
    source
        The project's folder.

    Returns
    -------
    rows, phases : list of dict
        The rows of `benchmark_engine.csv` and of `benchmark_engine_phases.csv`.

    Raises
    ------
    RuntimeError
        When a tool fails, or when our results are not those of a build of everything.
    """
    phases = []
    with tempfile.TemporaryDirectory(prefix="engine-") as folder:
        contenders = []
        for tool in every_tool():
            one = scenarios.enter(tool, source, Path(folder), [*only, *(EXAMPLES if only else [])])
            closely = is_ours(tool.name) or tool.name == PLAIN
            noted = one.root.with_suffix(".jsonl") if closely else None
            scenarios.from_nothing(one, noted)
            contenders.append(one)
            if noted:
                phases += phase_rows(tool.name, noted, seconds_of(one))
        ours, plain = contenders[0], next(one for one in contenders if one.tool.name == PLAIN)
        scenarios.rounds([one for one in contenders if one.tool.status], rounds)
        contenders += scenarios.one_notebook(ours, plain, rounds)
        wrong = scenarios.anew(ours)
        if wrong:
            raise RuntimeError(f"not what a build of everything gives: {', '.join(wrong)}")
        forked_tool, fresh_tool = this_project()
        book = scenarios.enter(forked_tool, source, Path(folder) / "book", [])
        fresh = scenarios.Contender(fresh_tool, book.root, book.runs)
        scenarios.whole_plan(book, fresh, rounds)
        scenarios.with_the_book(book, rounds)
        return rows_of(contenders, ours) + rows_of([book, fresh], book), phases


def seconds_of(one: scenarios.Contender) -> list[float]:
    """Return how long each notebook took, where the tool itself says so: ours does."""
    path = one.root / "_build/seconds.json"
    if not path.exists():
        return []
    known = json.loads(path.read_text(encoding="utf-8"))
    return [known[name] for name in one.runs]
