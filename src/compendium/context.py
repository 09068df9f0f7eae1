"""What a notebook is told about the run it belongs to.

The engine writes one small JSON file per run and names it in the environment variable
`COMPENDIUM_RUN`. Without it (a notebook opened in JupyterLab) there is no run: tables load,
exhibits show, and nothing is recorded.
"""

import json
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

VARIABLE = "COMPENDIUM_RUN"
ROOT_VARIABLE = "COMPENDIUM_ROOT"
#: What the rendering of the book is told: a token of its own, which the pages that it renders then
#: carry; and, by whoever publishes it, the public addresses of the book and of its repository.
RENDERING_VARIABLE = "COMPENDIUM_RENDERING"
ADDRESS_VARIABLES = (SITE_VARIABLE, REPOSITORY_VARIABLE) = "COMPENDIUM_URL", "COMPENDIUM_REPOSITORY"
MARKER = Path("data/datapackage.json")
#: What the columns of tables are called and how they are shown.
COLUMNS = Path("notebooks/columns.csv")
#: What is recorded of every exhibit.
EXHIBITS = Path("results/exhibits.json")
#: What each run recorded about its exhibits and values.
RECORDS = Path("_build/records")
#: In a run's staging folder: what it has recorded so far, one JSON object per line.
RECORDED = "recorded.jsonl"


@dataclass(frozen=True)
class RunContext:
    """One run as its notebook sees it; see `rebuild.plan.Run` for how it is declared."""

    run: str
    notebook: str
    root: str
    stage: str
    inputs: tuple[str, ...]
    after: tuple[str, ...]
    parameters: dict[str, Any]
    tables: tuple[str, ...]
    figures: tuple[str, ...]
    files: tuple[str, ...] = ()
    memory: float | None = None

    def save(self, path: Path) -> None:
        """Write the context where the kernel will look for it."""
        path.write_text(json.dumps(asdict(self), indent=2), encoding="utf-8")


#: Called with the path of every table that is loaded, while a build watches what a run reads.
listeners: list[Callable[[str], None]] = []
_state = threading.local()


@contextmanager
def looking_up() -> Iterator[None]:
    """Open tables within without reading them: to hash them, or to look up keys."""
    depth = getattr(_state, "depth", 0)
    _state.depth = depth + 1
    try:
        yield
    finally:
        _state.depth = depth


def is_looking_up() -> bool:
    """Say whether tables are opened only to look something up."""
    return bool(getattr(_state, "depth", 0))


def announce(path: str) -> None:
    """Say that a table (its path in the project) was read whose bytes were opened before."""
    for listener in listeners:
        listener(path)


def line_to_add(run: str, key: str, present: Iterable[str], missing: str) -> str:
    """Return how a run is to declare one more table, file or run before it.

    Examples
    --------
    >>> print(line_to_add("tallies", "inputs", ["codebook"], "segments"))
    in notebooks/runs.yml, 'tallies' needs the line
      inputs: [codebook, segments]
    """
    needed = ", ".join([*present, missing])
    return f"in notebooks/runs.yml, '{run}' needs the line\n  {key}: [{needed}]"


def current() -> RunContext | None:
    """Return the run this process belongs to, or None outside of a run."""
    path = os.environ.get(VARIABLE)
    return _read(path) if path else None


def record(run: RunContext, kind: str, name: str, entry: dict[str, Any]) -> None:
    """Add to what a run has recorded; `kind` is ``exhibits`` or ``values``."""
    recording = {"kind": kind, "name": name, "entry": entry}
    line = json.dumps(recording, allow_nan=False)  # in ASCII, where only a line's end ends a line
    with (Path(run.stage) / RECORDED).open("a", encoding="utf-8") as stream:
        stream.write(f"{line}\n")


def recorded(stage: Path) -> dict[str, dict[str, Any]]:
    """Return what was recorded in a staging folder: ``exhibits`` and ``values``, by name."""
    found: dict[str, dict[str, Any]] = {"exhibits": {}, "values": {}}
    path = stage / RECORDED
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else []:
        recording = json.loads(line)
        found[recording["kind"]][recording["name"]] = recording["entry"]
    return found


def project_root() -> Path:
    """Return the project's folder: from the run, the environment, or the folders above.

    FileNotFoundError when no folder at or above the working directory, nor the one the package was
    installed from, holds ``data/datapackage.json``.
    """
    run = current()
    if run:
        return Path(run.root)
    if os.environ.get(ROOT_VARIABLE):
        return Path(os.environ[ROOT_VARIABLE]).resolve()
    here = Path.cwd()
    for folder in (here, *here.parents, *Path(__file__).resolve().parents):
        if (folder / MARKER).is_file():
            return folder
    raise FileNotFoundError(
        f"no {MARKER} in {here} or above it: change into the project's folder, "
        f"or name it in the environment variable {ROOT_VARIABLE}"
    )


@cache
def _read(path: str) -> RunContext:
    stored = json.loads(Path(path).read_text(encoding="utf-8"))
    listed: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in stored.items()}
    return RunContext(**listed)
