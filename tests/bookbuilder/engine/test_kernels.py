"""Forked kernels: as good as fresh ones, clean at the start, gone at the end."""

import asyncio
import os
import socket
import sys
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from jupyter_client.manager import KernelManager
from small_project import Recording, cell, write_notebook

from bookbuilder.engine import engine, execute, fork_server, kernel_parent, kernels

#: Kernels that are started, eight at once; `.ci/run` asks for more.
STARTS = int(os.environ.get("KERNEL_STARTS", "16"))

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="forks")


@pytest.fixture(scope="module")
def server() -> Iterator[fork_server.ForkServer]:
    with fork_server.ForkServer() as made:
        yield made


def ask(server: fork_server.ForkServer | None, folder: Path, *questions: str) -> list[str]:
    """Start a kernel in a folder, as a build does, and return what it prints to each cell."""
    sockets = folder / "sockets"
    sockets.mkdir(parents=True)
    manager = KernelManager(kernel_name="python3", config=execute._kernel_config(sockets))
    kernels.prepare(manager, server, None)
    with (folder / "log").open("wb") as log:
        environment = fork_server.environment() | {"ONLY_HERE": "1"}
        manager.start_kernel(env=environment, cwd=str(folder), stdout=log, stderr=log)
        printed = asyncio.run(_answers(manager.client(), questions))
        manager.shutdown_kernel()
    return printed


async def _answers(client: kernels.Client, questions: Iterable[str]) -> list[str]:
    client.start_channels()
    await client.wait_for_ready(timeout=120)
    printed = []
    for question in questions:
        said: list[str] = []
        await client.execute_interactive(
            question,
            timeout=60,
            output_hook=lambda m, said=said: said.append(m["content"].get("text", "")),
        )
        printed.append("".join(said))
    client.stop_channels()
    return printed


@pytest.mark.parametrize("length", [40, 90, 200])
def test_however_long_the_name_of_the_temporary_folder(
    server: fork_server.ForkServer, tmp_path: Path, length: int
) -> None:
    folder = tmp_path / ("x" * length)
    folder.mkdir()
    assert ask(server, folder, "print(6 * 7)") == ["42\n"]


LOOKS = (
    "import os, sys; print(os.getcwd().endswith('one'), sys.path, os.getsid(0) == os.getpid())",
    "print(sorted(k for k in os.environ if k not in ('JPY_PARENT_PID', 'PYTHONPATH')))",
    "print(sorted(n for n in dir() if not n.startswith('_')), __name__, sys.argv[0])",
    "import signal; print(signal.getsignal(signal.SIGCHLD), signal.getsignal(signal.SIGTERM))",
    "import matplotlib, pandas; print(matplotlib.get_backend(), dict(matplotlib.rcParams))",
    "import locale; print(locale.getlocale(), hash('a'))",
)


def test_a_forked_kernel_looks_like_a_fresh_one(
    server: fork_server.ForkServer, tmp_path: Path
) -> None:
    forked = ask(server, tmp_path / "forked" / "one", *LOOKS)
    fresh = ask(None, tmp_path / "fresh" / "one", *LOOKS)
    assert forked == fresh
    assert all(forked)


def test_nothing_passes_from_one_kernel_to_the_next(
    server: fork_server.ForkServer, tmp_path: Path
) -> None:
    leave = "import numpy, os, sys; numpy.left = sys.left = 1; os.environ['LEFT'] = '1'; print(1)"
    look = "print([hasattr(m, 'left') for m in (numpy, sys)], 'LEFT' in os.environ)"
    draw = "import numpy, random; print(numpy.random.random(), random.random())"
    ask(server, tmp_path / "a", leave)
    found, one = ask(server, tmp_path / "b", "import numpy, os, sys", look, draw)[1:]
    assert found == "[False, False] False\n"
    assert one != ask(server, tmp_path / "c", draw)[0]


LEAVES = (
    "unclosed = open('unclosed.txt', 'w'); _ = unclosed.write('all of it')",
    "import atexit; _ = atexit.register(lambda: open('exit.txt', 'w').write('said at the end'))",
    "import threading; from pathlib import Path",
    "def late(): threading.Event().wait(0.5); Path('late.txt').write_text('waited for')",
    "threading.Thread(target=late).start()",
)


@pytest.mark.parametrize("kind", ["forked", "fresh"])
def test_what_a_notebook_leaves_open_is_finished(
    server: fork_server.ForkServer, kind: str, tmp_path: Path
) -> None:
    folder = tmp_path / kind
    ask(server if kind == "forked" else None, folder, *LEAVES)
    left = {path.name: path.read_text() for path in folder.glob("*.txt")}
    assert left == {
        "unclosed.txt": "all of it",
        "exit.txt": "said at the end",
        "late.txt": "waited for",
    }


def test_a_kernel_that_ends_at_once_finishes_nothing(
    server: fork_server.ForkServer, tmp_path: Path
) -> None:
    ask(server, tmp_path / "a", LEAVES[0], "import atexit, os; _ = atexit.register(os._exit, 0)")
    assert (tmp_path / "a/unclosed.txt").read_text() == ""


def test_many_kernels_at_once_end_by_themselves(
    server: fork_server.ForkServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[fork_server.ForkedKernel] = []

    class Kept(fork_server.ForkedKernel):
        def __init__(self, connection: socket.socket) -> None:
            super().__init__(connection)
            made.append(self)

    def sums(number: int) -> str:
        return ask(server, tmp_path / str(number), f"print({number} + 1)")[0]

    monkeypatch.setattr(fork_server, "ForkedKernel", Kept)
    with ThreadPoolExecutor(8) as pool:
        said = list(pool.map(sums, range(STARTS)))
    assert said == [f"{number + 1}\n" for number in range(STARTS)]
    assert [kernel.returncode for kernel in made] == [0] * STARTS  # none had to be terminated


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_the_parent_has_one_thread_and_ends_with_the_build(tmp_path: Path) -> None:
    with fork_server.ForkServer() as server:
        parent = "import os; print(os.getppid(), len(os.listdir(f'/proc/{os.getppid()}/task')))"
        pid, tasks = ask(server, tmp_path / "a", parent)[0].split()
        assert tasks == "1"  # a thread would be lost, with whatever lock it holds, in every fork
        assert Path(f"/proc/{pid}").exists()
    assert not Path(f"/proc/{pid}").exists()


def test_a_parent_that_was_killed_is_started_again(tmp_path: Path) -> None:
    with fork_server.ForkServer() as server:
        first = ask(server, tmp_path / "a", "import os; print(os.getppid())")[0]
        os.kill(int(first), 9)
        threading.Event().wait(1)
        assert ask(server, tmp_path / "b", "import os; print(os.getppid())")[0] != first


def test_what_is_imported_beforehand_exists() -> None:
    names = kernel_parent._own_modules()
    assert {"compendium.data.loading", "auditing"} <= set(names)
    assert not [name for name in names if name.endswith("__main__")]


def test_kinds_of_kernels_are_checked(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(fork_server.KernelsError, match="no kernels 'stale'; auto, forked, fresh"):
        engine.build(project, display=Recording(), kernels="stale")
    monkeypatch.setenv(fork_server.VARIABLE, "nothing")
    with pytest.raises(fork_server.KernelsError, match="no kernels 'nothing'"):
        fork_server.chosen()


def test_by_default_kernels_are_forked_where_that_is_safe(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(fork_server.VARIABLE)
    count = "_ = Path('../a').write_text(str(len(sys.modules)))"
    code = f"import sys\nfrom pathlib import Path\n{count}"
    write_notebook(project / "notebooks/a.ipynb", cell("x = 1", "parameters"), cell(code))
    (project / "notebooks/runs.yml").write_text("a: {notebook: a.ipynb}\n")
    loaded = []
    for kind in (None, "fresh"):
        report = engine.build(
            project, display=Recording(), with_site=False, force=True, kernels=kind
        )
        assert not report.failed
        loaded.append(int((project / "a").read_text()))
    assert (loaded[0] > 2 * loaded[1]) == (sys.platform == "linux")
