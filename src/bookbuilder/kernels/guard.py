"""What a notebook may touch, judged as it happens, so that what its run declares is true.

`start` listens to what Python reports of itself in the kernel (its audit events): every file that
is opened, listed, renamed or deleted, every program that is started. What lies in the project must
be declared by the run; what it declares, and every source file of ours that it imports, is written
to the staging folder, where the engine reads what the run rests on. Anything else in the project is
refused, with the line to add. `data.load` also looks into tables that a table refers to; that is no
reading of theirs (see `context.looking_up`).
"""

import json
import os
import sys
import threading
from importlib.util import source_from_cache
from pathlib import Path
from typing import Any

from bookbuilder.kernels.variables import PACKAGES, SOURCE
from compendium import context
from compendium.context import MARKER, RECORDS, RunContext, line_to_add

LOG = "reads.jsonl"
#: Events that change what lies at the paths among their arguments.
CHANGES = (
    "os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.truncate", "os.link", "os.symlink",
    "os.chmod", "os.chown", "os.utime", "shutil.rmtree", "shutil.move",
)  # fmt: skip
#: Events that start another program, whose reading nobody sees.
PROGRAMS = ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "pty.spawn")
#: Programs that libraries ask about the machine, and that read nothing of a project.
HARMLESS = ("fc-list", "uname")
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
#: Where the check of the data notes which tables passed.
CHECKED = "_build/contract"
#: What every run rests on without declaring it.
SHARED = (MARKER.as_posix(), context.COLUMNS.as_posix())


class UndeclaredReadError(RuntimeError):
    """A notebook touches something of the project that its run does not declare."""


def start() -> None:
    """Guard this process for the rest of its life; the first thing that a run's kernel does."""
    run = context.current()
    if run is None:
        return
    if run.memory is not None and sys.platform != "win32":
        import resource

        limit = int(run.memory * 2**20)
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    guard = Guard(run)
    context.listeners.append(lambda path: guard.note("inputs", guard.tables.get(path, path)))
    for name, module in list(sys.modules.items()):
        if not name.startswith("bookbuilder"):  # what guards is no part of what is guarded
            guard.see_module(getattr(module, "__file__", None))
    sys.addaudithook(guard.hear)


class Guard:
    """What one run may touch, and what it has touched."""

    def __init__(self, run: RunContext) -> None:
        self.run = run
        self.root = os.path.realpath(run.root) + os.sep
        folders = (run.stage, sys.prefix, Path(run.root) / "_build/cache")
        #: Where anything may be touched: the run's own folder, and what libraries keep.
        self.free = tuple(os.path.realpath(folder) + os.sep for folder in folders)
        package = json.loads((Path(run.root) / MARKER).read_text(encoding="utf-8"))
        self.tables = {f"data/{one['path']}": one["name"] for one in package["resources"]}
        self.declared = {path: ("files", path) for path in run.files}
        self.declared |= {
            path: ("inputs", name) for path, name in self.tables.items() if name in run.inputs
        }
        self.declared |= {
            path: ("after", name) for name in run.after for path in self._made_by(name)
        }
        self.seen: set[tuple[str, str]] = set()
        self.busy = threading.local()
        self.log = os.open(Path(run.stage) / LOG, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)

    def _made_by(self, run: str) -> list[str]:
        record = RECORDS / f"{run}.json"
        path = Path(self.run.root) / record
        results = json.loads(path.read_bytes()).get("results", {}) if path.exists() else {}
        return [record.as_posix(), *results]

    def hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Judge one audit event; raises where the run may not do that."""
        if getattr(self.busy, "now", False):
            return
        self.busy.now = True
        try:
            if event == "open":
                path, mode, flags = arguments
                self._path(path, writing=_writes(mode, flags))
            elif event in ("os.listdir", "os.scandir"):
                self._listed(arguments[0])
            elif event in CHANGES:
                for path in arguments[event == "os.symlink" :]:  # which may lead anywhere
                    self._path(path, writing=True)
            elif event == "sqlite3.connect":
                self._path(arguments[0], writing=False)
            elif event.startswith(PROGRAMS):
                self._program(arguments)
        finally:
            self.busy.now = False

    def see_module(self, file: str | None) -> None:
        """Note a source file of ours, or of the project, that has been imported."""
        if file and (name := self._code(os.path.realpath(file))):
            self.note("code", name)

    def note(self, kind: str, name: str) -> None:
        """Write down once that something was read."""
        if (kind, name) not in self.seen:
            self.seen.add((kind, name))
            os.write(self.log, (json.dumps([kind, name]) + "\n").encode())

    def _path(self, target: Any, *, writing: bool) -> None:
        if not isinstance(target, str | bytes | os.PathLike):
            return  # a handle, which was judged when it was opened
        path = os.path.realpath(os.fsdecode(target))
        if f"{path}{os.sep}".startswith(self.free) or ("__pycache__" in path and writing):
            return
        if not writing and not os.path.lexists(path):
            return  # Python looks in many places for what it imports
        if code := self._code(path):
            if writing:
                self._refuse(f"writes {code}; a notebook changes no code")
            self.note("code", code)
        elif path.startswith(self.root):
            self._judge(path[len(self.root) :].replace(os.sep, "/"), writing)

    def _code(self, path: str) -> str:
        """Return the name of a source file of ours or of the project; empty for anything else."""
        if "__pycache__" in path and path.endswith(".pyc"):
            try:
                path = source_from_cache(path)
            except ValueError:
                return ""
        for folder in (f"{SOURCE}{os.sep}", self.root):
            inside = path[len(folder) :].replace(os.sep, "/")
            if path.startswith(folder) and not path.startswith(self.free):
                if folder == self.root:
                    return inside if path.endswith(".py") else ""
                return f"src/{inside}" if inside.partition("/")[0] in PACKAGES else ""
        return ""

    def _judge(self, path: str, writing: bool) -> None:
        """Judge the touching of a file of the project, by its path from there."""
        if context.is_looking_up() and (
            not writing or path.startswith(CHECKED) or path == "_build"
        ):
            return
        if writing:
            self._refuse(
                f"writes, renames or deletes {path}; a notebook changes nothing of the project, it "
                "records results with exhibits.table, exhibits.figure and exhibits.value"
            )
        if path in self.declared:
            self.note(*self.declared[path])
        elif path in self.tables:
            self._refuse(f"reads {path} without declaring it", "inputs", self.tables[path])
        elif path.startswith("results/"):
            exhibits = Path(self.run.root) / context.EXHIBITS
            known = json.loads(exhibits.read_bytes()) if exhibits.exists() else {}
            owner = known.get(Path(path).stem, {}).get("run", self.run.run)
            if owner == self.run.run:
                self._refuse(f"reads {path}, which is not the result of a run before it")
            self._refuse(f"reads {path} without declaring it", "after", owner)
        elif path not in SHARED:
            self._refuse(f"reads {path} without declaring it", "files", path)

    def _listed(self, target: Any) -> None:
        """Refuse the listing of folders whose content decides what a notebook does."""
        if not isinstance(target, str | bytes | os.PathLike):
            return  # here, or a handle
        path = os.path.realpath(os.fsdecode(target)) + os.sep
        inside = path[len(self.root) :].replace(os.sep, "/") if path.startswith(self.root) else ""
        if inside.startswith(("data/", "results/", "book/")) and not context.is_looking_up():
            self._refuse(f"lists the folder {inside}; name the files that it reads")

    def _program(self, arguments: tuple[Any, ...]) -> None:
        command = arguments[0] or (arguments[1:2] or [""])[0]
        words = command if isinstance(command, list | tuple) else os.fsdecode(command or "").split()
        name = os.fsdecode(words[0]) if words else "?"
        if Path(name).name not in HARMLESS:
            self._refuse(
                f"starts another program ({name}), and nobody sees what that reads; "
                "read files in Python, and declare them"
            )

    def _refuse(self, deed: str, key: str = "", missing: str = "") -> None:
        message = f"the run '{self.run.run}' {deed}"
        if key:
            message += f"; {line_to_add(self.run.run, key, getattr(self.run, key), missing)}"
        self.note("refused", message)
        raise UndeclaredReadError(message)


def judge(stage: Path, run: RunContext) -> dict[str, list[str]]:
    """Return what a finished run has read, by kind.

    That is ``code``, names of source files; and what of ``inputs``, ``after`` and ``files`` is
    declared and was never read. Raises UndeclaredReadError when it touched what it may not, even
    where the notebook caught the refusal, and when nothing watched it, so that nobody can tell.
    """
    log = stage / LOG
    if not log.exists():
        raise UndeclaredReadError(f"nothing watched what the run '{run.run}' reads; see {__name__}")
    seen = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    refused = [name for kind, name in seen if kind == "refused"]
    if refused:
        raise UndeclaredReadError("\n".join(refused))
    declared = {key: getattr(run, key) for key in ("inputs", "after", "files")}
    unread = {k: [name for name in names if [k, name] not in seen] for k, names in declared.items()}
    return unread | {"code": sorted({name for kind, name in seen if kind == "code"})}


def _writes(mode: Any, flags: Any) -> bool:
    if isinstance(mode, str):
        return any(letter in mode for letter in "wax+")
    return bool(isinstance(flags, int) and flags & WRITING)
