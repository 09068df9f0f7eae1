"""How long each task took when it last ran: `_build/seconds.json`.

Kept apart from the records of the runs, which are the same to the byte whenever they are made.
"""

from pathlib import Path

from compendium import files

SECONDS = Path("_build/seconds.json")


def remember(root: Path, measured: dict[str, float]) -> None:
    """Keep the seconds of tasks that have just run beside those of the others."""
    if measured:
        rounded = {name: round(value, 3) for name, value in measured.items()}
        files.write_json(root / SECONDS, dict(sorted({**last(root), **rounded}.items())))


def last(root: Path) -> dict[str, float]:
    """Return the seconds of the last time each task ran; empty when none has, or none is known."""
    try:
        stored: dict[str, float] = files.read_json(root / SECONDS)
    except (OSError, ValueError):  # never written, or not to be read: no more than a loss of clocks
        return {}
    return stored
