"""What a person sees of a sweep: a line per point, and in a terminal a bar with a clock."""

from types import TracebackType
from typing import Self

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TimeElapsedColumn

from compendium.rebuild.display import MARKS
from compendium.rebuild.sweep.sweeping import Swept


class SweepDisplay:
    """Shows points as they end; a context manager around a sweep."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.progress = Progress(
            SpinnerColumn(),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self.bar = self.progress.add_task("points", total=None)

    def __enter__(self) -> Self:
        """Start the live part."""
        self.progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop the live part, whatever happened."""
        self.progress.stop()

    def begin(self, total: int) -> None:
        """Show how many points are to be run."""
        self.progress.update(self.bar, total=total)

    def end(self, name: str, seconds: float, *, failed: bool) -> None:
        """Show a point as ended."""
        self.progress.advance(self.bar)
        mark = MARKS["failed" if failed else "done"]
        self.console.print(f"{mark} {escape(name)}  [dim]{seconds:.1f} s[/]", highlight=False)

    def say(self, sentence: str) -> None:
        """Show a sentence."""
        self.console.print(escape(sentence), highlight=False)


def summarise(console: Console, swept: Swept) -> None:
    """Print what came of a sweep: failures in full, then counts, time and what was collected."""
    for name, message in swept.failed.items():
        console.print(f"\n[red]✗ {escape(name)}[/]\n{escape(message)}", highlight=False)
    for sentence in swept.unrecorded:
        console.print(f"[yellow]{escape(sentence)}[/]", highlight=False)
    counts = f"{swept.ran} run, {swept.fresh} unchanged, {len(swept.failed)} failed"
    console.print(f"{swept.total} points: {counts}; {swept.seconds:.1f} s", highlight=False)
    for path, rows in swept.collected.items():
        console.print(f"collected {path.as_posix()} ({rows} rows)", highlight=False)
