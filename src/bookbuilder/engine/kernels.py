"""Getting the kernel of a run from jupyter_client: forked or fresh, within the run's limits.

jupyter_client starts kernels through a provisioner. Ours asks the build's `ForkServer` for a fork;
without one, and for kernels that are not of this interpreter, it starts a process as usual.
"""

import asyncio
import contextlib
import sys
import time
import uuid
from queue import Empty
from typing import Any

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.manager import KernelManager
from jupyter_client.provisioning import LocalProvisioner

from bookbuilder.engine.fork_server import ForkServer

if sys.platform == "linux":
    import resource

#: Seconds within which a kernel ends that is asked to.
SOON = 0.3
#: Seconds from a kernel's answer to hearing that it is idle, if its publishing is connected.
HEARD = 0.03


def prepare(manager: KernelManager, server: ForkServer | None, megabytes: float | None) -> None:
    """Tell a kernel manager how to start its kernel.

    Parameters
    ----------
    manager
        Has not started its kernel yet.
    server
        Forks the kernel; without one it is started afresh.
    megabytes
        Largest address space of the kernel, where the system can limit it (Linux).
    """
    manager.client_factory = Client
    manager.kernel_id = str(uuid.uuid4())
    provisioner = Provisioner(
        kernel_id=manager.kernel_id, kernel_spec=manager.kernel_spec, parent=manager
    )
    provisioner.server, provisioner.megabytes = server, megabytes
    manager.provisioner = provisioner


class Client(AsyncKernelClient):
    """A client that begins when the kernel is ready, instead of a fifth of a second later."""

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Wait until the kernel has answered and has said that it is idle.

        Raises
        ------
        RuntimeError
            When the kernel dies first, or does not answer in time.
        """
        deadline = time.monotonic() + (float("inf") if timeout is None else timeout)
        asked: set[str] = set()
        while time.monotonic() < deadline:
            asked.add(self.kernel_info())
            with contextlib.suppress(Empty):
                reply = await self.get_shell_msg(timeout=1)
                if reply["msg_type"] == "kernel_info_reply":
                    await self._idle_after(asked)
                    self._handle_kernel_info_reply(reply)
                    return
            if not await self.is_alive():
                raise RuntimeError("the kernel died before it was ready")
        raise RuntimeError(f"the kernel was not ready after {timeout:g} seconds")

    async def _idle_after(self, asked: set[str]) -> None:
        """Read what the kernel publishes, up to its being idle after one of the requests.

        Raises
        ------
        Empty
            When nothing is heard, as its publishing is not connected yet: to be asked once more.
        """
        while True:
            said = await self.get_iopub_msg(timeout=HEARD)
            after = said["parent_header"].get("msg_id") in asked
            if after and said["content"].get("execution_state") == "idle":
                return


class Provisioner(LocalProvisioner):
    """How jupyter_client gets its kernels from a `ForkServer`, and within limits."""

    server: ForkServer | None = None
    megabytes: float | None = None

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Fork the kernel if it is this interpreter's own; start any other as it is declared."""
        launcher = "ipykernel_launcher"
        own = cmd[0] == sys.executable and launcher in cmd
        if self.server is None or not own:
            await super().launch_kernel(cmd, **kwargs)
        else:
            kernel: Any = self.server.start(
                cmd[cmd.index(launcher) + 1 :],
                kwargs["env"],
                str(kwargs["cwd"]),
                kwargs["stdout"].fileno(),
            )
            self.process, self.pid, self.pgid = kernel, kernel.pid, kernel.pid
            self.cwd = kwargs["cwd"]
        if self.megabytes is not None and sys.platform == "linux" and self.pid:
            limit = int(self.megabytes * 2**20)
            resource.prlimit(self.pid, resource.RLIMIT_AS, (limit, limit))
        return self.connection_info

    async def shutdown_requested(self, restart: bool = False) -> None:
        """Look often for the end that was asked for; jupyter_client looks ten times a second."""
        until = time.monotonic() + SOON
        while await self.poll() is None and time.monotonic() < until:
            await asyncio.sleep(0.005)
