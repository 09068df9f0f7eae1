"""What a person sees of a sweep: a line per point, and in a terminal a bar with a clock."""

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn

from compendium.rebuild.display import LiveDisplay
from compendium.rebuild.sweep.sweeping import Swept


class SweepDisplay(LiveDisplay):
    """Shows points as they end."""

    def __init__(self, console: Console) -> None:
        super().__init__(console, BarColumn(), MofNCompleteColumn())
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
    """Print what came of a sweep: failures in full, then counts, time and what was collected."""
    for name, message in swept.failed.items():
        console.print(f"\n[red]✗ {escape(name)}[/]\n{escape(message)}", highlight=False)
    for sentence in swept.unrecorded:
        console.print(f"[yellow]{escape(sentence)}[/]", highlight=False)
    counts = f"{swept.ran} run, {swept.fresh} unchanged, {len(swept.failed)} failed"
    console.print(f"{swept.total} points: {counts}; {swept.seconds:.1f} s", highlight=False)
    for path, rows in swept.collected.items():
        console.print(f"collected {path.as_posix()} ({rows} rows)", highlight=False)
