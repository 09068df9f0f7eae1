"""What computes points: kernels of this machine, or the workers of a Dask cluster.

Each yields a function that takes a point's run and returns the future of what comes of it.
A worker needs this package, and nothing shared. What a worker that dies was computing, Dask gives
to another.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from bookbuilder.engine.engine import default_workers
from bookbuilder.kernels import forked
from bookbuilder.kernels.variables import can_fork
from bookbuilder.plan import Run
from bookbuilder.sweep import point
from bookbuilder.sweep.point import Computed

#: Has points computed, given what they are computed from.
Submit = Callable[[Run], "Future[Computed]"]
Engine = Callable[[bytes, Path], AbstractContextManager[Submit]]

INSTALL = (
    "a Dask cluster needs the package 'distributed', which is not installed: "
    "python -m uv pip install --require-hashes -r requirements-cluster.lock"
)
TIMEOUT = 30


@contextmanager
def local(project: bytes, scratch: Path, workers: int | None = None) -> Iterator[Submit]:
    """Compute points on this machine, by default as many at once as a build runs notebooks."""
    pool = ThreadPoolExecutor(workers or default_workers())
    with forked.Kernels(scratch if can_fork() else None) as kernels:
        try:
            yield lambda run: pool.submit(point.compute, run, project, scratch, kernels)
        finally:  # interrupted, or told to stop: what is under way ends with its kernel
            kernels.stop()
            pool.shutdown(cancel_futures=True)


@contextmanager
def dask(
    project: bytes, scratch: Path, scheduler: str, say: Callable[[str], None] = print
) -> Iterator[Submit]:
    """Compute points on the Dask cluster whose scheduler has an address.

    Raises OSError when no scheduler answers, RuntimeError when Dask is not installed, or a worker
    has other code or versions; a later one is judged at its first point.
    """
    try:
        import distributed
    except ModuleNotFoundError:
        raise RuntimeError(INSTALL) from None
    try:
        client = distributed.Client(scheduler, timeout=TIMEOUT, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise OSError(f"no Dask scheduler answers at {scheduler}: {error}") from None
    with client:
        refusals = client.run(point.refusal, project, on_error="return")
        if faults := [f"worker {worker}: {fault}" for worker, fault in refusals.items() if fault]:
            raise RuntimeError("\n".join(faults))
        if not refusals:
            say("the cluster has no workers yet; waiting for them")
        # Not pure: what an earlier sweep left on the cluster under the same name is not taken.
        pool = client.get_executor(pure=False)
        try:
            yield lambda run: pool.submit(_compute_on_worker, run, project)
        finally:
            pool.shutdown(wait=False)


def _compute_on_worker(run: Run, project: bytes) -> Computed:
    """Compute a point where Dask removes what a worker leaves that was killed."""
    from distributed import get_worker

    if fault := point.refusal(project):
        return Computed(fault=fault)
    return point.compute(run, project, Path(get_worker().local_directory), forked.Kernels())
