"""The whole book as one PDF, `_build/compendium.pdf`: tagged, with an outline, printed by Chromium.

Jupyter Book writes the book as a single page, and a browser prints it, so that the PDF looks like
the site and no TeX is needed. Without a browser this says so and is no failure.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from compendium import stamp
from compendium.context import ROOT_VARIABLE

ROOT = Path(__file__).resolve().parent.parent
PDF = ROOT / "_build" / "compendium.pdf"
START = "from jupyter_book.cli.main import main; main()"  # the package has no __main__
PRINT = [
    "--headless=new",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--no-pdf-header-footer",
    "--generate-pdf-document-outline",
    "--export-tagged-pdf",
    "--virtual-time-budget=60000",
]


def browser() -> str | None:
    """Return a Chromium of this machine, or None."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = [os.environ.get("CHROMIUM"), *map(shutil.which, names)]
    return next((path for path in found if path), None)


def single_page(work: Path) -> Path:
    """Render the book as one page into a folder and return the page."""
    given = ["--builder", "singlehtml", "--all", "--config", str(ROOT / "_config.yml")]
    command = [sys.executable, "-c", START, "build", str(ROOT / "book"), *given]
    subprocess.run(
        [*command, "--path-output", str(work)],
        cwd=ROOT,
        env=os.environ | {ROOT_VARIABLE: str(ROOT)},
        check=True,
        capture_output=True,
    )
    made = work / "_build" / "singlehtml"
    stamp.stamp(made, "pdf", stamp.commit(ROOT))
    page = made / "index.html"
    text = page.read_text(encoding="utf-8")
    # Solutions are folded, and paper cannot be unfolded.
    text = text.replace('<details class="sd-', '<details open class="sd-')
    page.write_text(text, encoding="utf-8")
    return page


def print_page(chromium: str, page: Path, pdf: Path, profile: Path) -> None:
    """Print a page; the file appears only when it is complete."""
    sandbox = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    half = profile / "half.pdf"
    command = [chromium, *PRINT, *sandbox, f"--user-data-dir={profile}", f"--print-to-pdf={half}"]
    subprocess.run([*command, page.as_uri()], check=True, capture_output=True, timeout=1200)
    pdf.parent.mkdir(exist_ok=True)
    shutil.move(half, pdf)


def main() -> None:
    """Make the PDF, or say why not."""
    chromium = browser()
    if chromium is None:
        print("no PDF: it is printed by Chromium, which is not here (or set CHROMIUM=path)")
        return
    if not (ROOT / "_build" / "html" / "index.html").exists():
        sys.exit("no book yet: run `make book` first")
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        print_page(chromium, single_page(work), PDF, work)
    print(f"{PDF.relative_to(ROOT).as_posix()}: {PDF.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
