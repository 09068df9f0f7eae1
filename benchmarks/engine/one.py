"""Run one notebook by papermill's own command line: what every other tool runs for each step.

Started in a copy of the project with the name of a run, or with `--contract`. The notebook writes
into a folder of its own, and its files then take the place of the former ones, as in a build of
ours. Only the standard library, so that it adds next to nothing to papermill's time.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

#: What a notebook adds a line to for each exhibit and value that it records.
RECORDED = "recorded.jsonl"
#: What makes figures and hashes the same in every process.
REPEATABLE = {
    "PYTHONHASHSEED": "0",
    "SOURCE_DATE_EPOCH": "1767225600",
    "MPLBACKEND": "agg",
    "MATPLOTLIBRC": os.devnull,
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
}
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
    environment = {**os.environ, **REPEATABLE, "PYTHONPATH": str(root / "src")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    if name == "--contract":
        return subprocess.run(
            [sys.executable, "-c", CHECK], env=environment, check=False
        ).returncode
    settings = json.loads((root / "workflow" / f"{name}.json").read_text(encoding="utf-8"))
    stages = root / "_build/stages"
    stages.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f"{name}-", dir=stages) as folder:
        status = run(settings, root, Path(folder), environment)
        if not status:
            install(settings, root, Path(folder))
    return status


def run(settings: dict[str, Any], root: Path, stage: Path, environment: dict[str, str]) -> int:
    """Run papermill; return the status that it ended with."""
    context = settings["context"] | {"stage": str(stage)}
    (stage / "context.json").write_text(json.dumps(context), encoding="utf-8")
    (stage / "parameters.yml").write_text(settings["parameters"], encoding="utf-8")
    (stage / RECORDED).touch()
    command = [sys.executable, "-m", "papermill"]
    command += [str(root / context["notebook"]), str(stage / "page.ipynb")]
    command += ["-f", str(stage / "parameters.yml"), "-k", "python3"]
    command += ["--cwd", str(root / "notebooks"), "--no-progress-bar"]
    own = {"COMPENDIUM_RUN": str(stage / "context.json")}
    done = subprocess.run(
        command, env=environment | own, check=False, capture_output=True, text=True
    )
    if done.returncode:
        print(done.stderr[-3000:], file=sys.stderr)
    return done.returncode


def install(settings: dict[str, Any], root: Path, stage: Path) -> None:
    """Put in place what the notebook has made, its record last."""
    for path in settings["results"]:
        put(stage / Path(path).relative_to("results"), root / path)
    put(stage / "page.ipynb", root / settings["page"])
    record: dict[str, Any] = {"exhibits": {}, "values": {}}
    for line in (stage / RECORDED).read_text(encoding="utf-8").splitlines():
        one = json.loads(line)
        record[one["kind"]][one["name"]] = one["entry"]
    (stage / "whole.json").write_text(json.dumps(record | settings["reads"]), encoding="utf-8")
    put(stage / "whole.json", root / settings["record"])


def put(product: Path, place: Path) -> None:
    """Move a file to its place in one step."""
    place.parent.mkdir(parents=True, exist_ok=True)
    product.replace(place)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
