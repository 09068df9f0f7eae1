"""How jupyter_client gets the kernels of a build: forked ones, or fresh as everywhere else."""

import asyncio
import sys
import time
import uuid
from typing import Any

from jupyter_client.manager import KernelManager
from jupyter_client.provisioning import LocalProvisioner

from bookbuilder.kernels import forked

#: Seconds within which a kernel ends that is asked to.
SHUTDOWN_GRACE_S = 0.3


def use(manager: KernelManager, kernels: forked.Kernels) -> None:
    """Have a manager get its kernel from those of a build."""
    manager.kernel_id = str(uuid.uuid4())
    manager.provisioner = Provisioner(
        kernel_id=manager.kernel_id, kernel_spec=manager.kernel_spec, parent=manager
    )
    manager.provisioner.kernels = kernels


class Provisioner(LocalProvisioner):
    """Gets kernels for jupyter_client from the forkserver, or as usual."""

    kernels: forked.Kernels

    async def launch_kernel(self, cmd: list[str], **options: Any) -> Any:
        """Fork the kernel if it is this interpreter's own; start any other as it is declared."""
        launcher = "ipykernel_launcher"
        if self.kernels.stopped:
            raise RuntimeError("the build was stopped")
        if self.kernels.fork_for and cmd[0] == sys.executable and launcher in cmd:
            arguments, log = cmd[cmd.index(launcher) + 1 :], options["stdout"].name
            variables, folder = dict(options["env"]), str(options["cwd"])
            kernel: Any = forked.ForkedKernel(arguments, variables, folder, log)
            self.process, self.pid, self.pgid = kernel, kernel.pid, kernel.pid
        else:
            await super().launch_kernel(cmd, **options)
        self.kernels.started.append(self.process)
        return self.connection_info

    async def shutdown_requested(self, restart: bool = False) -> None:
        """Look often for the end that was asked for; jupyter_client looks ten times a second."""
        until = time.monotonic() + SHUTDOWN_GRACE_S
        while await self.poll() is None and time.monotonic() < until:
            await asyncio.sleep(0.005)
