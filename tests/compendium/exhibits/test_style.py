"""Figures give the same bytes each time, and identifiers that do not clash on a page."""

import io
import re
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from small_project import ROOT

from compendium.exhibits import charts, style


def drawn(name: str) -> str:
    figure = Figure(figsize=(2, 2))
    figure.subplots().plot([0, 1], [0, 1], clip_on=True)
    return style.to_svg(figure, name)


def test_the_same_figure_gives_the_same_bytes() -> None:
    assert drawn("a") == drawn("a")


def test_clip_paths_of_two_figures_do_not_share_an_id() -> None:
    clips = [set(re.findall(r'<clipPath id="([^"]+)"', drawn(name))) for name in "ab"]
    assert clips[0]
    assert not clips[0] & clips[1]


def test_no_date_and_no_creator() -> None:
    assert "<dc:date>" not in drawn("a")
    assert "Matplotlib v" not in drawn("a")


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]  # WCAG 2.2


def test_text_is_readable_on_white() -> None:
    for colour in (style.INK, style.MUTED):
        assert 1.05 / (luminance(colour) + 0.05) >= 4.5


# Machado, Oliveira and Fernandes (2009), severity 1.0, on linear sRGB; grey after BT.709.
SEEN_BY = {
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "everyone else": np.eye(3),
    "grey": [[0.2126, 0.7152, 0.0722]] * 3,
}
TO_XYZ = [
    [0.4124564, 0.3575761, 0.1804375],
    [0.2126729, 0.7151522, 0.0721750],
    [0.0193339, 0.1191920, 0.9503041],
]
BLIND = ["protanopia", "deuteranopia"]


def lab(colour: str, sight: str) -> np.ndarray:
    """Return CIELAB (D65) of a colour as a reader of that sight sees it."""
    coded = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    linear = np.where(coded <= 0.04045, coded / 12.92, ((coded + 0.055) / 1.055) ** 2.4)
    xyz = TO_XYZ @ np.clip(SEEN_BY[sight] @ linear, 0, 1) / [0.95047, 1, 1.08883]
    x, y, z = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def closest(pairs: Sequence[tuple[str, str]], sight: str) -> float:
    return min(float(np.linalg.norm(lab(a, sight) - lab(b, sight))) for a, b in pairs)


@pytest.mark.parametrize("sight", BLIND)
def test_colours_of_series_are_told_apart_by_the_colour_blind(sight: str) -> None:
    assert closest(list(combinations(style.PALETTE, 2)), sight) >= 15


@pytest.mark.parametrize(
    ("one", "other", "sight"),
    [("#b8860b", "#7fa50b", "deuteranopia"), ("#8c8c00", "#c07800", "protanopia")],
)
def test_colours_that_the_colour_blind_take_for_one_are_found(one, other, sight) -> None:
    assert closest([(one, other)], sight) < 15
    assert closest([(one, other)], "everyone else") > 30


GREY = np.array([0.213, 0.715, 0.072])  # as Filter Effects Module Level 1 weighs red, green, blue


class Dark:
    """Colours as the dark page shows them: inverted, hues turned back, more vivid."""

    def __init__(self, css: str) -> None:
        form = r"filter: invert\(([\d.]+)\) hue-rotate\(180deg\) saturate\(([\d.]+)\)"
        found = re.search(form, css)
        assert found
        self.paper, self.saturation = map(float, found.groups())

    def __call__(self, colour: str) -> str:
        coded = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
        inverted = self.paper - (2 * self.paper - 1) * coded
        turned = np.clip(2 * GREY @ inverted - inverted, 0, 1)
        grey = GREY @ turned
        seen = np.clip(grey + self.saturation * (turned - grey), 0, 1)
        return "#" + "".join(f"{round(255 * part):02x}" for part in seen)


@pytest.fixture(scope="module")
def dark() -> Dark:
    return Dark((ROOT / "book" / "_static" / "compendium.css").read_text(encoding="utf-8"))


def test_white_paper_is_the_dark_page(dark: Dark) -> None:
    assert dark("#ffffff") == "#121212"  # --pst-color-background of the theme


def contrast(one: str, other: str) -> float:
    dim, bright = sorted([luminance(one), luminance(other)])
    return (bright + 0.05) / (dim + 0.05)


@pytest.mark.parametrize("colour", [style.INK, style.MUTED, *style.PALETTE])
def test_nothing_fades_in_the_dark(colour: str, dark: Dark) -> None:
    assert contrast(dark(colour), dark("#ffffff")) >= min(contrast(colour, "#ffffff"), 7)


def test_what_fades_in_the_dark_is_found() -> None:
    dim = Dark("filter: invert(0.7) hue-rotate(180deg) saturate(1)")
    assert contrast(dim(style.BLUE), dim("#ffffff")) < contrast(style.BLUE, "#ffffff")


def band_colour() -> tuple[str, float]:
    """Return the colour and the opacity of the band that says what the report allows."""
    axes = Figure().subplots()
    row = {"row": ["q1"], "share": [None], "lower": [0.2], "upper": [0.6]}
    charts.share_marks(axes, pd.DataFrame(row), ["q1"])
    *parts, opacity = axes.patches[0].get_facecolor()
    return "#" + "".join(f"{round(255 * part):02x}" for part in parts), opacity


def on_white(colour: str, opacity: float) -> str:
    parts = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return "#" + "".join(f"{round(opacity * part + (1 - opacity) * 255):02x}" for part in parts)


def test_bands_are_seen_in_the_dark_and_in_the_light(dark: Dark) -> None:
    seen = on_white(*band_colour())
    assert contrast(seen, "#ffffff") >= 3
    assert contrast(dark(seen), dark("#ffffff")) >= 3


def test_a_band_too_faint_to_be_seen_is_found(dark: Dark) -> None:
    faint = on_white(band_colour()[0], 0.6)
    assert contrast(faint, "#ffffff") < 3
    assert contrast(dark(faint), dark("#ffffff")) < 3


@pytest.mark.parametrize("sight", [*BLIND, "everyone else"])
def test_colours_of_series_are_told_apart_in_the_dark(sight: str, dark: Dark) -> None:
    seen = [dark(colour) for colour in style.PALETTE]
    assert closest(list(combinations(seen, 2)), sight) >= 15


def test_colours_that_the_dark_brings_together_are_found() -> None:
    plain = Dark("filter: invert(0.93) hue-rotate(180deg) saturate(1)")
    seen = [plain(colour) for colour in style.PALETTE]
    assert closest(list(combinations(seen, 2)), "protanopia") < 15


@pytest.mark.parametrize("key", ["svg.fonttype", "figure.constrained_layout.use"])
def test_use_sets_the_style(key: str) -> None:
    import matplotlib as mpl

    with mpl.rc_context():
        style.use()
        assert mpl.rcParams[key] == style.SETTINGS[key]


def two_panels(title: str) -> Figure:
    figure = Figure(figsize=(5, 3))
    axes = figure.subplots(1, 2)
    axes[0].barh(["a long name of a row", "b"], [0.2, 0.9])
    axes[1].set(title=title, xlabel="Share")
    return figure


def test_a_layout_settled_once_is_the_one_that_savefig_settles() -> None:
    import matplotlib as mpl

    with mpl.rc_context():
        style.use()
        usual, plain = io.StringIO(), two_panels("Title")
        with mpl.rc_context({"svg.hashsalt": "compendium-x"}):
            plain.savefig(usual, format="svg", metadata={"Date": None, "Creator": None})
        lines = [line.rstrip() for line in usual.getvalue().splitlines()]
        assert style.to_svg(two_panels("Title"), "x").splitlines() == lines
        assert style.to_svg(two_panels("A title"), "x").splitlines() != lines


PHONE, READABLE = 340, 11  # pixels of a phone's column, and of its smallest letters


def smallest_text(svg: str) -> float:
    """Return how many pixels the smallest text of a picture has on a phone."""
    width = re.search(r'viewBox="0 0 ([\d.]+)', svg)
    sizes = re.findall(r"font(?:-size)?: (?:[a-z]+ |\d+ )*([\d.]+)px", svg)
    assert width
    assert sizes, "the text is drawn, not written"
    return min(map(float, sizes)) * PHONE / float(width[1])


FIGURES = sorted((ROOT / "results" / "figures").glob("*.svg"))


@pytest.mark.parametrize("figure", FIGURES, ids=[path.stem for path in FIGURES])
def test_every_figure_is_readable_on_a_phone(figure: Path) -> None:
    assert smallest_text(figure.read_text(encoding="utf-8")) >= READABLE - 0.01


def test_letters_too_small_for_a_phone_are_found() -> None:
    import matplotlib as mpl

    with mpl.rc_context():
        style.use()
        wide, small = two_panels("Title"), Figure()
        small.subplots().set_title("Title", fontsize=8)
        fitting = Figure()
        style.headline(fitting, "Title")
        readable = [smallest_text(style.to_svg(figure, "x")) for figure in (wide, small, fitting)]
    assert [pixels >= READABLE - 0.01 for pixels in readable] == [False, False, True]
