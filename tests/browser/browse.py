"""What a real browser meets on some pages: requests, messages, links, numbers, exhibits, axe.

One visit answers every question about a page at once, a few pages at a time, because opening pages
is what takes the time. What is right or wrong is not decided here, but in `page_faults`.
"""

import asyncio
import os
import shutil
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
#: The site to look at; another folder for trials.
SITE = Path(os.environ.get("COMPENDIUM_HTML", ROOT / "_build" / "html"))
#: Whether to look closely at one page of each kind only.
QUICK = os.environ.get("SITE_TESTS") == "quick"
#: One page of each kind: front, chapter, glossary, search, figures, tables, formulas, tools,
#: functions, lists.
KINDS = [
    "index",
    "rebuild",
    "glossary",
    "search",
    "take_away",
    "notebooks/content_tailoring",
    "notebooks/joint_display",
    "notebooks/ledger",
    "notebooks/codes_system_structures",
    "notebooks/methods",
    "notebooks/exercises",
    "notebooks/explorer",
    "api_survey",
    *([] if QUICK else ["districts", "references", "certificate", "data_dictionary"]),
]
#: Nothing that would go to the network by itself.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
]
WIDE, NARROW = (1440, 1000), (375, 800)
AT_ONCE = 3
STILL = "*, *::before, *::after { transition: none !important; animation: none !important; }"
FACTS = """() => ({
  links: [...document.querySelectorAll("a[href]")].map(a => a.href),
  ids: [...document.querySelectorAll("[id], a[name]")].map(e => e.id || e.name),
  images: [...document.images].map(i => ({
    src: i.src, loaded: i.complete && i.naturalWidth > 0, alt: i.getAttribute("alt") })),
  numbers: [...document.querySelectorAll("[data-value]")].map(e => ({
    key: e.dataset.value, form: e.dataset.format, raw: e.dataset.number, text: e.textContent })),
  exhibits: [...document.querySelectorAll("figure.exhibit")].map(f => ({
    name: f.id, figure: f.classList.contains("exhibit-figure"),
    caption: f.querySelector("figcaption")?.textContent.trim() || "",
    card: !!f.querySelector("details.provenance dl"),
    downloads: [...f.querySelectorAll("a.download")].map(a => a.href),
    alt: f.querySelector(".exhibit-picture img")?.alt || "",
    cells: f.querySelectorAll("td, tbody th").length })),
})"""
OVERFLOW = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
OPEN_ALL = "() => document.querySelectorAll('details').forEach(d => { d.open = true; })"
# axe takes most of its time for cells and for words of code, and rows and listings are all alike.
FEW_ROWS = """([rows, listings]) => {
  document.querySelectorAll(`tbody tr:nth-child(n+${rows + 1})`).forEach(r => r.remove());
  [...document.querySelectorAll(".highlight pre")].slice(listings).forEach(p => p.remove());
}"""
ROWS_AND_LISTINGS = [4, 3] if QUICK else [12, 50]
PICTURES = """() => Promise.all([...document.images].map(picture => {
  picture.loading = "eager";
  return picture.decode().catch(() => {});
}))"""
AXE = """async () => {
  const found = await axe.run(document, { resultTypes: ["violations"], preload: false });
  return found.violations.flatMap(
    v => v.nodes.map(n => `${v.id}: ${n.html.slice(0, 160)}`));
}"""


@dataclass
class Seen:
    """What was seen of one page."""

    url: str
    errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    loaded: list[str] = field(default_factory=list)  # requests before a reader has scrolled
    failed: list[str] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)
    violations: list[str] = field(default_factory=list)
    overflow: int = 0  # pixels that stand out at the narrow width, everything opened

    @property
    def name(self) -> str:
        """The page's place in the site, for messages."""
        return "/".join(self.url.split("/")[-2:])


@dataclass(frozen=True)
class Setting:
    """How a page is opened."""

    size: tuple[int, int] = WIDE
    scheme: str = "light"
    axe: bool = False


def chromium() -> str | None:
    """Return the browser of this machine, or None."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = [os.environ.get("CHROMIUM"), *map(shutil.which, names)]
    return next((path for path in found if path), None)


def pages(site: Path) -> list[Path]:
    """Return the pages of a site, without the theme's and those that lead on to another."""
    found = [p for p in sorted(site.rglob("*.html")) if "_static" not in p.parts]
    return [p for p in found if 'http-equiv="refresh"' not in p.read_text(encoding="utf-8")]


def look(urls: Iterable[str], setting: Setting) -> list[Seen]:
    """Open pages and return what was seen of each; in a thread, as a test's browser is open."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, _look_at_all(list(urls), setting)).result()


def opened(
    browser: Any,
    name: str,
    *,
    query: str = "",
    size: tuple[int, int] = WIDE,
    script: bool = True,
) -> Any:
    """Open a page of the book from its folder, in a browser that a test keeps, and return it."""
    width, height = size
    context = browser.new_context(
        viewport={"width": width, "height": height}, java_script_enabled=script
    )
    page = context.new_page()
    page.goto((SITE / f"{name}.html").as_uri() + query)
    return page


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder over http on this machine and yield its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Say nothing."""


async def _look_at_all(urls: list[str], setting: Setting) -> list[Seen]:
    from playwright.async_api import async_playwright

    all_seen = [Seen(url) for url in urls]
    waiting = iter(all_seen)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        await asyncio.gather(*(_look_on(browser, waiting, setting) for _ in range(AT_ONCE)))
        await browser.close()
    return all_seen


async def _look_on(browser: Any, waiting: Iterator[Seen], setting: Setting) -> None:
    """Look at one after another in a single tab: a new one takes as long as the page itself."""
    width, height = setting.size
    context = await browser.new_context(color_scheme=setting.scheme)
    context.set_default_navigation_timeout(120_000)  # a busy machine is not a broken page
    page = await context.new_page()
    for seen in waiting:
        await page.set_viewport_size({"width": width, "height": height})
        with _listening(page, seen):
            await _look_at(page, seen, setting)
        await page.goto("about:blank")  # what the page left undone is not told of the next one


@contextmanager
def _listening(page: Any, seen: Seen) -> Iterator[None]:
    """Write down what a page asks for and complains of."""
    hear = {
        "request": lambda request: seen.requests.append(request.url),
        "requestfailed": lambda request: seen.failed.append(request.url),
        "response": lambda r: seen.failed.append(r.url) if r.status >= 400 else None,
        "pageerror": lambda error: seen.errors.append(str(error)),
        "console": lambda m: seen.errors.append(m.text) if m.type == "error" else None,
    }
    for event, ear in hear.items():
        page.on(event, ear)
    yield
    for event, ear in hear.items():
        page.remove_listener(event, ear)


async def _look_at(page: Any, seen: Seen, setting: Setting) -> None:
    await page.goto(seen.url)
    await page.add_style_tag(content=STILL)
    seen.loaded = list(seen.requests)
    await page.evaluate(PICTURES)
    seen.facts = await page.evaluate(FACTS)
    await page.evaluate(OPEN_ALL)
    await page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
    seen.overflow = await page.evaluate(OVERFLOW)
    if setting.axe:
        width, height = setting.size
        await page.set_viewport_size({"width": width, "height": height})
        await page.evaluate(FEW_ROWS, ROWS_AND_LISTINGS)
        await page.evaluate(_axe())
        seen.violations = await page.evaluate(AXE)


def _axe() -> str:
    import axe_playwright_python

    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
