"""The same steps written for each tool: a Makefile, a Snakefile, dvc.yaml, dodo.py, pipeline.yaml.

Every text is what one would write by hand for these steps, no more: each step with its files and
its command. The check of the data comes before every step in tools that know such an order; where
a step would run again only because the check has, it is left out of the order.
"""

from __future__ import annotations

import json
from collections.abc import Callable

from engine.steps import CHECKED, Step


def makefile(steps: list[Step]) -> str:
    r"""Write the steps for make, which goes by time; the record stands for all that a step makes.

    Examples
    --------
    >>> makefile([Step("a", ("raw.csv",), ("a.json", "a.csv"), "run a")]).splitlines()[3:5]
    ['a.json: raw.csv | _build/contract.txt', '\trun a']
    """
    lines = [f"all: {' '.join(step.makes[0] for step in steps)}", ".PHONY: all", ""]
    for step in steps:
        before = "" if CHECKED in step.makes else f" | {CHECKED}"
        lines += [f"{step.makes[0]}: {' '.join(step.needs)}{before}", f"\t{step.command}", ""]
    return "\n".join(lines)


def snakefile(steps: list[Step]) -> str:
    """Write the steps for Snakemake, the check before none of them.

    Where the check came first and its result was marked as `ancient`, so that its running anew is
    no reason to run a step, Snakemake 9.27 ran it alone after a change of the data and no step.
    """
    wanted = [step.makes[0] for step in steps]
    lines = [f"rule all:\n    input: {json.dumps(wanted)}", ""]
    for step in steps:
        lines += [
            f"rule {step.name}:",
            f"    input: {', '.join(json.dumps(path) for path in step.needs)}",
            f"    output: {', '.join(json.dumps(path) for path in step.makes)}",
            f"    shell: {json.dumps(step.command)}",
            "",
        ]
    return "\n".join(lines)


def dvc_yaml(steps: list[Step]) -> str:
    """Write the steps for DVC."""
    stages = {
        step.name: {
            "cmd": step.command,
            "deps": [*step.needs, *([] if CHECKED in step.makes else [CHECKED])],
            "outs": list(step.makes),
        }
        for step in steps
    }
    return json.dumps({"stages": stages}, indent=1)  # JSON is YAML


def dodo_py(steps: list[Step]) -> str:
    """Write the steps for doit."""
    tasks = [
        {
            "name": step.name,
            "file_dep": [*step.needs, *([] if CHECKED in step.makes else [CHECKED])],
            "targets": list(step.makes),
            "actions": [step.command],
        }
        for step in steps
    ]
    return (
        'DOIT_CONFIG = {"verbosity": 0, "dep_file": ".doit.db"}\n'
        f"STEPS = {json.dumps(tasks, indent=1)}\n\n\n"
        "def task_runs():\n    yield from STEPS\n"
    )


def pipeline_yaml(steps: list[Step]) -> str:
    """Write the steps for Ploomber, each a script of the shell; files that are read are resources.

    A step that comes after another runs whenever that has run, so the check comes before nothing.
    """
    makers = {path: step.name for step in steps for path in step.makes}
    tasks = []
    for step in steps:
        told = {f"file{n}": path for n, path in enumerate(step.needs) if path not in makers}
        before = [makers[path] for path in step.needs if path in makers]
        tasks.append(
            {
                "name": step.name,
                "class": "ShellScript",
                "source": f"workflow/{step.name}.sh",
                "product": {f"file{n}": path for n, path in enumerate(step.makes)},
                "params": {"resources_": told},
                **({"upstream": before} if before else {}),
            }
        )
    settings = {"executor": {"dotted_path": "ploomber.executors.Parallel", "processes": 2}}
    meta = {"extract_upstream": False, "extract_product": False}
    return json.dumps({"meta": meta, **settings, "tasks": tasks}, indent=1)


WRITERS: dict[str, tuple[str, Callable[[list[Step]], str]]] = {
    "make": ("Makefile", makefile),
    "snakemake": ("Snakefile", snakefile),
    "dvc": ("dvc.yaml", dvc_yaml),
    "doit": ("dodo.py", dodo_py),
    "ploomber": ("pipeline.yaml", pipeline_yaml),
}
