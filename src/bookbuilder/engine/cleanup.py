"""What a killed build has left half done: stages, pages not in place, files half written."""

import shutil
from collections.abc import Mapping
from pathlib import Path

from bookbuilder.plan import Run
from bookbuilder.plan.run import PAGES
from bookbuilder.rendering.site import HTML
from compendium import files

#: Where each run is executed.
STAGES = Path("_build/stages")
#: Folders of `_build` that hold rendered pages.
RENDERED = ("html", "site")


def remove(root: Path, runs: Mapping[str, Run]) -> None:
    """Remove them, and pages of runs that the plan no longer has; nobody else may be at work."""
    for page in (root / PAGES).glob("*.ipynb"):
        if page.stem not in runs:
            page.unlink()
    shutil.rmtree(root / STAGES, ignore_errors=True)
    for made in (root / "_build").glob("site-*"):
        if (made / "former").exists() and not (root / HTML).exists():
            (made / "former").rename(root / HTML)  # killed between two renames
        shutil.rmtree(made, ignore_errors=True)
    for folder in (root / "results", root / "book/notebooks", *(root / "_build").glob("*/")):
        # Nothing of ours is written among the pages, which are many.
        files.remove_temporaries(folder, deep=folder.name not in RENDERED)
    files.remove_temporaries(root / "_build", deep=False)
