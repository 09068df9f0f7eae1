"""The engine `local`: points on this machine, each in a kernel of its own."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from bookbuilder.engine.engine import default_workers
from bookbuilder.kernels import forked
from bookbuilder.sweep.point import Failed, Made, Task, compute


def run(tasks: Sequence[Task], workers: int | None = None) -> Iterator[tuple[str, Made | Failed]]:
    """Compute points on this machine, and yield each by name with what came of it, as it is done.

    By default as many at once as a build runs notebooks.
    """
    if forked.can_fork():
        forked.prestart(Path.cwd())
    with forked.running() as kernels, ThreadPoolExecutor(workers or default_workers()) as pool:
        futures = {pool.submit(compute, task, kernels): task.name for task in tasks}
        try:
            for future in as_completed(futures):
                yield futures[future], future.result()
        finally:  # interrupted, or told to stop: what is under way ends with its kernel
            kernels.stop()
            pool.shutdown(cancel_futures=True)
