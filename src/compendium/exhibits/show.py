"""How an exhibit shows itself in a notebook.

JupyterLab takes the picture or the HTML table; the book takes the Markdown, a directive that
renders the exhibit from `results/` with its number, downloads and provenance.
"""

from dataclasses import dataclass
from html import escape
from typing import Any

import pandas as pd

from compendium.exhibits import render


@dataclass(frozen=True)
class Shown:
    """A recorded exhibit as the last value of a cell."""

    name: str
    caption: str
    frame: pd.DataFrame | None = None
    display: dict[str, Any] | None = None
    svg: str = ""
    alt: str = ""

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        """Return the exhibit for the book (Markdown) and for JupyterLab (HTML)."""
        return {
            "text/markdown": f"```{{exhibit}} {self.name}\n```",
            "text/html": self._html(),
            "text/plain": f"{self.name}: {self.caption}",
        }

    def _html(self) -> str:
        caption = f"<figcaption>{escape(self.caption)}</figcaption>"
        if self.frame is not None and self.display is not None:
            body = render.table_html(self.frame, self.display)
        else:
            body = self.svg[self.svg.index("<svg") :]
            body = body.replace("<svg ", f'<svg role="img" aria-label="{escape(self.alt)}" ', 1)
        return f"<figure>{caption}{body}</figure>"
