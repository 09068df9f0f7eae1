"""The tools that are compared: how each is set up in a copy of the project, started and asked.

The commands are the tools' own, two notebooks at once where a tool can. Ours is the command
`compendium`; how it works inside is not looked at.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from contest import OURS
from harness import PYTHONS, with_byte_code

from engine.project import Run
from engine.steps import FOLDER, Step, make_steps, write_if_new
from engine.workflows import WRITERS

JOBS = 2
COMMAND = [str(Path(sys.executable).with_name("compendium"))]
BUILD = [*COMMAND, "build", "--no-site"]
ONE_BY_ONE = "One notebook at a time: dvc repro has no jobs. Keeps a copy of all it makes."
AS_SCRIPTS = (
    "No longer developed. Notebooks as shell scripts: its own runner wants parameters of its own "
    "in each notebook."
)


@dataclass(frozen=True)
class Tool:
    """One tool.

    Attributes
    ----------
    name
        As the results call it.
    build, status
        Commands that bring everything up to date, and that only say what is stale.
    setup
        Command to run once in a new copy.
    note
        What differs from how the others do it.
    """

    name: str
    build: list[str]
    status: list[str] = field(default_factory=list)
    setup: list[str] = field(default_factory=list)
    note: str = ""


def every_tool() -> list[Tool]:
    """Return all tools, ours first."""
    jobs = ["--workers", str(JOBS)]

    def peer(name: str) -> str:
        return str(PYTHONS["engines"].with_name(name))

    snakemake = [peer("snakemake"), "--quiet", "all"]
    dvc = peer("dvc")
    return [
        Tool(OURS, [*BUILD, *jobs], [*COMMAND, "status"]),
        Tool("make", ["make", "-s", f"-j{JOBS}"], ["make", "-n"]),
        Tool("snakemake", [*snakemake, "-j", str(JOBS)], [*snakemake, "-n"]),
        Tool(
            "doit",
            [peer("doit"), "run", "-n", str(JOBS)],
            [peer("doit"), "list", "--all", "--status"],
        ),
        Tool(
            "dvc",
            [dvc, "repro", "-q"],
            [dvc, "status", "-q"],
            [dvc, "init", "--no-scm", "-q"],
            ONE_BY_ONE,
        ),
        Tool(
            "ploomber", [peer("ploomber"), "build"], [peer("ploomber"), "status"], note=AS_SCRIPTS
        ),
    ]


def write_workflow(tool: Tool, root: Path, runs: Mapping[str, Run]) -> None:
    """Write what a tool reads, from the plan; nothing for ours, which reads its own."""
    if tool.name not in WRITERS:
        return
    steps = make_steps(root, runs)
    name, write = WRITERS[tool.name]
    write_if_new(root / name, write(steps))
    if tool.name == "ploomber":
        for step in steps:
            script = root / FOLDER / f"{step.name}.sh"
            script.write_text(f"{step.command}\n{ploomber_footer(step, steps)}\n", encoding="utf-8")


def ploomber_footer(step: Step, steps: list[Step]) -> str:
    """Return a comment with every variable of a step: Ploomber refuses a script without one.

    Examples
    --------
    >>> ploomber_footer(Step("a", ("raw.csv",), ("a.csv",), "run a"), [])
    '# {{product}} {{resources_}}'
    """
    products = {path for other in steps for path in other.makes}
    upstream = " {{upstream}}" if products.intersection(step.needs) else ""
    return f"# {{{{product}}}} {{{{resources_}}}}{upstream}"


def environment(root: Path) -> dict[str, str]:
    """Return what the commands are started with: the package of the copy, and no byte-code ban.

    Nor what a `make` around this says to one that it would start itself.
    """
    outer = {"MAKEFLAGS", "MAKELEVEL", "MFLAGS"}
    kept = {name: value for name, value in with_byte_code().items() if name not in outer}
    own = {"PYTHONPATH": str(root / "src"), "COMPENDIUM_ROOT": str(root), "NO_COLOR": "1"}
    quiet = {"DVC_NO_ANALYTICS": "1", "PLOOMBER_STATS_ENABLED": "false"}
    return kept | own | quiet


def start(command: list[str], root: Path) -> None:
    """Run a command in a copy; raise RuntimeError with what it printed when it fails."""
    done = subprocess.run(
        command,
        cwd=root,
        env=environment(root),
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    if done.returncode:
        output = (done.stdout + done.stderr)[-3000:]
        raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}\n{output}")
