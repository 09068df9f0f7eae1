"""Figures give the same bytes each time, and identifiers that do not clash on a page."""

import re

import pytest
from matplotlib.figure import Figure

from compendium.exhibits import style


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


def test_neighbours_on_the_diverging_scale_differ_in_grey() -> None:
    grey = [luminance(colour) for colour in style.DIVERGING]
    assert grey[0] + 0.15 < grey[1]
    assert grey[2] > grey[3] + 0.15


@pytest.mark.parametrize("key", ["svg.fonttype", "figure.constrained_layout.use"])
def test_use_sets_the_style(key: str) -> None:
    import matplotlib as mpl

    with mpl.rc_context():
        style.use()
        assert mpl.rcParams[key] == style.SETTINGS[key]
