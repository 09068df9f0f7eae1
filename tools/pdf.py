"""The whole book as one PDF, `_build/compendium.pdf`: tagged, with an outline, printed by Chromium.

Jupyter Book writes the book as a single page, and a browser prints it, so that the PDF looks like
the site and no TeX is needed. Without a browser this says so and is no failure.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from bookbuilder import stamp
from bookbuilder.rendering import site, site_cache
from bookbuilder.rendering.renderer import Renderer

ROOT = Path(__file__).resolve().parent.parent
PDF = ROOT / "_build" / "compendium.pdf"
MINUTES = 20.0  # for printing
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
    """Return a Chromium of this machine, or None; a program that CHROMIUM names must be there."""
    named = os.environ.get("CHROMIUM")
    if named and not shutil.which(named):
        sys.exit(f"no PDF: CHROMIUM={named} is no program of this machine: mend or unset it")
    names = ("chromium", "chromium-browser", "google-chrome")
    return named or next(filter(None, map(shutil.which, names)), None)


def single_page(root: Path, work: Path) -> Path:
    """Render a project's book as one page into a folder and return the page."""
    arguments = ["build", str(root / site_cache.BOOK), "--builder", "singlehtml", "--all"]
    arguments += ["--config", str(root / site_cache.CONFIG), "--path-output", str(work)]
    with Renderer(root) as renderer:
        status, log = renderer.render(arguments, {})
    if status:
        sys.exit(f"no PDF: the book could not be rendered as one page\n{site.complaints(log)}")
    made = work / "_build" / "singlehtml"
    stamp.stamp(made, "pdf", stamp.commit(root))
    page = made / "index.html"
    text = page.read_text(encoding="utf-8")
    # A picture leads to its file, which is not in the PDF.
    text = re.sub(r'<a class="[^"]*image-reference"[^>]*>(<img[^>]*>)\s*</a>', r"\1", text)
    # Solutions are folded, and paper cannot be unfolded.
    text = text.replace('<details class="sd-', '<details open class="sd-')
    page.write_text(text, encoding="utf-8")
    return page


def print_page(chromium: str, page: Path, pdf: Path, work: Path) -> None:
    """Print a page; the file appears only when it is complete."""
    sandbox = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    half = work / "half.pdf"
    command = [chromium, *PRINT, *sandbox, f"--user-data-dir={work}", f"--print-to-pdf={half}"]
    try:
        done = subprocess.run(
            [*command, page.as_uri()], capture_output=True, timeout=60 * MINUTES, check=False
        )
    except subprocess.TimeoutExpired:
        sys.exit(f"no PDF: {chromium} had not printed the book after {MINUTES:g} minutes")
    if not half.exists():
        said = done.stderr.decode(errors="replace").splitlines()[-10:]
        sys.exit("\n".join([f"no PDF: {chromium} ended with {done.returncode}", *said]))
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
        print_page(chromium, single_page(ROOT, work), PDF, work)
    print(f"{PDF.relative_to(ROOT).as_posix()}: {PDF.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
