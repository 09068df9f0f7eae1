"""What a notebook reads, seen as it happens, so that what a run declares is true.

`install` listens to every opening of a file in the kernel (Python's audit hook), however the
notebook reads: through `data.load`, with pandas, or with `open`. A table or a result that the run
does not declare is refused with the line to add; what was read is written to the staging folder,
where the engine finds what was declared and never read. `data.load` also looks into tables that a
table refers to; that is no reading of theirs (see `checking`). What Python does not open itself
(a database library, another program) is not seen.
"""

import json
import os
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from compendium.context import MARKER, RECORDS, RunContext, current

LOG = "reads.jsonl"
PLAN = "notebooks/runs.yml"
#: What an import opens; never data, and most of what a kernel opens.
CODE = (".py", ".pyc", ".so", ".pyd")
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND

_state = threading.local()


class UndeclaredReadError(RuntimeError):
    """A notebook opens a file that its run does not declare."""


def start() -> None:
    """Watch this process if it belongs to a run; the first thing that a kernel does."""
    run = current()
    if run:
        install(run)


def install(run: RunContext) -> None:
    """Watch this process for the rest of its life; once, however often it is called.

    Parameters
    ----------
    run
        The run that this process executes.
    """
    global _watcher  # noqa: PLW0603 - an audit hook cannot be taken away, so there is one
    if _watcher is None or _watcher.run != run:
        first = _watcher is None
        _watcher = _Watcher(run)
        if first:
            sys.addaudithook(_hook)


@contextmanager
def checking() -> Iterator[None]:
    """Open tables within without reading them: to hash them, or to look up keys."""
    depth = getattr(_state, "checking", 0)
    _state.checking = depth + 1
    try:
        yield
    finally:
        _state.checking = depth


def note(file: str) -> None:
    """Count a table as read, whose bytes were opened while `checking`.

    Parameters
    ----------
    file
        Path from the project's folder.
    """
    if _watcher is not None:
        _watcher.note("input", _watcher.tables.get(file, file))


def judge(stage: Path, run: RunContext) -> dict[str, list[str]]:
    """Return what a finished run declared and never read: tables in `inputs`, runs in `after`.

    Parameters
    ----------
    stage
        The staging folder of the run.
    run
        What it was told.

    Raises
    ------
    UndeclaredReadError
        When it opened what it does not declare, even where the notebook caught the refusal; and
        when nothing watched it, so that nobody can tell.
    """
    log = stage / LOG
    if not log.exists():
        raise UndeclaredReadError(f"nothing watched what the run '{run.run}' reads; see {__name__}")
    seen = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    refused = [name for kind, name in seen if kind == "refused"]
    if refused:
        raise UndeclaredReadError("\n".join(refused))
    read = {(kind, name) for kind, name in seen}
    return {
        "inputs": [name for name in run.inputs if ("input", name) not in read],
        "after": [name for name in run.after if ("after", name) not in read],
    }


def line_to_add(run: str, key: str, present: Iterable[str], missing: str) -> str:
    """Return how a run is to declare one more table or run before it.

    Examples
    --------
    >>> print(line_to_add("tallies", "inputs", ["codebook"], "segments"))
    in notebooks/runs.yml, 'tallies' needs the line
      inputs: [codebook, segments]
    """
    return f"in {PLAN}, '{run}' needs the line\n  {key}: [{', '.join([*present, missing])}]"


class _Watcher:
    """What one run may open, and what it has opened."""

    def __init__(self, run: RunContext) -> None:
        self.run = run
        self.roots = tuple({str(Path(run.root)) + os.sep, os.path.realpath(run.root) + os.sep})
        package = json.loads((Path(run.root) / MARKER).read_text(encoding="utf-8"))
        self.tables = {f"data/{one['path']}": one["name"] for one in package["resources"]}
        self.results = {path: other for other in run.after for path in self._results_of(other)}
        self.seen: set[tuple[str, str]] = set()
        self.log = os.open(Path(run.stage) / LOG, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)

    def _results_of(self, run: str) -> list[str]:
        path = Path(self.run.root) / RECORDS / f"{run}.json"
        return list(json.loads(path.read_bytes()).get("results", {})) if path.exists() else []

    def opened(self, path: str, *, writing: bool) -> None:
        """Judge one opening, by its path from the project's folder."""
        if path.startswith("data/") and path != MARKER.as_posix():
            self._data(path, writing)
        elif path.startswith("results/"):
            self._result(path, writing)
        elif path.startswith(f"{RECORDS.as_posix()}/") and not writing:
            self.note("after", Path(path).stem)

    def note(self, kind: str, name: str) -> None:
        """Write down once that something was read."""
        if (kind, name) not in self.seen:
            self.seen.add((kind, name))
            os.write(self.log, (json.dumps([kind, name]) + "\n").encode())

    def _data(self, path: str, writing: bool) -> None:
        name = self.tables.get(path)
        if writing:
            self._refuse(f"writes {path}; data are what a notebook starts from, never its product")
        elif name is None:
            self._refuse(
                f"reads {path}, which is no table of the contract; describe it in "
                f"{MARKER.as_posix()} and declare it in {PLAN}"
            )
        elif name in self.run.inputs:
            if not getattr(_state, "checking", 0):
                self.note("input", name)
        elif not getattr(_state, "checking", 0):
            self._refuse(f"reads {path} without declaring it", "inputs", self.run.inputs, name)

    def _result(self, path: str, writing: bool) -> None:
        if writing:
            self._refuse(f"writes {path}; record it with exhibits.table or exhibits.figure")
        elif path in self.results:
            self.note("after", self.results[path])
        else:
            owner = self._owner(path)
            if owner in (None, self.run.run):
                self._refuse(f"reads {path}, which is not the result of a run before it")
            self._refuse(f"reads {path} without declaring it", "after", self.run.after, str(owner))

    def _owner(self, path: str) -> str | None:
        """Return the run that makes a result; only asked when something is refused."""
        import yaml

        plan = yaml.safe_load((Path(self.run.root) / PLAN).read_text(encoding="utf-8"))
        kind, _, name = path.removeprefix("results/").partition("/")
        stem = name.rpartition(".")[0]
        return next((run for run, said in plan.items() if stem in (said.get(kind) or ())), None)

    def _refuse(
        self, deed: str, key: str = "", present: tuple[str, ...] = (), missing: str = ""
    ) -> None:
        message = f"the run '{self.run.run}' {deed}"
        if key:
            message += f"; {line_to_add(self.run.run, key, present, missing)}"
        self.note("refused", message)
        raise UndeclaredReadError(message)


_watcher: _Watcher | None = None


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if event != "open" or _watcher is None or getattr(_state, "busy", False):
        return
    path, mode, flags = arguments
    if isinstance(path, int):
        return
    name = os.fsdecode(path)
    if name.endswith(CODE):
        return
    _state.busy = True
    try:
        inside = _inside(os.path.realpath(name), _watcher.roots)
        if inside:
            _watcher.opened(inside, writing=_writes(mode, flags))
    finally:
        _state.busy = False


def _inside(path: str, roots: tuple[str, ...]) -> str:
    for root in roots:
        if path.startswith(root):
            return path[len(root) :].replace(os.sep, "/")
    return ""


def _writes(mode: Any, flags: Any) -> bool:
    if isinstance(mode, str):
        return any(letter in mode for letter in "wax+")
    return bool(isinstance(flags, int) and flags & WRITING)
