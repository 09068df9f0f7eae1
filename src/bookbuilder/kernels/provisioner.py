"""How jupyter_client gets the kernels of a build: forked ones, or fresh as everywhere else."""

import asyncio
import sys
import time
import uuid
from typing import Any

from jupyter_client.manager import KernelManager
from jupyter_client.provisioning import LocalProvisioner

from bookbuilder.kernels.forked import ForkedKernel, Kernels

#: Seconds within which a kernel ends that is asked to.
SHUTDOWN_GRACE_S = 0.3


def use(manager: KernelManager, kernels: "Kernels", *, fork: bool) -> None:
    """Have a manager start its kernel through our provisioner; `kernels` keeps account of it."""
    manager.kernel_id = str(uuid.uuid4())
    provisioner = Provisioner(
        kernel_id=manager.kernel_id, kernel_spec=manager.kernel_spec, parent=manager
    )
    provisioner.kernels, provisioner.fork = kernels, fork
    manager.provisioner = provisioner


class Provisioner(LocalProvisioner):
    """Gets kernels for jupyter_client from the forkserver, or as usual."""

    kernels: Kernels
    fork = False

    async def launch_kernel(self, cmd: list[str], **options: Any) -> Any:
        """Fork the kernel if it is this interpreter's own; start any other as it is declared."""
        launcher = "ipykernel_launcher"
        if self.kernels.stopped:
            raise RuntimeError("the build was stopped")
        if self.fork and cmd[0] == sys.executable and launcher in cmd:
            arguments = cmd[cmd.index(launcher) + 1 :]
            log = options["stdout"].name
            kernel: Any = ForkedKernel(arguments, dict(options["env"]), str(options["cwd"]), log)
            self.process, self.pid, self.pgid = kernel, kernel.pid, kernel.pid
        else:
            await super().launch_kernel(cmd, **options)
        self.kernels.running.add(self.process)
        return self.connection_info

    async def wait(self) -> int | None:
        """Wait for the kernel's end."""
        process = self.process
        status = await super().wait()
        self.kernels.running.discard(process)
        return status

    async def shutdown_requested(self, restart: bool = False) -> None:
        """Look often for the end that was asked for; jupyter_client looks ten times a second."""
        until = time.monotonic() + SHUTDOWN_GRACE_S
        while await self.poll() is None and time.monotonic() < until:
            await asyncio.sleep(0.005)
