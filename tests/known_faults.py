"""Tests that are known to fail, each with what is to be mended; the list is to become empty."""

import pytest

#: How the name of a test ends, and what is to be mended.
KNOWN: dict[str, str] = {}


def mark(items: list[pytest.Item]) -> None:
    """Expect the known faults, and nothing else, to fail."""
    for item in items:
        for end, reason in KNOWN.items():
            if item.nodeid.endswith(end):
                item.add_marker(pytest.mark.xfail(reason=reason, strict=False))
