"""The process that kernels are forked from: it imports the libraries once, then forks on demand.

Started by `fork_server.ForkServer`, with one end of a socket pair as its standard input. Each
request comes as a connection of its own (passed over that socket, together with the file that the
kernel's output goes to), holding one line of JSON: arguments, environment and working directory.
The parent answers with the kernel's process id and, when the kernel has ended, its exit status. A
connection that the build closes takes its kernel along, and the end of the build, however it came
about, all of them. Nothing but imports happens here before a fork, so that every kernel begins from
the same clean state; a library that is not there yet when a kernel is asked for is the kernel's to
import. What a library would draw at random on import is drawn anew. One thing shows that the
libraries are there already: what they would say on import (a warning) is said to no notebook, and
the filters that they set for warnings of their own are set from the start.
"""

import atexit
import contextlib
import gc
import importlib
import importlib.util
import io
import json
import os
import pkgutil
import selectors
import signal
import socket
import sys
import threading
from collections.abc import Iterable
from typing import Any

from bookbuilder import imports

#: What notebooks use, with what those libraries only import when they are used.
MODULES = (
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "ipykernel.zmqshell",
    "ipykernel.debugger",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "numpy",
    "pandas",
    "pandas.core.methods.to_dict",
    "pandas.core.reshape.reshape",
    "pandas.io.formats.csvs",
    "pandas.io.formats.style",
    "psutil",
    "sqlite3",
    "tornado.platform.asyncio",
    "zmq.utils.garbage",
    "matplotlib.figure",
    "matplotlib.backends.backend_agg",
    "matplotlib.backends.backend_svg",
)
#: Half of the time of all imports, and few notebooks use them: a kernel that is asked for at once
#: does not wait for these.
LATER = (
    "scipy.stats",
    "scipy.optimize",
    "scipy.sparse",
    "seaborn",
    "statsmodels.stats.multitest",
    "statsmodels.stats.proportion",
)
#: Packages of ours that only import a module of theirs when it is used.
PACKAGES = ("compendium", "auditing")


def main() -> None:
    """Serve until the build ends; in a forked child, be the kernel."""
    before = dict(os.environ)
    _bring((*MODULES, *_own_modules()))
    request = _serve(socket.socket(fileno=os.dup(0)))
    if request is None:
        os._exit(0)  # nothing here is worth the time that an orderly end takes
    set_by_imports = {key: value for key, value in os.environ.items() if key not in before}
    _be_kernel(request | {"environment": set_by_imports | request["environment"]})


def _bring(modules: Iterable[str]) -> None:
    """Import modules, and leave what they hold alone."""
    with imports.lean():
        for name in modules:
            with contextlib.suppress(ImportError):  # then it is the notebook's to report
                importlib.import_module(name)
    gc.collect()
    gc.freeze()  # a collection in a child would copy the pages of all that was imported


def _own_modules() -> list[str]:
    found = []
    for package in PACKAGES:
        name = package
        inside = pkgutil.walk_packages(importlib.import_module(name).__path__, f"{name}.")
        found += [name, *(one.name for one in inside if not one.name.endswith("__main__"))]
    return found


def _serve(control: socket.socket) -> dict[str, Any] | None:
    """Fork a kernel for each request; return None at the end, a kernel's request in the child."""
    ended, wake = socket.socketpair()
    ended.setblocking(False)
    wake.setblocking(False)
    signal.set_wakeup_fd(wake.fileno(), warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    selector = selectors.DefaultSelector()
    selector.register(control, selectors.EVENT_READ)
    selector.register(ended, selectors.EVENT_READ)
    kernels: dict[int, socket.socket] = {}
    waiting = list(LATER)
    while True:
        ready = selector.select(timeout=0 if waiting else None)
        if not ready:
            _bring([waiting.pop(0)])
        for key, _ in ready:
            if key.fileobj is control:
                received, handles, *_ = socket.recv_fds(control, 1, 2)
                if not received:
                    _kill(list(kernels))
                    return None
                connection = socket.socket(fileno=handles[0])
                request = _read_request(connection)
                pid = os.fork()
                if pid == 0:
                    signal.set_wakeup_fd(-1)
                    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                    selector.close()
                    for other in (control, ended, wake, connection, *kernels.values()):
                        other.close()
                    return request | {"log": handles[1]}
                os.close(handles[1])
                connection.sendall(f"{pid}\n".encode())
                kernels[pid] = connection
                selector.register(connection, selectors.EVENT_READ, pid)
            elif key.fileobj is ended:
                _drain(ended)
                _report_ended(kernels, selector)
            elif key.data in kernels:  # nothing is ever sent here: the build has let go of it
                selector.unregister(key.fileobj)
                _kill([key.data])


def _read_request(connection: socket.socket) -> dict[str, Any]:
    with connection.makefile("rb") as stream:
        request: dict[str, Any] = json.loads(stream.readline())
    return request


def _drain(ended: socket.socket) -> None:
    with contextlib.suppress(BlockingIOError):
        while ended.recv(4096):
            pass


def _report_ended(kernels: dict[int, socket.socket], selector: selectors.BaseSelector) -> None:
    """Tell the build of every kernel that has ended, with its status as `subprocess` has it."""
    for pid in list(kernels):
        found, status = os.waitpid(pid, os.WNOHANG)
        if not found:
            continue
        connection = kernels.pop(pid)
        with contextlib.suppress(OSError):
            connection.sendall(f"{os.waitstatus_to_exitcode(status)}\n".encode())
        with contextlib.suppress(KeyError):
            selector.unregister(connection)
        connection.close()


def _kill(pids: list[int]) -> None:
    for pid in pids:
        for kill in (os.killpg, os.kill):  # a kernel just forked leads no group of its own yet
            with contextlib.suppress(OSError):
                kill(pid, signal.SIGKILL)


def _be_kernel(request: dict[str, Any]) -> None:
    """Turn a forked child into the kernel that `python -m ipykernel_launcher` would be."""
    parent = os.getppid()
    os.setsid()
    nothing = os.open(os.devnull, os.O_RDONLY)
    for handle, standard in ((nothing, 0), (request["log"], 1), (request["log"], 2)):
        os.dup2(handle, standard)
    os.close(nothing)
    os.close(request["log"])
    os.environ.clear()
    os.environ.update(request["environment"])
    os.chdir(request["cwd"])
    launcher = importlib.util.find_spec("ipykernel_launcher")
    sys.argv = [str(launcher and launcher.origin), *request["arguments"]]
    if "numpy" in sys.modules:  # the standard library's generator seeds itself after a fork
        sys.modules["numpy"].random.seed()
    from ipykernel.kernelapp import IPKernelApp

    # The kernel polls whether its parent lives: nothing survives a parent that was killed.
    IPKernelApp.launch_instance(parent_handle=parent)
    _end(IPKernelApp.instance().control_thread)


def _end(control: threading.Thread | None) -> None:
    """End as a forked child of multiprocessing does, and write what was left unwritten.

    To take down all that was imported, as an interpreter does at its end, would touch and so copy
    the memory that the child shares with its parent.

    Parameters
    ----------
    control
        The thread that heard the kernel was to end. Its last act is to flush what was printed; it
        is waited for, as it would hang if ipykernel ended the thread that prints before that.
    """
    if control is not None:
        control.join(timeout=5)
    threading._shutdown()  # type: ignore[attr-defined]  # waits for threads, as any end does
    atexit._run_exitfuncs()
    stream: Any = io.IOBase.__base__  # of every stream; an abstract class is slow to answer
    for one in gc.get_objects():
        if issubclass(type(one), stream):
            with contextlib.suppress(Exception):  # closed, or refused by what is behind it
                one.flush()
    os._exit(0)
