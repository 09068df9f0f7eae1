"""The rebuild beside its peers: `compendium build` and other tools, on the project's own notebooks.

Each tool runs the same plan in a copy of the project of its own, two notebooks at once where it
can. The other tools run papermill's command line for each notebook; their files are written from
the plan (`workflows.py`).
"""

from __future__ import annotations

import copy
import tempfile
from pathlib import Path
from typing import Any

from engine import scenarios
from engine.rows import rows_of
from engine.tools import every_tool

SOURCE = Path(__file__).resolve().parent.parent.parent


def measure(rounds: int, source: Path = SOURCE) -> list[dict[str, Any]]:
    """Let all tools go through all scenarios; return the rows of the results.

    Raises
    ------
    RuntimeError
        When a tool fails, or when our results are not those of a build of everything.
    """
    with tempfile.TemporaryDirectory(prefix="engine-") as folder:
        contenders: list[scenarios.Contender] = []
        for tool in every_tool():
            plan = copy.deepcopy(contenders[0].runs) if contenders else {}
            one = scenarios.enter(tool, source, Path(folder), plan)
            one.goes_through("cold", tool.build)
            contenders.append(one)
        ours = contenders[0]
        plain = next(one for one in contenders if one.tool.name == "make")
        scenarios.rounds(contenders, rounds)
        scenarios.one_notebook(ours, plain, rounds)
        if wrong := scenarios.differs_from_a_new_build(ours):
            raise RuntimeError(f"not what a build of everything gives: {', '.join(wrong)}")
        forked, fresh = scenarios.kinds_of_kernels(ours)
        scenarios.ours_alone(forked, fresh, rounds)
        return rows_of(contenders, ours) + rows_of([forked, fresh], forked)
