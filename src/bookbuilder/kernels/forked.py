"""Kernels forked from a process that has imported the libraries; `provisioner` asks for them.

Importing pandas, seaborn and statsmodels takes longer than most notebooks compute. The standard
library's forkserver imports them once (`preload`); each kernel is a fork of it that drops our own
packages again, so that it imports the code as it is now and what it imports is seen. Fresh kernels
are the switch `--kernels fresh`; the results are the same to the byte.
"""

import contextlib
import importlib.util
import multiprocessing
import os
import signal
import sys
import threading
from multiprocessing import connection, forkserver, resource_tracker
from pathlib import Path
from typing import Any, Self

from bookbuilder.kernels.variables import PACKAGES, kernel_environment

#: Beginnings of modules that a fork imports anew.
OURS = (*PACKAGES, "__mp_main__")
#: Starting a process asks after all others, and only the first who asks hears how one ended.
ASKING = threading.Lock()


def prestart(root: Path) -> None:
    """Start the process that kernels are forked from, so that its imports begin now.

    It gets the environment of kernels: some variables count only when an interpreter starts.
    """
    forkserver.set_forkserver_preload(["bookbuilder.kernels.preload"])
    resource_tracker.ensure_running()  # here, as it lets interrupts through when it starts
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(kernel_environment(root))
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # Ctrl-C is for the build alone
    try:
        forkserver.ensure_running()
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        os.environ.clear()
        os.environ.update(before)


class Kernels:
    """The kernels of one build, forked or each started afresh; they end with it, or are stopped."""

    def __init__(self, fork_for: Path | None = None) -> None:
        self.fork_for, self.begun, self.stopped = fork_for, False, False
        self.started: list[Any] = []

    def begin(self) -> None:
        """Begin the imports that forked kernels start from; once is enough."""
        if self.fork_for and not self.begun:
            prestart(self.fork_for)
        self.begun = True

    def stop(self) -> None:
        """End every kernel, and let none start."""
        self.stopped = True
        for process in list(self.started):
            with contextlib.suppress(OSError):
                process.kill()

    def __enter__(self) -> Self:
        self.begin()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


class ForkedKernel:
    """A forked kernel, with what jupyter_client uses of a `subprocess.Popen`."""

    stdin = stdout = stderr = None

    def __init__(self, *options: Any) -> None:
        context = multiprocessing.get_context("forkserver")
        self.process = context.Process(target=run_kernel, args=options)
        with ASKING:
            self.process.start()
        self.pid = self.process.pid

    def wait(self, timeout: float | None = None) -> int | None:  # noqa: D102
        with ASKING:
            self.process.join(timeout)
            return self.process.exitcode

    def poll(self) -> int | None:  # noqa: D102
        return self.wait(0)

    def send_signal(self, number: int) -> None:
        """Send a signal to the kernel and whatever it has started."""
        if self.poll() is None and self.pid:
            try:
                os.killpg(self.pid, number)
            except OSError:  # it has no group of its own yet
                self.process.kill()

    def kill(self) -> None:  # noqa: D102
        self.send_signal(signal.SIGKILL)


def run_kernel(arguments: list[str], variables: dict[str, str], cwd: str, log: str) -> None:
    """Turn a forked child into the kernel that `python -m ipykernel_launcher` would be."""
    if sys.flags.hash_randomization:  # somebody killed the first such process; this one is not ours
        os._exit(os.EX_SOFTWARE)
    os.setsid()
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    threading.Thread(target=_end_with_build, daemon=True).start()
    with Path(log).open("ab") as stream:
        os.dup2(stream.fileno(), 1)
        os.dup2(stream.fileno(), 2)
    sys.stdout, sys.stderr = sys.__stdout__, sys.__stderr__
    from bookbuilder.kernels import preload

    os.environ.clear()
    os.environ.update(preload.VARIABLES | variables)
    os.chdir(cwd)
    sys.path[:] = preload.PATH
    for name in [name for name in sys.modules if name.partition(".")[0] in OURS]:
        del sys.modules[name]
    sys.modules["numpy"].random.seed()  # the standard library's generator seeds itself
    launcher = importlib.util.find_spec("ipykernel_launcher")
    sys.argv = [str(launcher and launcher.origin), *arguments]
    from ipykernel.kernelapp import IPKernelApp

    IPKernelApp.launch_instance(argv=arguments)


def _end_with_build() -> None:
    """Wait for the end of the build, however it comes, and end the kernel with it."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os.killpg(os.getpid(), signal.SIGKILL)
