"""The browser tests need Chromium, its driver and a finished book; what is missing is said."""

import importlib.util
import json
import os
from collections.abc import Iterator

import pytest
import yaml
from browse import FLAGS, KINDS, QUICK, ROOT, SITE, Seen, Setting, chromium, look, pages


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


@pytest.fixture
def browser(one_browser: "Browser") -> Iterator["Browser"]:  # noqa: F821 - may be missing
    """Yield the browser, and close what a test opened in it."""
    yield one_browser
    for context in one_browser.contexts:
        context.close()


@pytest.fixture(scope="session")
def one_browser() -> Iterator["Browser"]:  # noqa: F821 - the driver may be missing
    """Yield a browser, one for all tests of a worker."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield made
        made.close()


@pytest.fixture(scope="session")
def site_seen() -> list[Seen]:
    """Return every page of the book as seen from a folder, wide and light.

    Of the pages that one notebook makes many times, axe looks at the first; where it is told to be
    quick, at one page of each kind.
    """
    again, kinds = repeated(), {(SITE / f"{name}.html").as_uri() for name in KINDS}
    urls = {page.as_uri(): page.stem for page in pages(SITE)}
    first = [url for url, stem in urls.items() if (url in kinds if QUICK else stem not in again)]
    rest = [url for url in urls if url not in first]
    return [*look(first, Setting(axe=True)), *look(rest, Setting())]


def repeated() -> set[str]:
    """Return the runs whose notebook another run before them shows already."""
    runs = yaml.safe_load((ROOT / "notebooks" / "runs.yml").read_text(encoding="utf-8"))
    notebooks = [run["notebook"] for run in runs.values()]
    return {name for i, name in enumerate(runs) if notebooks[i] in notebooks[:i]}
