"""The browser tests need Chromium, its driver and a finished book; what is missing is said."""

import importlib.util
import json
import os

import pytest
from browse import ROOT, SITE, Seen, Setting, chromium, look, pages


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    lacking = [
        said
        for said, there in {
            "Chromium (or CHROMIUM=path)": chromium(),
            "the driver: `make test-site` fetches it": importlib.util.find_spec("playwright"),
            "the book: `make book` makes it": (SITE / "index.html").exists(),
        }.items()
        if not there
    ]
    if not lacking:
        return
    notice = f"not looked at in a browser; missing: {'; '.join(lacking)}"
    if os.environ.get("REQUIRE_BROWSER") == "1":
        raise pytest.UsageError(notice)
    for item in items:
        item.add_marker(pytest.mark.skip(reason=notice))


@pytest.fixture(scope="session")
def values() -> dict[str, dict[str, float]]:
    """Return the recorded numbers, read here and not by the code that quotes them."""
    return json.loads((ROOT / "results" / "values.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def site_seen() -> list[Seen]:
    """Return every page of the book as seen from a folder, wide and light."""
    return look([page.as_uri() for page in pages(SITE)], Setting(axe=True))
