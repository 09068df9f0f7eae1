"""What a person sees of a sweep: a line per point, and in a terminal a bar, and how long yet."""

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn

from bookbuilder.engine.display import LiveDisplay
from bookbuilder.kernels.staging import COPY_NOTE
from bookbuilder.sweep.sweeping import Swept

#: How many points are named that failed alike.
SHOWN = 3


class SweepDisplay(LiveDisplay):
    """Shows points as they end."""

    def __init__(self, console: Console) -> None:
        left = (TimeRemainingColumn(), TextColumn("left,"))
        super().__init__(console, BarColumn(), MofNCompleteColumn(), *left)
        self.bar = self.progress.add_task("points", total=None)

    def begin(self, total: int) -> None:
        """Show how many points are to be run."""
        self.progress.update(self.bar, total=total)

    def end(self, name: str, seconds: float, *, failed: bool) -> None:
        """Show a point as ended."""
        self.progress.advance(self.bar)
        super().end(name, seconds, failed=failed)

    def say(self, sentence: str) -> None:
        """Show a sentence."""
        self.console.print(escape(sentence), highlight=False)


def summarise(console: Console, swept: Swept) -> None:
    """Print what came of a sweep: each failure once, then counts, time and what was collected."""
    for names in _alike(swept.failed):
        more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
        listed = escape(", ".join(names[:SHOWN]) + more)
        message = escape(swept.failed[names[0]])
        console.print(f"\n[red]✗ {listed}[/]\n{message}", highlight=False)
    for sentence in swept.unrecorded:
        console.print(f"[yellow]{escape(sentence)}[/]", highlight=False)
    counts = f"{swept.ran} run, {swept.fresh} unchanged, {len(swept.failed)} failed"
    console.print(f"{swept.total} points: {counts}; {swept.seconds:.1f} s", highlight=False)
    for path, rows in swept.collected.items():
        console.print(f"collected {path.as_posix()} ({rows} rows)", highlight=False)


def _alike(failed: dict[str, str]) -> list[list[str]]:
    """Return names of failed points, those together whose messages differ in the copy at most."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for name, message in failed.items():
        lines = [line for line in message.splitlines() if not line.startswith(COPY_NOTE)]
        groups.setdefault(tuple(lines), []).append(name)
    return list(groups.values())
