"""Executing one run: papermill, then the staging folder takes its place.

The notebook writes into a staging folder of its own. Only when every cell has succeeded and every
declared exhibit is there do its files replace the former results: all are written beside their
targets first, then each takes its place in one step. A failing notebook leaves its executed copy in
`_build/failed/` and the results as they were.
"""

import logging
import os
import shutil
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, papermill_engines
from papermill.exceptions import PapermillExecutionError
from papermill.execute import execute_notebook
from papermill.iorw import write_ipynb
from traitlets.config import Config

from bookbuilder.engine import fork_server, inputs, kernels, leftovers, notebook, scratch, tidy
from bookbuilder.engine.plan import PLAN, Run
from compendium import __version__, context, data, files, watch

FAILED = Path("_build/failed")
#: In the staging folder: the executed notebook, its record, and what its kernel wrote besides.
EXECUTED, RECORD, LOG = "page.ipynb", "record.json", "kernel.log"

#: Said to every kernel: before the first cell, watch what files are opened.
WATCH = "--IPKernelApp.exec_lines=__import__('compendium.watch').watch.start()"
#: Said to every kernel: keep no file of what was executed, which is in the notebook.
NO_HISTORY = "--HistoryManager.enabled=False"

#: Bytes of the path of a folder of sockets; with their names the system takes 103 to 107.
LONGEST = 95

# nbclient drops what listens to a cell that is stopped; asyncio would complain of it at the end.
logging.getLogger("asyncio").setLevel(logging.CRITICAL)


class RunError(RuntimeError):
    """A notebook did not finish; says which cell, why, and where its executed copy is."""


@dataclass(frozen=True)
class _Start:
    """How the kernel of one run is started, and how long and large it may get."""

    environment: dict[str, str]
    stage: Path
    server: fork_server.ForkServer | None
    run: Run
    root: Path


class _Engine(NBClientEngine):
    """papermill's own engine, with an environment and limits for the kernel of each run."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **options: Any) -> Any:
        start: _Start = options.pop("start")
        keep = ("config", "record_timing", "resources")
        deadline = time.monotonic() + start.run.seconds
        client = PapermillNotebookClient(
            nb_man,
            kernel_name=kernel_name,
            timeout_func=lambda _: max(deadline - time.monotonic(), 0.1),
            startup_timeout=120,
            extra_arguments=[WATCH, NO_HISTORY],
            **{key: options[key] for key in keep if key in options},
        )
        kernels.prepare(client.create_kernel_manager(), start.server, start.run.memory)
        # A dying kernel's words would else fill the terminal.
        with (start.stage / LOG).open("wb") as stream:
            try:
                return client.execute(env=start.environment, stdout=stream, stderr=stream)
            except Exception as error:  # of a cell that raises, papermill keeps the copy
                write_ipynb(nb_man.nb, str(start.stage / EXECUTED))
                if isinstance(error, CellTimeoutError):
                    raise RunError(_too_long(nb_man, start.run, start.root)) from None
                raise


def _too_long(nb_man: Any, run: Run, root: Path) -> str:
    cells = nb_man.nb.cells
    begun = [i for i, cell in enumerate(cells) if cell.metadata["papermill"].get("start_time")]
    where = _where(run, root, begun[-1], cells[begun[-1]].source)
    return (
        f"{where}: the notebook was stopped after {run.seconds:g} seconds; if it needs longer, "
        f"write 'seconds:' with a larger number under '{run.name}' in {PLAN}"
    )


papermill_engines.register("compendium", _Engine)


def execute(
    run: Run,
    root: Path,
    destination: Path | None = None,
    server: fork_server.ForkServer | None = None,
) -> None:
    """Execute a run and put its results in place.

    Parameters
    ----------
    run
        The run, with the parameters to use.
    root
        The project's folder.
    destination
        Where results, page and record go, laid out as in the project; the project itself by
        default.
    server
        Forks the kernel; without one it is started afresh.

    Raises
    ------
    RunError
        When a cell raises, the kernel dies, the notebook takes longer than it may, or a declared
        exhibit was not recorded.
    """
    stages = root / leftovers.STAGES
    stages.mkdir(parents=True, exist_ok=True)
    stage = Path(tempfile.mkdtemp(prefix=f"{run.name}-", dir=stages))
    try:
        _run_notebook(run, root, stage, server)
        _check_products(run, stage)
        _install(run, stage, destination or root)
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _run_notebook(run: Run, root: Path, stage: Path, server: fork_server.ForkServer | None) -> None:
    told = context.RunContext(
        run=run.name,
        notebook=run.source.as_posix(),
        root=str(root),
        stage=str(stage),
        inputs=run.inputs,
        after=run.after,
        parameters=run.parameters,
        tables=run.tables,
        figures=run.figures,
    )
    told.save(stage / "context.json")
    provenance = _provenance(run, root)
    executed = stage / EXECUTED
    environment = fork_server.environment() | {context.VARIABLE: str(stage / "context.json")}
    try:
        with scratch.folder("kernel") as sockets:
            # Not the author's own, which has settings, code to begin with, and a history.
            environment["IPYTHONDIR"] = str(sockets / "ipython")
            done = execute_notebook(
                root / run.source,
                executed,
                parameters=run.parameters,
                engine_name="compendium",
                kernel_name="python3",
                progress_bar=False,
                request_save_on_cell_execute=False,  # that takes longer than it is worth
                # Not papermill's own `cwd`: it changes the folder of the whole process, and two
                # notebooks at once would leave it changed.
                resources={"metadata": {"path": str(root / "notebooks")}},
                start=_Start(environment, stage, server, run, root),
                config=_kernel_config(sockets),
                record_timing=False,
            )
    except PapermillExecutionError as error:
        raise RunError(_explain(run, root, executed, error)) from None
    except RunError as error:
        raise RunError(f"{error}\n{_keep_failed(run, root, executed)}") from None
    except DeadKernelError:
        copy = _keep_failed(run, root, executed)
        raise RunError(
            f"{run.source}: the kernel died; so it does when the machine's memory is used up, or "
            f"when a library crashes\n{_said(stage)}{copy}"
        ) from None
    except Exception as error:
        copy = _keep_failed(run, root, executed)
        stopped = f"{run.source}: the kernel stopped: {files.said(error)}"
        raise RunError(f"{stopped}\n{_said(stage)}{copy}") from None
    try:
        never_read = watch.judge(stage, told)
    except watch.UndeclaredReadError as error:
        raise RunError(f"{error}\n{_keep_failed(run, root, executed)}") from None
    tidy.tidy(done)
    files.write_text(executed, nbformat.writes(done, version=4) + "\n")
    made = context.recorded(stage) | _fingerprints(run, stage)
    files.write_json(stage / RECORD, provenance | {"never_read": never_read} | made)


def _said(stage: Path) -> str:
    """Return the end of what the kernel wrote outside of any cell, as lines."""
    log = stage / LOG
    said = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
    return f"{said[-2000:].rstrip()}\n" if said.strip() else ""


def _fingerprints(run: Run, stage: Path) -> dict[str, Any]:
    """Hash the result files, so that a run that reads them sees in the record that they changed."""
    made = [(path, stage / path.relative_to("results")) for path in run.results]
    return {"results": {p.as_posix(): files.sha256(at) for p, at in made if at.exists()}}


def _provenance(run: Run, root: Path) -> dict[str, Any]:
    """Say what a run was made from, with the hash of every input as it was read."""
    described = [(name, data.resource(name, root=root)) for name in run.inputs]
    return {
        "run": run.name,
        "notebook": run.source.as_posix(),
        "notebook_sha256": files.sha256(root / run.source),
        "parameters": run.parameters,
        "inputs": [
            {
                "table": name,
                "path": f"data/{found['path']}",
                "origin": found["origin"],
                "sha256": inputs.keep(root, Path("data") / found["path"]),
            }
            for name, found in described
        ],
        "after": list(run.after),
        "package_version": __version__,
    }


def _kernel_config(sockets: Path) -> Config:
    """Give each kernel sockets of its own: shared names make concurrent starts hang.

    They are files where the system has such sockets and their names are not too long for it.
    """
    config = Config()
    if sys.platform != "win32" and len(os.fsencode(sockets)) <= LONGEST:
        config.KernelManager.transport = "ipc"
        config.KernelManager.ip = str(sockets / "k")
    config.KernelManager.connection_file = str(sockets / "connection.json")
    return config


def _explain(run: Run, root: Path, executed: Path, error: PapermillExecutionError) -> str:
    copy = _keep_failed(run, root, executed)
    where = _where(run, root, error.cell_index, error.source)
    said = f"{error.ename}: {error.evalue}".removesuffix(": ")
    if error.ename == "MemoryError" and run.memory:
        said += f"; the run may use {run.memory:g} MB, see 'memory:' under '{run.name}' in {PLAN}"
    return f"{where}: {said}\n{copy}"


def _where(run: Run, root: Path, index: int, source: str) -> str:
    """Name a cell as its author counts it, without the one that holds the run's parameters."""
    number = notebook.number(root / run.source, index)
    return f"{run.source.as_posix()}, cell {number} ({_first_line(source)})"


def _first_line(source: str) -> str:
    return source.strip().splitlines()[0] if source.strip() else ""


def _keep_failed(run: Run, root: Path, executed: Path) -> str:
    if not executed.exists():
        return "no cell was executed"
    copy = root / FAILED / f"{run.name}.ipynb"
    copy.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(executed, copy)
    return f"the executed copy, up to that cell, is {copy.relative_to(root).as_posix()}"


def _check_products(run: Run, stage: Path) -> None:
    recorded = context.recorded(stage)["exhibits"]
    missing = [name for name in (*run.tables, *run.figures) if name not in recorded]
    if missing:
        raise RunError(
            f"{run.source} finished without recording {', '.join(missing)}; record it with "
            "exhibits.table or exhibits.figure, or take it out of notebooks/runs.yml"
        )


def _install(run: Run, stage: Path, destination: Path) -> None:
    pairs = [(stage / path.relative_to("results"), destination / path) for path in run.results]
    pairs += [(stage / EXECUTED, destination / run.page)]
    pairs += [(stage / RECORD, destination / run.record)]
    files.replace_all(pairs)
    (destination / FAILED / f"{run.name}.ipynb").unlink(missing_ok=True)
