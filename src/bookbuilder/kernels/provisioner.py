"""How jupyter_client gets the kernels of a build: forked ones, or fresh as everywhere else."""

import sys
import uuid
from typing import Any

from jupyter_client.manager import KernelManager
from jupyter_client.provisioning import LocalProvisioner

from bookbuilder.kernels import forked


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
