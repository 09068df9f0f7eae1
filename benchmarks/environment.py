"""Say what a measurement was made on: machine, system, versions. No names, no paths."""

from __future__ import annotations

import datetime
import os
import platform
import subprocess
from pathlib import Path

from harness import PYTHONS

LIBRARIES = {
    "project": ["compendium", "numpy", "pandas", "scipy", "statsmodels"],
    "peers": ["svy", "polars", "duckdb", "ipfn", "qdaPy", "krippendorff", "numpy", "pandas"],
    "older": ["balance", "weightipy", "numpy", "pandas"],
}
STRANDS = {
    "survey": LIBRARIES,
    "coding": LIBRARIES,
    "engine": {
        "project": ["compendium", "doit", "papermill", "nbclient", "ipykernel", "pandas"],
        "engines": ["snakemake", "doit", "dvc", "ploomber"],
    },
}


def describe(strand: str) -> list[dict[str, str]]:
    """Return one row per fact about a strand: the part it belongs to, its name and its value."""
    rows = [{"part": "machine", "name": name, "value": value} for name, value in machine().items()]
    for environment, names in STRANDS[strand].items():
        versions = ask(PYTHONS[environment], names)
        rows += [
            {"part": environment, "name": name, "value": version}
            for name, version in zip(names, versions, strict=True)
        ]
    return rows


def machine() -> dict[str, str]:
    """Say what the machine is."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    return {
        "day": datetime.datetime.now(tz=datetime.UTC).date().isoformat(),
        "processor": processor(),
        "cores": str(os.cpu_count()),
        "threads of a core": threads(),
        "memory": f"{memory:.0f} GB",
        "system": system(),
        "Python": platform.python_version(),
    }


def processor() -> str:
    """Name the processor."""
    listed = Path("/proc/cpuinfo")
    if listed.exists():
        for line in listed.read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


def threads(
    listed: Path = Path("/sys/devices/system/cpu/cpu0/topology/thread_siblings_list"),
) -> str:
    """Say how many of the counted cores are threads of one: two of one do less than two cores."""
    if not listed.exists():
        return "not known"
    spans = [span.split("-") for span in listed.read_text().strip().split(",")]
    return str(sum(int(span[-1]) - int(span[0]) + 1 for span in spans))


def system() -> str:
    """Name the operating system."""
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError):
        return f"{platform.system()} {platform.release()}"


def ask(python: Path, names: list[str]) -> list[str]:
    """Ask an environment for versions."""
    code = (
        "import sys; from importlib.metadata import version; "
        "print(*(version(name) for name in sys.argv[1:]))"
    )
    command = [str(python), "-c", code, *names]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
