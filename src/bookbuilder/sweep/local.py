"""The engine `loky`: worker processes on this machine."""

import os
import signal
from collections.abc import Iterator, Sequence

from bookbuilder.engine import tempdirs
from bookbuilder.sweep.point import Failed, Made, Task, compute

KILLED = (
    "the process that ran it was killed; so it is when the machine's memory is used up. "
    "Start the sweep again, with fewer --workers if need be: it runs what is missing"
)


def run(tasks: Sequence[Task], workers: int | None = None) -> Iterator[tuple[str, Made | Failed]]:
    """Compute points in processes of this machine, and yield each as it is done.

    Parameters
    ----------
    tasks
        The points.
    workers
        How many at once; by default one per processor.

    Yields
    ------
    tuple
        Name of a point and what came of it, in the order in which they end.
    """
    from loky import ProcessPoolExecutor, as_completed
    from loky.process_executor import BrokenProcessPool

    count = min(workers or max(os.cpu_count() or 1, 1), len(tasks))
    with tempdirs.folder("sweep") as folder:
        # Their temporary files go where this process cleans up, however they end.
        executor = ProcessPoolExecutor(
            max_workers=count, initializer=_leave_interrupts, env={"TMPDIR": str(folder)}
        )
        try:
            futures = {executor.submit(compute, task): task.name for task in tasks}
            for future in as_completed(futures):
                try:
                    yield futures[future], future.result()
                except BrokenProcessPool:
                    yield futures[future], Failed(KILLED)
        finally:
            executor.shutdown(wait=True, kill_workers=True)


def _leave_interrupts() -> None:
    """Ctrl-C is for the sweep, which then ends its workers."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
