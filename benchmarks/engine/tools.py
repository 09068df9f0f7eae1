"""The tools that are compared: how each is set up in a copy of the project, started and asked.

The commands are the tools' own, two notebooks at once where a tool can. Ours is measured by the
command `compendium`: beside the others two at once as well, by itself as anyone starts it.
"""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from harness import PYTHONS, with_byte_code

from bookbuilder.engine.engine import at_once, load_plan
from engine.steps import FOLDER, Step, make_steps
from engine.workflows import WRITERS

JOBS = 2
TIMED = Path(__file__).with_name("timed.py")
OURS = [sys.executable, "-m", "bookbuilder.cli"]


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
    status: list[str]
    setup: list[str] = field(default_factory=list)
    note: str = ""
    jobs: int = JOBS


def peer(name: str) -> str:
    """Return the path of a command in the environment of the tools."""
    return str(PYTHONS["engines"].with_name(name))


def this_project(jobs: int | None = None) -> list[Tool]:
    """Return this project with forked and with fresh kernels, both without the book.

    Parameters
    ----------
    jobs
        Notebooks at once; as it chooses itself, when anyone calls it, if not given.
    """
    build = [*OURS, "build", "--no-site", *(["--workers", str(jobs)] if jobs else [])]
    number = jobs or at_once()
    return [
        Tool("compendium", build, [*OURS, "status"], jobs=number),
        Tool("compendium, fresh kernels", [*build, "--kernels", "fresh"], [], jobs=number),
    ]


def every_tool() -> list[Tool]:
    """Return all tools, ours first."""
    dvc = [peer("dvc"), "repro", "-q"]
    doit = [peer("doit"), "run", "-n", str(JOBS)]
    snakemake = [peer("snakemake"), "-j", str(JOBS), "--quiet", "all"]
    asked = [peer("snakemake"), "-n", "--quiet", "all"]
    return [
        *this_project(JOBS),
        Tool("make", ["make", "-s", f"-j{JOBS}"], ["make", "-n"], note="papermill's command line"),
        Tool("snakemake", snakemake, asked),
        Tool("doit", doit, [peer("doit"), "list", "--all", "--status"]),
        Tool(
            "dvc",
            dvc,
            [peer("dvc"), "status", "-q"],
            [peer("dvc"), "init", "--no-scm", "-q"],
            note="One notebook at a time: dvc repro has no jobs. Keeps a copy of all it makes.",
            jobs=1,
        ),
        Tool(
            "ploomber",
            [peer("ploomber"), "build"],
            [peer("ploomber"), "status"],
            note="No longer developed. Notebooks as scripts of the shell: its own runner wants "
            "parameters of its own in each notebook.",
        ),
    ]


def write_workflow(tool: Tool, root: Path) -> None:
    """Write what a tool reads, from the plan as it stands; nothing for ours, which reads the plan.

    A tool's file is not touched when it would be the same.
    """
    if tool.name not in WRITERS:
        return
    steps = make_steps(root, load_plan(root))
    name, write = WRITERS[tool.name]
    text = write(steps)
    if not (root / name).exists() or (root / name).read_text(encoding="utf-8") != text:
        (root / name).write_text(text, encoding="utf-8")
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
    made = {path for other in steps for path in other.makes}
    upstream = " {{upstream}}" if made.intersection(step.needs) else ""
    return f"# {{{{product}}}} {{{{resources_}}}}{upstream}"


def environment(root: Path) -> dict[str, str]:
    """Return what the commands are started with: the package of the copy, and no byte-code ban.

    Nor what a `make` around this says to one that it would start itself.
    """
    outer = {"MAKEFLAGS", "MAKELEVEL", "MFLAGS"}
    mine = {name: value for name, value in with_byte_code().items() if name not in outer}
    own = {"PYTHONPATH": str(root / "src"), "COMPENDIUM_ROOT": str(root), "NO_COLOR": "1"}
    quiet = {"DVC_NO_ANALYTICS": "1", "PLOOMBER_STATS_ENABLED": "false"}
    return mine | own | quiet


def start(command: list[str], root: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a copy; raise what it said when it fails."""
    done = subprocess.run(
        command,
        cwd=root,
        env=environment(root) | more,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    if done.returncode:
        said = (done.stdout + done.stderr)[-3000:]
        raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}\n{said}")
    return done
