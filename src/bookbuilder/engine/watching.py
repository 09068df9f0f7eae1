"""Building again whenever a source is saved, from processes that have everything imported.

A build of one notebook spends most of its time on starting: Python, pytask, the libraries that
kernels are forked from, Jupyter Book. Here all of that stands ready, and what is left is the
notebook itself. Time and size of the sources are looked at several times a second; what is stale
is judged as always, by content.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bookbuilder.engine import engine, fork_server, quick
from bookbuilder.engine.lock import BusyError
from bookbuilder.engine.renderer import Renderer
from compendium import files

#: Seconds between two looks at the sources; and after one that saw a change, which the next must
#: find as it was before a build starts.
PAUSE, SETTLED = 0.05, 0.03
#: Seconds until another build is asked after again.
PATIENCE = 1.0

Build = Callable[[engine.Ready], object]
Tell = Callable[[str], None]
#: Time and size of each source, by its name.
Look = dict[str, tuple[int, int]]


def watch(
    root: Path, build: Build, tell: Tell, *, with_site: bool = True, kernels: str | None = None
) -> None:
    """Build, and build again after every change, until the package itself changes.

    A build that fails does not end it: that is told, and the next change tries again.

    Parameters
    ----------
    root
        The project's folder.
    build
        Does one build, given the processes that are ready.
    tell
        Shows a line to the author.
    with_site
        Whether a process that renders the book is to be ready.
    kernels
        As for `engine.build`.
    """
    with ExitStack() as stack:
        server = fork_server.chosen(kernels)
        if server:
            stack.enter_context(server).begin()
        known = _look(root)
        with _ready(root, server, with_site=with_site) as ready:
            _attempt(build, ready, tell)
        while True:
            with _ready(root, server, with_site=with_site) as ready:
                tell(f"watching {len(known)} files for changes; Ctrl-C ends")
                changed, known = _next_change(root, known)
                if any(name.startswith(quick.OURS) for name in changed):
                    return
                tell(f"{time.strftime('%H:%M:%S')}  {_listed(changed)} changed")
                _attempt(build, ready, tell)


@contextmanager
def _ready(
    root: Path, server: fork_server.ForkServer | None, *, with_site: bool
) -> Iterator[engine.Ready]:
    """Yield what one build needs; a process renders a book once."""
    with Renderer(root) as renderer:
        if with_site:
            renderer.begin()
        yield engine.Ready(server, renderer)


def _next_change(root: Path, known: Look) -> tuple[list[str], Look]:
    """Wait until sources differ from what is known and are left alone; return which, and all."""
    former = known
    while True:
        time.sleep(PAUSE if former == known else SETTLED)
        now = _look(root)
        if now == former != known:
            return sorted({name for name, _ in now.items() ^ known.items()}), now
        former = now


def _look(root: Path) -> Look:
    found = {}
    for name, path in quick.source_files(root).items():
        try:
            state = path.stat()
        except FileNotFoundError:  # an editor is just replacing it
            continue
        found[name] = (state.st_mtime_ns, state.st_size)
    return found


def _attempt(build: Build, ready: engine.Ready, tell: Tell) -> None:
    """Build, after another build if one is at work."""
    told = False
    while True:
        try:
            build(ready)
            return
        except BusyError as error:
            if not told:
                tell(str(error))
            told = True
            time.sleep(PATIENCE)
        except (ValueError, OSError, RuntimeError) as error:
            tell(files.said(error))
            return


def _listed(names: list[str]) -> str:
    return ", ".join(names) if len(names) <= 3 else f"{names[0]} and {len(names) - 1} more files"
