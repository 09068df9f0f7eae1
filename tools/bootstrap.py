"""Fill the environment this is run in from `requirements.lock`, then add the project itself.

Also tells git to leave outputs out of notebooks (see `bookbuilder.jupyter`).

Runs before anything is installed, so it needs the standard library only. pip fetches uv (at the
version and hash of the lock), uv fetches the rest several times faster than pip would.
"""

import contextlib
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.lock"


def pinned(name: str, lock: str) -> str:
    """Return the lines of one package in a lock file: its version and its hashes."""
    lines = lock.splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith(f"{name}=="))
    end = start
    while lines[end].rstrip().endswith("\\"):
        end += 1
    return "\n".join(lines[start : end + 1]) + "\n"


def run(*command: str) -> None:
    """Run a command; end with its status when it fails."""
    status = subprocess.run(command, cwd=ROOT, check=False).returncode
    if status:
        sys.exit(status)


def install_uv() -> None:
    """Fetch uv with pip, hash checked, unless the locked version is there already."""
    wanted = pinned("uv", LOCK.read_text(encoding="utf-8"))
    version = wanted.split("==")[1].split()[0]
    found = subprocess.run(
        [sys.executable, "-m", "uv", "--version"], capture_output=True, text=True, check=False
    )
    if found.stdout.split()[1:2] == [version]:
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "uv.txt"
        path.write_text(wanted, encoding="utf-8")
        run(sys.executable, "-m", "pip", "install", "-q", "--require-hashes", "-r", str(path))


def clean_notebooks() -> None:
    """Tell git to leave outputs out of notebooks; in a folder without git there is none to tell."""
    python = "python" if sys.platform == "win32" else "python3"
    clean = ["filter.notebook.clean", f"{python} src/bookbuilder/jupyter.py"]
    with contextlib.suppress(OSError):
        subprocess.run(["git", "config", *clean], cwd=ROOT, check=False, stderr=subprocess.DEVNULL)


def main() -> None:
    """Install everything and say how long it took."""
    began = time.perf_counter()
    print("installing the locked packages; about a minute on a first run", flush=True)
    install_uv()
    uv = [sys.executable, "-m", "uv", "pip", "install", "-q", "--python", sys.executable]
    run(*uv, "--compile-bytecode", "--require-hashes", "-r", str(LOCK))
    run(*uv, "--no-deps", "--no-build-isolation", "-e", str(ROOT))
    clean_notebooks()
    print(f"environment ready after {time.perf_counter() - began:.0f} s", flush=True)


if __name__ == "__main__":
    main()
