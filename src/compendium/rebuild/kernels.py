"""Getting the kernel of a run from jupyter_client: forked or fresh, within the run's limits.

jupyter_client starts kernels through a provisioner. Ours asks the build's `ForkServer` for a fork;
without one, and for kernels that are not of this interpreter, it starts a process as usual.
"""

import sys
import uuid
from typing import Any

from jupyter_client.manager import KernelManager
from jupyter_client.provisioning import LocalProvisioner

from compendium.rebuild.fork_server import ForkServer

if sys.platform == "linux":
    import resource


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
    manager.kernel_id = str(uuid.uuid4())
    provisioner = Provisioner(
        kernel_id=manager.kernel_id, kernel_spec=manager.kernel_spec, parent=manager
    )
    provisioner.server, provisioner.megabytes = server, megabytes
    manager.provisioner = provisioner


class Provisioner(LocalProvisioner):
    """How jupyter_client gets its kernels from a `ForkServer`, and within limits."""

    server: ForkServer | None = None
    megabytes: float | None = None

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Fork the kernel if it is this interpreter's own; start any other as it is declared."""
        launcher = "ipykernel_launcher"
        own = cmd[0] == sys.executable and launcher in cmd
        if self.server is None or not own or not self.server.wanted():
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
