"""Run one notebook by papermill's own command line: what every other tool runs for each step.

Started in a copy of the project with the name of a run, or with `--contract`. The notebook writes
into a folder of its own, and its files then take the place of the former ones, as in a build of
ours. Only the standard library, so that it adds next to nothing to papermill's time; where
`ENGINE_PHASES` names a file, papermill is started by `timed.py`, which notes where the time goes.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

#: What a notebook adds a line to for each exhibit and value that it records.
RECORDED = "recorded.jsonl"
TIMED = Path(__file__).resolve().with_name("timed.py")
CHECK = """
from pathlib import Path
from compendium import data
faults = data.check(root=Path.cwd())
assert not faults, faults
Path("_build").mkdir(exist_ok=True)
Path("_build/contract.txt").write_text("every table meets its contract\\n")
"""


def main(name: str) -> int:
    """Run a step; return the status to end with."""
    root = Path.cwd()
    if name == "--contract":
        command = [sys.executable, "-c", CHECK]
        return subprocess.run(command, env=with_package(os.environ, root), check=False).returncode
    told = json.loads((root / "workflow" / f"{name}.json").read_text(encoding="utf-8"))
    stages = root / "_build/stages"
    stages.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f"{name}-", dir=stages) as folder:
        stage = Path(folder)
        failed = run(told, root, stage)
        if not failed:
            install(told, root, stage)
    return failed


def with_package(environment: Mapping[str, str], root: Path) -> dict[str, str]:
    """Return an environment in which Python finds the package of the copy."""
    made = {**environment, "PYTHONPATH": str(root / "src")}
    made.pop("PYTHONDONTWRITEBYTECODE", None)
    return made


def prepare(
    told: dict[str, Any], root: Path, stage: Path, environment: Mapping[str, str]
) -> dict[str, str]:
    """Write what the notebook asks for into its folder; return the environment of its kernel."""
    context = json.dumps(told["context"] | {"stage": str(stage)})
    (stage / "context.json").write_text(context, encoding="utf-8")
    (stage / RECORDED).touch()
    (stage / "parameters.yml").write_text(told["parameters"], encoding="utf-8")
    own = {"COMPENDIUM_RUN": str(stage / "context.json")}
    return with_package(environment, root) | told["environment"] | own


def run(told: dict[str, Any], root: Path, stage: Path) -> int:
    """Run papermill; return the status that it ended with."""
    began = time.time()
    environment = prepare(told, root, stage, os.environ) | {"ENGINE_BEGAN": repr(began)}
    phases = environment.get("ENGINE_PHASES")
    command = [sys.executable, *([str(TIMED)] if phases else ["-m"]), "papermill"]
    command += [str(root / told["context"]["notebook"]), str(stage / "page.ipynb")]
    command += ["-f", str(stage / "parameters.yml"), "-k", "python3"]
    command += ["--cwd", str(root / "notebooks"), "--no-progress-bar"]
    done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)
    if done.returncode:
        print(done.stderr[-3000:], file=sys.stderr)
    elif phases:
        with Path(phases).open("a", encoding="utf-8") as file:
            file.write(json.dumps({"total": time.time() - began}) + "\n")
    return done.returncode


def install(told: dict[str, Any], root: Path, stage: Path) -> None:
    """Put in place what the notebook has made, its record last."""
    for path in told["results"]:
        put(stage / Path(path).relative_to("results"), root / path)
    put(stage / "page.ipynb", root / told["page"])
    record: dict[str, Any] = {"exhibits": {}, "values": {}}
    for line in (stage / RECORDED).read_text(encoding="utf-8").splitlines():
        one = json.loads(line)
        record[one["kind"]][one["name"]] = one["entry"]
    (stage / "whole.json").write_text(json.dumps(record | told["reads"]), encoding="utf-8")
    put(stage / "whole.json", root / told["made"])


def put(made: Path, place: Path) -> None:
    """Move a file to its place in one step."""
    place.parent.mkdir(parents=True, exist_ok=True)
    made.replace(place)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
