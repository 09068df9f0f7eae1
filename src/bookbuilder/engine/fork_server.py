"""Starting kernels: fresh ones, or ones forked from a process that has imported the libraries.

Importing pandas, seaborn and statsmodels costs more than most notebooks compute. A build starts one
process that imports them once (`kernel_parent`), with the first kernel; each kernel is a fork of
it and begins from the same clean state. It lives as long as the build, so a changed helper is
always seen. Fresh kernels, as everywhere else in Jupyter, are the switch `--kernels fresh`; the
results are the same to the byte, which the tests hold it to.
"""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from types import TracebackType
from typing import Self

VARIABLE = "COMPENDIUM_KERNELS"
KINDS = ("auto", "forked", "fresh")

#: The working directory is no place to import from, until a kernel puts it there itself.
START = """\
import sys
if sys.path[0] == "":
    del sys.path[0]
from bookbuilder.engine.kernel_parent import main
main()"""

#: What every kernel is started with, so that two builds give the same bytes.
KERNEL_ENVIRONMENT = {
    "PYTHONHASHSEED": "0",
    "SOURCE_DATE_EPOCH": "1767225600",
    "IPYKERNEL_CELL_NAME": "<cell>",
    "MPLBACKEND": "agg",
    "MATPLOTLIBRC": os.devnull,  # not the settings of whoever builds
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "COLUMNS": "100",
}


def environment() -> dict[str, str]:
    """Return the environment of every kernel: the build's own, with what makes it repeatable."""
    made = os.environ | KERNEL_ENVIRONMENT
    made.pop("PYTHONSTARTUP", None)  # a kernel would run it
    made.pop("PYTHONDONTWRITEBYTECODE", None)  # without byte code every import is slow
    return made


class KernelsError(ValueError):
    """The kind of kernels that was asked for is unknown, or not possible here."""


def chosen(kind: str | None = None) -> "ForkServer | None":
    """Return what starts kernels: as given, as the environment says, or the default.

    Parameters
    ----------
    kind
        ``fresh``, ``forked``, or ``auto``: forked where that is safe. macOS can fork, but some of
        its own libraries do not survive it, so there it has to be asked for.

    Returns
    -------
    ForkServer or None
        None for fresh kernels.

    Raises
    ------
    KernelsError
        When there is no such kind, or this system cannot fork.

    Examples
    --------
    >>> chosen("fresh") is None
    True
    """
    asked = kind or os.environ.get(VARIABLE) or "auto"
    if asked not in KINDS:
        raise KernelsError(f"no kernels '{asked}'; {', '.join(KINDS)}")
    if asked == "forked" and not hasattr(os, "fork"):
        raise KernelsError("this system cannot fork a process; use --kernels fresh")
    if asked == "fresh" or (asked == "auto" and sys.platform != "linux"):
        return None
    return ForkServer()


class ForkedKernel:
    """A kernel that `kernel_parent` has forked, with the methods of a `subprocess.Popen`."""

    stdin = stdout = stderr = None

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self.received = b""
        self.returncode: int | None = None
        answer = self._line(blocking=True)
        if not answer:
            raise RuntimeError("the process that kernels are forked from has ended")
        self.pid = int(answer)

    def poll(self) -> int | None:
        """Return the exit status, or None while the kernel runs."""
        return self._receive(blocking=False)

    def wait(self, timeout: float | None = None) -> int | None:
        """Wait for the kernel's end and return its exit status."""
        return self._receive(blocking=True)

    def send_signal(self, number: int) -> None:
        """Send a signal to the kernel and whatever it has started."""
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, number)

    def kill(self) -> None:
        """End the kernel at once."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask the kernel to end."""
        self.send_signal(signal.SIGTERM)

    def _receive(self, *, blocking: bool) -> int | None:
        if self.returncode is None:
            answer = self._line(blocking=blocking)
            if answer is not None:
                # Without an answer the parent was killed, and the kernel with it.
                self.returncode = int(answer or -signal.SIGKILL)
                self.connection.close()
        return self.returncode

    def _line(self, *, blocking: bool) -> bytes | None:
        """Return the next line, an empty one at the end, None when there is none yet."""
        self.connection.setblocking(blocking)
        while b"\n" not in self.received:
            try:
                more = self.connection.recv(64)
            except BlockingIOError:
                return None
            except ConnectionResetError:
                more = b""
            if not more:
                return b""
            self.received += more
        line, _, self.received = self.received.partition(b"\n")
        return line


class ForkServer:
    """Forks kernels from a process of its own, which it starts with the first; safe in threads.

    That process is started with `environment`; each kernel gets its own besides, but what the
    interpreter reads when it starts (such as ``PYTHONHASHSEED``) comes from there.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - closed in __exit__

    def __enter__(self) -> Self:
        """Return the server; nothing is started yet."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the process and with it every kernel that still runs."""
        with self._lock:
            self._stop()
        self._log.close()

    def begin(self) -> None:
        """Start the process now, to import while the build finds out what to do.

        A failure shows when the first kernel is asked for.
        """
        with self._lock:
            self._running()

    def start(
        self, arguments: list[str], variables: Mapping[str, str], cwd: str, log: int
    ) -> ForkedKernel:
        """Fork a kernel.

        Parameters
        ----------
        arguments
            Arguments of ``ipykernel_launcher``.
        variables, cwd
            The kernel's environment and working directory.
        log
            Handle of the open file that its output goes to.

        Raises
        ------
        RuntimeError
            When the process that kernels are forked from has failed.
        """
        ours, theirs = socket.socketpair()
        request = {"arguments": arguments, "environment": dict(variables), "cwd": cwd}
        try:
            with self._lock:
                socket.send_fds(self._running(), [b"+"], [theirs.fileno(), log])
            theirs.close()
            ours.sendall(json.dumps(request).encode() + b"\n")
            return ForkedKernel(ours)
        except (OSError, RuntimeError) as error:
            ours.close()
            theirs.close()
            self._log.seek(0)
            said = self._log.read().decode(errors="replace")[-2000:]
            raise RuntimeError(
                f"kernels cannot be forked here ({error}); try --kernels fresh\n{said}"
            ) from None

    def _running(self) -> socket.socket:
        if self._control is None or self._process is None or self._process.poll() is not None:
            self._stop()
            self._control, theirs = socket.socketpair()
            command = [sys.executable, "-c", START]
            self._process = subprocess.Popen(
                command,
                stdin=theirs.fileno(),
                stdout=self._log,
                stderr=self._log,
                env=environment(),
                start_new_session=True,  # Ctrl-C is for the build, which then ends this in order
            )
            theirs.close()
        return self._control

    def _stop(self) -> None:
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            try:
                self._process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._control = self._process = None
