"""What a person sees while a build runs, and the summary at its end.

In a terminal: a line per running task with a clock. Elsewhere (a log, CI): one plain line when a
task ends.
"""

from collections import Counter
from collections.abc import Collection
from pathlib import Path
from typing import Self

from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from bookbuilder.engine.collect import EXHIBITS, VALUES
from bookbuilder.engine.runner import Outcome, Report
from bookbuilder.rendering.site import HTML
from compendium import files
from compendium.text import listed

MARKS = {
    "done": "[green]✓[/]",
    "fresh": "[dim]·[/]",
    "stale": "[yellow]○[/]",
    "failed": "[red]✗[/]",
    "skipped": "[yellow]–[/]",
}


class ProgressDisplay:
    """Shows work as it goes on: what ended in lines that stay, with a bar or clocks beneath."""

    def __init__(self, console: Console, *, bar: bool = False) -> None:
        self.console = console
        clocks = (TextColumn("{task.description}"), TimeElapsedColumn())
        counts = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), TextColumn("left"))
        self.progress = Progress(
            SpinnerColumn(),
            *(counts if bar else clocks),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self.running: dict[str, TaskID] = {}

    def __enter__(self) -> Self:
        """Start the live part."""
        self.progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop the live part, whatever happened."""
        self.progress.stop()

    def start(self, name: str, total: int | None = None) -> None:
        """Show something as running, which may be so many pieces of work."""
        self.running[name] = self.progress.add_task(name, total=total)

    def end(self, name: str, seconds: float, *, failed: bool) -> None:
        """Show one piece of work as ended."""
        if name in self.running:
            self.progress.remove_task(self.running.pop(name))
        for task in self.progress.task_ids:
            self.progress.advance(task)
        mark = MARKS["failed" if failed else "done"]
        self.console.print(f"{mark} {escape(name)}  [dim]{seconds:.1f} s[/]", highlight=False)


def summarise(console: Console, root: Path, report: Report) -> None:
    """Print what a build did: failures in full, then counts, verdicts, time and where to look."""
    outcomes = report.outcomes.values()
    for outcome in outcomes:
        if outcome.state == "failed":
            console.print(f"\n[red]✗ {escape(outcome.name)}[/]\n{escape(outcome.message)}")
    notices = list(report.notices)
    if skipped := [outcome.name for outcome in outcomes if outcome.state == "skipped"]:
        notices.append(f"not run, because of that: {', '.join(skipped)}")
    if left := report.left_stale:
        are = "run is" if len(left) == 1 else "runs are"
        notices.append(
            f"{len(left)} other {are} stale ({listed(left)}); "
            "`compendium build` reruns them; until then their pages say so"
        )
    notices += [f"{path} belongs to no run: delete it, or declare it" for path in report.orphans]
    for sentence in [*notices, *report.unread]:
        console.print(f"[yellow]{escape(sentence)}[/]", highlight=False)
    if report.failed:
        return
    states = Counter(outcome.state for outcome in outcomes if outcome.name in report.notebooks)
    kinds = Counter(entry["kind"] for entry in files.read_json(root / EXHIBITS).values())
    verdicts = [  # which the ledger recorded as values
        f"{entry['value']} {key.removeprefix('ledger.verdict_').replace('_', ' ')}"
        for key, entry in files.read_json(root / VALUES).items()
        if key.startswith("ledger.verdict_") and entry["value"]
    ]
    table = _table()
    table.add_row("notebooks", f"{states['done']} run, {states['fresh']} unchanged")
    table.add_row("exhibits", f"{kinds['table']} tables, {kinds['figure']} figures")
    table.add_row("verdicts", ", ".join(verdicts) or "none yet")
    table.add_row("seconds", f"{report.seconds:.1f}")
    if "site" in report.outcomes:
        table.add_row("read it", str(root / HTML / "index.html"))
    console.print(table)


def _table() -> Table:
    return Table(show_header=False, box=None, padding=(0, 2, 0, 0), pad_edge=False)


def list_status(console: Console, outcomes: list[Outcome], runs: Collection[str]) -> None:
    """Print a line per task: fresh, or stale and why; then how many of the `runs` are stale."""
    table = _table()
    for outcome in outcomes:
        why = escape("; ".join(outcome.reasons))
        table.add_row(MARKS[outcome.state], escape(outcome.name), outcome.state, why)
    console.print(table)
    stale = sum(one.state == "stale" for one in outcomes if one.name in runs)
    if stale:
        console.print(f"{stale} of {len(runs)} runs are stale; `compendium build` reruns them")
    elif any(one.state == "stale" for one in outcomes):
        console.print("every run is fresh; `compendium build` brings the rest up to date")
    else:
        console.print("everything is up to date")
