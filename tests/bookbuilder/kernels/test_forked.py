"""Forked kernels: as good as fresh ones, clean at the start, gone at the end."""

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.manager import KernelManager
from small_project import Recording, cell, show_all_notebooks, write_notebook

from bookbuilder.engine import engine
from bookbuilder.kernels import execute, forked, provisioner, variables

#: Kernels that are started, eight at once; `.ci/run` asks for more.
STARTS = int(os.environ.get("KERNEL_STARTS", "16"))

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="forks")


def ask(folder: Path, *questions: str, fork: bool = True) -> list[str]:
    """Start a kernel in a folder, as a build does, and return what it prints to each cell."""
    sockets = folder / "sockets"
    sockets.mkdir(parents=True)
    manager = KernelManager(kernel_name="python3", config=execute._kernel_config(sockets))
    manager.client_factory = AsyncKernelClient
    with forked.Kernels(folder if fork else None) as kernels, (folder / "log").open("wb") as log:
        provisioner.use(manager, kernels)
        environment = variables.kernel_environment(folder) | {"ONLY_HERE": "1"}
        manager.start_kernel(env=environment, cwd=str(folder), stdout=log, stderr=log)
        printed = asyncio.run(_answers(manager.client(), questions))
        manager.shutdown_kernel()
    return printed


async def _answers(client: Any, questions: Iterable[str]) -> list[str]:
    client.start_channels()
    await client.wait_for_ready(timeout=120)
    printed = []
    for question in questions:
        heard: list[str] = []
        await client.execute_interactive(
            question,
            timeout=60,
            output_hook=lambda m, heard=heard: heard.append(m["content"].get("text", "")),
        )
        printed.append("".join(heard))
    client.stop_channels()
    return printed


@pytest.mark.parametrize("length", [40, 90, 200])
def test_however_long_the_name_of_the_temporary_folder(tmp_path: Path, length: int) -> None:
    folder = tmp_path / ("x" * length)
    folder.mkdir()
    assert ask(folder, "print(6 * 7)") == ["42\n"]


LOOKS = (
    "import os, sys; print(os.getcwd().endswith('one'), sys.path, os.getsid(0) == os.getpid())",
    "print(sorted(k for k in os.environ if k not in ('JPY_PARENT_PID', 'PYTHONPATH')))",
    "print(sorted(n for n in dir() if not n.startswith('_')), __name__, sys.argv[0])",
    "import signal; print(signal.getsignal(signal.SIGCHLD), signal.getsignal(signal.SIGTERM))",
    "import matplotlib, pandas; print(matplotlib.get_backend(), dict(matplotlib.rcParams))",
    "import locale; print(locale.getlocale(), hash('a'))",
    "print(sorted(n for n in sys.modules if n.split('.')[0] in ('compendium', 'bookbuilder')))",
)


def test_a_forked_kernel_looks_like_a_fresh_one(tmp_path: Path) -> None:
    answers = ask(tmp_path / "forked" / "one", *LOOKS)
    assert answers == ask(tmp_path / "fresh" / "one", *LOOKS, fork=False)
    assert all(answers)


def test_nothing_passes_from_one_kernel_to_the_next(tmp_path: Path) -> None:
    leave = "import numpy, os, sys; numpy.left = sys.left = 1; os.environ['LEFT'] = '1'; print(1)"
    look = "print([hasattr(m, 'left') for m in (numpy, sys)], 'LEFT' in os.environ)"
    draw = "import numpy, random; print(numpy.random.random(), random.random())"
    ask(tmp_path / "a", leave)
    found, one = ask(tmp_path / "b", "import numpy, os, sys", look, draw)[1:]
    assert found == "[False, False] False\n"
    assert one != ask(tmp_path / "c", draw)[0]


def test_variables_of_the_builder_do_not_reach_kernels(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MINE", "1")
    assert "MINE" not in variables.kernel_environment(tmp_path)
    assert variables.kernel_environment(tmp_path, ["MINE", "NOT_SET"])["MINE"] == "1"
    assert "NOT_SET" not in variables.kernel_environment(tmp_path, ["NOT_SET"])


def test_many_kernels_at_once_end_by_themselves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[forked.ForkedKernel] = []

    class Kept(forked.ForkedKernel):
        def __init__(self, *options: Any) -> None:
            super().__init__(*options)
            made.append(self)

    def sums(number: int) -> str:
        return ask(tmp_path / str(number), f"print({number} + 1)")[0]

    forked.prestart(tmp_path)
    monkeypatch.setattr(forked, "prestart", lambda root: None)  # the environment is of a process
    monkeypatch.setattr(forked, "ForkedKernel", Kept)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(sums, range(STARTS)))
    assert answers == [f"{number + 1}\n" for number in range(STARTS)]
    assert [kernel.poll() for kernel in made] == [0] * STARTS  # none had to be terminated


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_the_parent_has_one_thread_and_ends_with_the_build(tmp_path: Path) -> None:
    """A thread would be lost, with whatever lock it holds, in every fork."""
    code = f"""\
import sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
from pathlib import Path
from test_forked import ask
look = "import os; print(os.getppid(), os.listdir(f'/proc/{{os.getppid()}}/task'))"
print(ask(Path({str(tmp_path)!r}), look)[0])
"""
    script = tmp_path / "script.py"
    script.write_text(f"if __name__ == '__main__':\n    {code.replace(chr(10), chr(10) + '    ')}")
    path = os.pathsep.join([str(Path(__file__).parents[2]), str(Path(__file__).parent)])
    done = subprocess.run(
        [sys.executable, str(script)],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONPATH": path},
    )
    pid, _, tasks = done.stdout.partition(" ")
    assert tasks.strip() == f"['{pid}']"
    deadline = time.monotonic() + 20
    while Path(f"/proc/{pid}").exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not Path(f"/proc/{pid}").exists()


def test_kinds_of_kernels_are_checked(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="unknown kernel kind 'stale'; choose auto, fo"):
        engine.build(project, display=Recording(), kernels="stale")
    monkeypatch.setenv(variables.VARIABLE, "nothing")
    with pytest.raises(ValueError, match="unknown kernel kind 'nothing'"):
        variables.can_fork()


def test_a_folder_too_deep_for_a_socket_starts_kernels_afresh(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(variables.VARIABLE, raising=False)
    monkeypatch.setattr(tempfile, "tempdir", "short")
    assert variables.can_fork() == (sys.platform == "linux")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / ("x" * 70)))
    assert not variables.can_fork()


def test_by_default_kernels_are_forked_where_that_is_safe(project: Path) -> None:
    code = 'import sys\nexhibits.value("loaded", len(sys.modules), "modules", "how many")'
    parts = [cell("x = 1", "parameters"), cell(f"from compendium import exhibits\n{code}")]
    write_notebook(project / "notebooks/a.ipynb", *parts)
    (project / "notebooks/runs.yml").write_text("a: {notebook: a.ipynb}\n")
    show_all_notebooks(project, "a")
    loaded = []
    for kind in (None, "fresh"):
        report = engine.build(
            project, display=Recording(), with_site=False, force=True, kernels=kind
        )
        assert not report.failed, report.failed[0].message
        values = (project / "results/values.json").read_text()
        loaded.append(int(values.split('"value": ')[1].split(",")[0]))
    assert (loaded[0] > loaded[1] + 300) == (sys.platform == "linux")
