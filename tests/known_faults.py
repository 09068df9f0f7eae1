"""Tests that are known to fail, each with what is to be mended; the list is to become empty."""

import pytest

WIDE = "a page that landed last is wider than a telephone"
KNOWN = {
    "test_no_page_scrolls_sideways_on_a_telephone": WIDE,
    "test_a_heading_sorts_both_ways_by_keyboard": "the table that it sorts has changed",
}


def mark(items: list[pytest.Item]) -> None:
    """Expect the known faults, and nothing else, to fail."""
    for item in items:
        for end, reason in KNOWN.items():
            if item.nodeid.endswith(end):
                item.add_marker(pytest.mark.xfail(reason=reason, strict=False))
