"""A process that has imported what a test needs, and forks to run code that ends or is killed.

Importing Jupyter Book, or papermill, takes longer than what tests of them do. What is
started as a command in other tests imports them each time, as users do.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

PARENT = """\
import json, os, sys
{imports}
assert not os.path.exists("/proc/self/task") or len(os.listdir("/proc/self/task")) == 1
for line in sys.stdin:
    told = json.loads(line)
    if child := os.fork():
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
        continue
    log = os.open(told["log"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.chdir(told["cwd"])
    os.environ.clear()
    os.environ.update(told["environment"])
    sys.argv[1:] = told["arguments"]
    exec(told["code"])
    break
"""


class Ready:
    """Forks from a process that it starts when it is first asked, or told to begin.

    Parameters
    ----------
    imports
        Code that imports what is needed.
    """

    def __init__(self, imports: str) -> None:
        self.imports = imports
        self.process: subprocess.Popen[str] | None = None

    def begin(self) -> subprocess.Popen[str]:
        """Start the process; once is enough."""
        if self.process is None:
            fixed = {"PYTHONHASHSEED": "0", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
            self.process = subprocess.Popen(
                [sys.executable, "-c", PARENT.format(imports=self.imports)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                env=os.environ | fixed,
            )
        return self.process

    def run(
        self,
        code: str,
        arguments: Sequence[str],
        log: Path,
        cwd: Path | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> int:
        """Run code in a fork and return its exit status; what it writes goes into a log."""
        told = {
            "code": code,
            "arguments": list(arguments),
            "log": str(log),
            "cwd": str(cwd or Path.cwd()),
            "environment": os.environ | (environment or {}),
        }
        process = self.begin()
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(told) + "\n")
        process.stdin.flush()
        return int(process.stdout.readline())

    def end(self) -> None:
        """End the process."""
        if self.process is not None:
            self.process.communicate()
            self.process = None
