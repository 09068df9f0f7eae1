"""Building again whenever a source is saved, with processes that have everything imported.

A build of one notebook spends most of its time on starting: Python, the libraries that kernels are
forked from, Jupyter Book. Here all of that stands ready, and what is left is the notebook itself.
Time and size of the sources are looked at several times a second; what is stale is judged as
always, by content.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from bookbuilder.kernels import forked
from bookbuilder.kernels.variables import PACKAGES, SOURCE, can_fork
from bookbuilder.rendering.renderer import Renderer
from compendium import files
from compendium.text import listed

#: Seconds between two looks at the sources; and after one that saw a change, which the next must
#: find as it was before a build starts.
PAUSE_S, SETTLED_S = 0.05, 0.03
#: What a build starts from, in the project.
WATCHED = ("data", "notebooks", "book", "_config.yml", "requirements.lock", "pyproject.toml")
#: What runs make among it, and what editors leave.
IGNORED = ("book/notebooks", "notebooks/.ipynb_checkpoints")

Build = Callable[[Renderer], object]
Tell = Callable[[str], None]
#: Time and size of each source, by its name.
Look = dict[str, tuple[int, int]]


def watch(
    root: Path, build: Build, tell: Tell, *, with_site: bool = True, kernels: str | None = None
) -> None:
    """Build, and build again after every change, until the package itself changes.

    A build that fails does not end it: that is told, and the next change tries again. So it is when
    another build is at work. `build` is given the process that renders the book, which stands ready
    if `with_site`.
    """
    if can_fork(kernels):
        forked.prestart(root)
    known, waiting = _look(root), False
    while True:
        with Renderer(root) as renderer:
            if with_site:
                renderer.begin()
            if waiting:
                tell(f"watching {len(known)} files for changes; Ctrl-C ends")
                changed, known = _next_change(root, known)
                if any(name.startswith("src/") for name in changed):
                    return
                tell(f"{time.strftime('%H:%M:%S')}  {listed(changed)} changed")
            try:
                build(renderer)
            except (ValueError, OSError, RuntimeError) as error:
                tell(files.format_error(error))
            waiting = True


def _next_change(root: Path, known: Look) -> tuple[list[str], Look]:
    """Wait until sources differ from what is known and are left alone; return which, and all."""
    former = known
    while True:
        time.sleep(PAUSE_S if former == known else SETTLED_S)
        now = _look(root)
        if now == former != known:
            return sorted({name for name, _ in now.items() ^ known.items()}), now
        former = now


def _look(root: Path) -> Look:
    """Return time and size of what a build starts from: files of the project, and our packages."""
    tops = [("", root, root / name, "*") for name in WATCHED]
    tops += [("src/", SOURCE, SOURCE / name, "*.py") for name in PACKAGES]
    found = {}
    for prefix, base, top, kind in tops:
        for path in top.rglob(kind) if top.is_dir() else [top]:
            name = f"{prefix}{path.relative_to(base).as_posix()}"
            with suppress(FileNotFoundError):  # an editor is just replacing it
                if not name.startswith(IGNORED) and path.is_file():
                    state = path.stat()
                    found[name] = (state.st_mtime_ns, state.st_size)
    return found
