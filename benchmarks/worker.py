"""A worker: one contender in a process of its own, run once for each line it is sent.

Started by `harness.py`, with the Python of the contender's environment. Answers each line with
one line of JSON: wall-clock and processor seconds, memory, and the numbers that were computed.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import resource
import sys
import time
from pathlib import Path
from typing import Any

STATUS = Path("/proc/self/status")
LIMIT = 12 * 1024**3  # a library that wants more memory fails, instead of stopping the machine


def memory(*, peak: bool) -> float:
    """Return the memory that this process holds, or has held at most, in megabytes.

    The peak is the kernel's own (high-water mark of the resident set). Other systems than Linux
    say the peak only.
    """
    if STATUS.exists():
        name = "VmHWM:" if peak else "VmRSS:"
        line = next(one for one in STATUS.read_text().splitlines() if one.startswith(name))
        return int(line.split()[1]) / 1024
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1024**2 if sys.platform == "darwin" else 1024)


def forget_peak() -> None:
    """Begin the peak of memory anew, so that making the data does not count; Linux only."""
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")


def answer(**values: Any) -> None:
    """Send one line."""
    print(json.dumps(values), flush=True)


def work(module: str, task: str, library: str, folder: Path) -> None:
    """Prepare, then run once for each line that comes in."""
    with contextlib.suppress(ValueError, OSError):  # not every system has this limit
        resource.setrlimit(resource.RLIMIT_DATA, (LIMIT, LIMIT))
    contender = importlib.import_module(module).CONTEST.contenders[task][library]
    run, numbers = contender.prepare(folder)
    gc.collect()
    forget_peak()
    answer(held_mb=memory(peak=False))
    picked = None
    for _ in sys.stdin:
        gc.collect()
        began, began_cpu = time.perf_counter(), time.process_time()
        result = run()
        seconds, cpu_seconds = time.perf_counter() - began, time.process_time() - began_cpu
        peak_mb = memory(peak=True)
        if picked is None:
            picked = {name: [float(one) for one in many] for name, many in numbers(result).items()}
            forget_peak()
        del result
        answer(seconds=seconds, cpu_seconds=cpu_seconds, peak_mb=peak_mb, numbers=picked)


if __name__ == "__main__":
    work(sys.argv[1], sys.argv[2], sys.argv[3], Path(sys.argv[4]))
