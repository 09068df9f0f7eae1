"""The one place that sets how figures look.

Colours are Okabe and Ito's (2008), told apart by readers with colour blindness. Grey does not tell
them all apart, so series also differ in place, mark or hatching. Every figure is as wide as a
phone's column, where a letter of 11 points has 11 pixels; what needs more room grows downwards. The
same figure gives the same bytes of SVG (fixed identifiers, no date), and text stays text.
"""

import io
from textwrap import fill
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
from cycler import cycler
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

INK = "#1f2933"
MUTED = "#697586"
GRID = "#d9dee5"
BLUE, ORANGE, GREEN, PURPLE, SKY = "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9"
PALETTE = [BLUE, ORANGE, GREEN, PURPLE, SKY]
#: Inches of a figure, 340 points, shown as 340 pixels on a phone; letters of a title in a line.
WIDTH, TITLE_LETTERS = 340 / 72, 44

SETTINGS: dict[Any, Any] = {
    "figure.figsize": (WIDTH, 3.6),
    "figure.constrained_layout.use": True,
    "figure.facecolor": "white",
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans", "Verdana"],  # what measures here, what a reader may have
    "font.size": 11,
    "axes.edgecolor": MUTED,
    "axes.labelcolor": INK,
    "axes.titlelocation": "left",
    "axes.titleweight": "bold",
    "axes.titlesize": 12,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.prop_cycle": cycler(color=PALETTE),
    "grid.color": GRID,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "legend.frameon": False,
    "svg.fonttype": "none",
    "svg.hashsalt": "compendium",
}


def use() -> None:
    """Set the style for all figures of a notebook."""
    mpl.rcParams.update(SETTINGS)


def headline(fig: Figure, text: str) -> None:
    """Write the finding over the whole width of a figure, over as many lines as it needs.

    Examples
    --------
    >>> fig = Figure()
    >>> headline(fig, "Schedules help and hinder")
    >>> fig.get_suptitle()
    'Schedules help and hinder'
    """
    looks: dict[str, Any] = {"ha": "left", "fontweight": "bold", "fontsize": 12}
    fig.suptitle(fill(text, TITLE_LETTERS), x=0.01, **looks)


def to_svg(fig: Figure, name: str) -> str:
    """Return a figure as SVG text, the same bytes for the same figure, and close it."""
    # Identifiers of its own for each figure: two on one page must not share them.
    with mpl.rc_context({"svg.hashsalt": f"compendium-{name}"}):
        buffer = io.StringIO()
        _lay_out(fig)
        fig.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    plt.close(fig)
    return "\n".join(line.rstrip() for line in buffer.getvalue().splitlines()) + "\n"


def _lay_out(fig: Figure) -> None:
    """Settle the layout once; savefig would settle it twice, over a drawing that it throws away."""
    engine = fig.get_layout_engine()
    if engine is not None:
        FigureCanvasSVG(fig)
        fig.set_dpi(72)  # of SVG
        engine.execute(fig)
        with mpl.rc_context({"figure.constrained_layout.use": False}):
            fig.set_layout_engine(None)
