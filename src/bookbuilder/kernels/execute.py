"""Executing one run: papermill, then the staging folder takes its place.

The notebook writes into a staging folder of its own. Only when every cell has succeeded and every
declared exhibit is there do its files replace the former results: all are written beside their
targets first, then each takes its place in one step. A failing notebook leaves its executed copy in
`_build/failed/` and the results as they were.
"""

import logging
import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from papermill.engines import Engine, papermill_engines
from papermill.execute import execute_notebook
from traitlets.config import Config

from bookbuilder.engine import hashing, lock
from bookbuilder.kernels import ending, forked, guard, provisioner
from bookbuilder.kernels.ending import RunError
from bookbuilder.kernels.variables import kernel_environment
from bookbuilder.plan import Run
from compendium import __version__, context, data, files

#: Said to every kernel: before the first cell, guard what is touched; and keep no file of what was
#: executed, which is in the notebook.
OPTIONS = [
    "--IPKernelApp.exec_lines=__import__('bookbuilder.kernels.guard').kernels.guard.start()",
    "--HistoryManager.enabled=False",
]
#: Characters of what one cell prints or shows that its page keeps.
OUTPUT_LIMIT = 400_000
#: Bytes of the path of a folder of sockets; with their names the system takes 103 to 107.
MAX_SOCKET_DIR_BYTES = 95

# nbclient drops what listens to a cell that is stopped; asyncio would complain of it at the end.
logging.getLogger("asyncio").setLevel(logging.CRITICAL)


@dataclass(frozen=True)
class Executor:
    """How the notebooks of one build are executed; `kernels` keeps account of those that run."""

    root: Path
    kernels: forked.Kernels = field(default_factory=forked.Kernels)

    def execute(self, run: Run, destination: Path | None = None) -> list[str]:
        """Execute a run, put its results in place, and return the source files that it imported.

        `destination` is where results, page and record go, laid out as in the project; the project
        itself by default. Raises RunError when a cell raises or ends the notebook, the kernel dies,
        the notebook takes longer than it may, or a declared exhibit was not recorded.
        """
        stages = self.root / lock.STAGES
        stages.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(
            prefix=f"{run.name}-", dir=stages, ignore_cleanup_errors=True
        ) as stage:
            code = self._make(run, Path(stage))
            if self.kernels.stopped:
                raise RunError("the build was stopped")
            ending.install(run, Path(stage), destination or self.root)
        return code

    def _make(self, run: Run, stage: Path) -> list[str]:
        """Execute a run in its staging folder, and write its page and its record there."""
        same = ("inputs", "after", "parameters", "tables", "figures", "files", "memory")
        run_context = context.RunContext(
            run=run.name,
            notebook=run.source.as_posix(),
            root=str(self.root),
            stage=str(stage),
            **{name: getattr(run, name) for name in same},
        )
        run_context.save(stage / "context.json")
        provenance = _provenance(run, self.root)
        notebooks: list[Any] = []

        def execute(notebook: Any) -> None:
            notebooks.append(notebook)
            self._execute_cells(notebook, run, stage)

        try:
            execute_notebook(
                self.root / run.source,
                None,
                parameters=run.parameters,
                engine_name="compendium",
                kernel_name="python3",
                progress_bar=False,
                execute=execute,
            )
            read = guard.judge(stage, run_context)
        except Exception as error:
            fault = str(error)
            if not isinstance(error, RunError | guard.UndeclaredReadError):
                fault = f"{run.source}: the kernel stopped: {files.format_error(error)}"
            copy = ending.keep_failed(run, self.root, *notebooks)
            raise RunError(f"{fault}\n{ending.kernel_words(stage)}{copy}") from None
        ending.check_products(run, stage)
        ending.normalize(notebooks[0])
        files.write_text(stage / ending.EXECUTED, nbformat.writes(notebooks[0], version=4) + "\n")
        code = read.pop("code")
        # Hashes of the results, so that a run that reads them sees in the record that they changed.
        made = {path.as_posix(): stage / path.relative_to("results") for path in run.results}
        results = {path: files.sha256(at) for path, at in made.items() if at.exists()}
        recorded = context.recorded(stage) | {"results": results}
        files.write_json(stage / ending.RECORD, provenance | {"never_read": read} | recorded)
        return code

    def _execute_cells(self, notebook: Any, run: Run, stage: Path) -> None:
        """Execute every cell of a notebook; RunError names the one at which that ended."""
        replies: list[Any] = []
        deadline = time.monotonic() + run.seconds
        with (
            tempfile.TemporaryDirectory(prefix="kernel-", ignore_cleanup_errors=True) as folder,
            (stage / ending.LOG).open("wb") as stream,  # else it would fill the terminal
        ):
            environment = kernel_environment(self.root, run.environment) | {
                context.VARIABLE: str(stage / "context.json"),
                # Not the author's own, which has settings, code to begin with, and a history.
                "IPYTHONDIR": f"{folder}/ipython",
            }
            client: Any = _NotebookClient(
                notebook,
                kernel_name="python3",
                timeout_func=lambda _: max(deadline - time.monotonic(), 0.1),
                startup_timeout=120,
                iopub_timeout=60,  # a busy machine may be late with what a cell printed
                raise_on_iopub_timeout=True,
                force_raise_errors=True,
                record_timing=False,
                extra_arguments=OPTIONS,
                on_cell_executed=lambda execute_reply, **_: replies.append(execute_reply),
                # Not papermill's own `cwd`: it changes the folder of the whole process, and two
                # notebooks at once would leave it changed.
                resources={"metadata": {"path": str(self.root / "notebooks")}},
                config=_kernel_config(Path(folder)),
            )
            manager = client.create_kernel_manager()
            provisioner.use(manager, self.kernels)
            with client.setup_kernel(env=environment, stdout=stream, stderr=stream):
                for index, cell in enumerate(notebook.cells):
                    try:
                        client.execute_cell(cell, index)
                    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
                        raise ending.fault(run, self.root, index, cell.source, error) from None
                    payload = replies[-1]["content"].get("payload") if replies else ()
                    if any(one.get("source") == "ask_exit" for one in payload or ()):
                        raise ending.fault(run, self.root, index, cell.source)
                info = client.wait_for_reply(client.kc.kernel_info())
                notebook.metadata["language_info"] = info["content"]["language_info"]


class _Engine(Engine):
    """papermill's engine for a build: what executes a notebook comes with each run."""

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: Any, kernel_name: str, *, execute: Callable[[Any], None], **_: Any
    ) -> None:
        execute(nb_man.nb)


papermill_engines.register("compendium", _Engine)


class _NotebookClient(NotebookClient):
    """nbclient's client, which keeps no more of a cell's output than a page can show."""

    def output(self, outs: list[Any], msg: Any, display_id: Any, cell_index: int) -> Any:
        """Keep one message of output, or what there is room for."""
        room, content = OUTPUT_LIMIT - sum(map(_size, outs)), msg["content"]
        if _size(content) <= room or msg["msg_type"] == "error":
            return super().output(outs, msg, display_id, cell_index)
        notice = f"\n[output cut: a page keeps {OUTPUT_LIMIT:,} characters of a cell]\n"
        if not any(notice in one.get("text", "") for one in outs):
            text = content.get("text", "")[: max(room, 0)] + notice
            outs.append(nbformat.v4.new_output("stream", name="stdout", text=text))
        return None


def _size(output: Any) -> int:
    shown = [output.get("text", ""), *output.get("data", {}).values()]
    return sum(len(one) for one in shown if isinstance(one, str))


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
                "sha256": hashing.keep(root, Path("data") / found["path"]),
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
    if sys.platform != "win32" and len(os.fsencode(sockets)) <= MAX_SOCKET_DIR_BYTES:
        config.KernelManager.transport = "ipc"
        config.KernelManager.ip = str(sockets / "k")
    config.KernelManager.connection_file = str(sockets / "connection.json")
    return config
