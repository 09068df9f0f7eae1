"""Tests that are known to fail, each with what is to be mended; the list is to become empty."""

import pytest

RENAMES = "since figures draw bands, a name of this notebook changes its type"
TRIALS = "the page no longer shows what this parameter changed; offer another, or none"
WIDE = "a page that landed last is wider than a telephone"
KNOWN = {
    "often_its_cells_run[16_professional_development.ipynb]": RENAMES,
    "often_its_cells_run[15_competencies.ipynb]": RENAMES,
    "often_its_cells_run[12_reconstruction.ipynb]": RENAMES,
    "make_of_it[reconstruction reconstructions=5]": TRIALS,
    "make_of_it[remediation_advancement interval=wilson]": TRIALS,
    "test_no_page_scrolls_sideways_on_a_telephone": WIDE,
    "test_a_heading_sorts_both_ways_by_keyboard": "the table that it sorts has changed",
}


def mark(items: list[pytest.Item]) -> None:
    """Expect the known faults, and nothing else, to fail."""
    for item in items:
        for end, reason in KNOWN.items():
            if item.nodeid.endswith(end):
                item.add_marker(pytest.mark.xfail(reason=reason, strict=False))
