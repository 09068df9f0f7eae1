"""What computes points: kernels of this machine, or the workers of a Dask cluster.

A worker needs this package, a copy of the project in the same state, and nothing shared: points
and results travel through Dask. What a worker that dies was computing, Dask gives to another.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from bookbuilder.engine.engine import default_workers
from bookbuilder.kernels import forked
from bookbuilder.kernels.variables import can_fork
from bookbuilder.sweep.point import Failed, Made, SnapshotError, Task, compute, refusal

INSTALL = (
    "the engine dask needs the package 'distributed', which is not installed: "
    "python -m uv pip install --require-hashes -r requirements-cluster.lock"
)
LOST = "the cluster lost it; start the sweep again: it runs what is missing"
KILLED = "each worker that took it died, last {worker}; most often its memory was used up"
TIMEOUT = 30


def local(tasks: Sequence[Task], workers: int | None = None) -> Iterator[tuple[str, Made | Failed]]:
    """Compute points on this machine, and yield each by name with what came of it, as it is done.

    By default as many at once as a build runs notebooks.
    """
    fork_for = Path.cwd() if can_fork() else None
    workers = workers or default_workers()
    with forked.Kernels(fork_for) as kernels, ThreadPoolExecutor(workers) as pool:
        futures = {pool.submit(compute, task, kernels): task.name for task in tasks}
        try:
            for future in as_completed(futures):
                yield futures[future], future.result()
        finally:  # interrupted, or told to stop: what is under way ends with its kernel
            kernels.stop()
            pool.shutdown(cancel_futures=True)


def dask(
    tasks: Sequence[Task],
    workers: int | None = None,
    scheduler: str | None = None,
    say: Callable[[str], None] = print,
) -> Iterator[tuple[str, Made | Failed]]:
    """Compute points on a Dask cluster, and yield each by name with what came of it, as it is done.

    By default a cluster is made on this machine, with as many `workers` as Dask chooses;
    `scheduler` is the address of an existing one. Raises RuntimeError when Dask is not installed,
    OSError when no scheduler answers, SnapshotError when a worker's project is not the one that is
    swept.
    """
    try:
        import distributed
    except ModuleNotFoundError:
        raise RuntimeError(INSTALL) from None
    with ExitStack() as stack:
        address: Any = scheduler or stack.enter_context(
            distributed.LocalCluster(
                n_workers=workers,
                threads_per_worker=1,
                dashboard_address=None,
                silence_logs=logging.ERROR,
            )
        )
        client = stack.enter_context(_client(distributed, address))
        _check_workers(client, tasks[0], say)
        # Not pure: what an earlier sweep left on the cluster under the same name is not taken.
        futures = {client.submit(compute, task, pure=False): task.name for task in tasks}
        stack.callback(client.cancel, list(futures))
        for future in distributed.as_completed(futures, loop=client.loop):
            yield futures[future], _outcome(future, distributed)
            future.release()


def _client(distributed: Any, address: Any) -> Any:
    try:
        return distributed.Client(address, timeout=TIMEOUT, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise OSError(f"no Dask scheduler answers at {address}: {error}") from None


def _check_workers(client: Any, task: Task, say: Callable[[str], None]) -> None:
    """Refuse before anything runs if a worker's project differs; later ones are judged by point."""
    refusals = client.run(refusal, task.snapshot, task.worker_root, on_error="return")
    faults = [f"worker {address}: {fault}" for address, fault in refusals.items() if fault]
    if faults:
        raise SnapshotError("\n".join(faults))
    if not refusals:
        say("the cluster has no workers yet; waiting for them")


def _outcome(future: Any, distributed: Any) -> Made | Failed:
    try:
        made: Made | Failed = future.result()
        return made
    except distributed.KilledWorker as error:
        return Failed(KILLED.format(worker=error.last_worker.address))
    except distributed.CancelledError:
        return Failed(LOST)
    except Exception as error:
        return Failed(f"the cluster could not run it: {type(error).__name__}: {error}")
