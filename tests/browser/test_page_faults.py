"""Each check of the pages can fail: a tiny page with one fault, and a sound one without any."""

import dataclasses
from pathlib import Path

import page_faults
import pytest
from browse import NARROW, Seen, Setting, look

PIXEL = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="
VALUES = {"run.rate": {"value": 72.6677}}
CARD = "<details class='provenance'><summary>How</summary><dl><dt>a</dt><dd>b</dd></dl></details>"
ALT = "A picture of one grey pixel, which shows nothing at all."
SOUND = f"""<h1>A page</h1><p id="here">Of all <span data-value="run.rate" data-format=".1f"
data-number="72.6677">72.7</span> percent. <a href="#here">Here</a></p>
<figure class="exhibit exhibit-figure" id="one"><figcaption>Figure 1. One pixel.</figcaption>
<div class="exhibit-picture"><img src="{PIXEL}" alt="{ALT}"></div>
<a class="download" href="page.html">CSV</a> <a class="download" href="page.html">SVG</a>{CARD}
</figure>"""


def links_of(seen: Seen) -> list[str]:
    return page_faults.links(seen, page_faults.anchors([seen]), Path())


def numbers_of(seen: Seen) -> list[str]:
    return page_faults.numbers(seen, VALUES)


def light(seen: Seen) -> list[str]:
    return page_faults.too_heavy(seen, budget=100_000)


CHECKS = [
    page_faults.outside,
    page_faults.errors,
    page_faults.images,
    links_of,
    numbers_of,
    page_faults.exhibits,
    page_faults.too_wide,
    page_faults.axe,
    light,
]


FAULTS = [
    ("<h1>", '<script src="http://192.0.2.1/x.js"></script><h1>', page_faults.outside, "192.0.2.1"),
    ("<h1>", "<script>nothing()</script><h1>", page_faults.errors, "nothing is not defined"),
    ("<h1>", '<script src="none.js"></script><h1>', page_faults.errors, "none.js"),
    (PIXEL, "none.gif", page_faults.images, "none.gif"),
    (f'alt="{ALT}"', "", page_faults.images, "alt None"),
    ('href="#here"', 'href="#there"', links_of, "#there"),
    ('href="#here"', 'href="none.html"', links_of, "none.html"),
    ("72.7<", "72.6<", numbers_of, "run.rate reads 72.6, recorded 72.6677"),
    ('number="72.6677"', 'number="72.7"', numbers_of, "recorded 72.6677"),
    ("run.rate", "run.rat", numbers_of, "run.rat reads 72.7, recorded None"),
    (CARD, "", page_faults.exhibits, "one has no card"),
    ('<a class="download" href="page.html">SVG</a>', "", page_faults.exhibits, "no download"),
    (ALT, "A pixel", page_faults.exhibits, "no alternative text"),
    ("<h1>", '<div style="width: 50em">x</div><h1>', page_faults.too_wide, "px too wide"),
    ("<h1>", '<p style="color: #eee">Pale</p><h1>', page_faults.axe, "color-contrast"),
]


def write(path: Path, body: str) -> str:
    head = '<meta charset="utf-8"><title>A page</title><link rel="icon" href="data:,">'
    path.write_text(
        f'<!DOCTYPE html><html lang="en"><head>{head}</head><body><main>{body}</main></body></html>'
    )
    return path.as_uri()


@pytest.fixture(scope="module")
def faulty_seen(tmp_path_factory: pytest.TempPathFactory) -> list[Seen]:
    """Return the sound page, then each faulty one, opened in one go."""
    folder = tmp_path_factory.mktemp("pages")
    bodies = [SOUND, *(SOUND.replace(right, wrong, 1) for right, wrong, *_ in FAULTS)]
    urls = [write(folder / f"page{i}.html", body) for i, body in enumerate(bodies)]
    (folder / "page.html").touch()
    return look(urls, Setting(NARROW, axe=True))


def test_a_sound_page_passes_every_check(faulty_seen: list[Seen]) -> None:
    assert [fault for check in CHECKS for fault in check(faulty_seen[0])] == []


@pytest.mark.parametrize("number", range(len(FAULTS)), ids=lambda i: FAULTS[i][3])
def test_a_fault_is_seen(faulty_seen: list[Seen], number: int) -> None:
    right, _, check, said = FAULTS[number]
    assert right in SOUND
    faults = check(faulty_seen[1 + number])
    assert any(said in fault for fault in faults), faults


def test_a_heavy_page_is_seen(faulty_seen: list[Seen], tmp_path: Path) -> None:
    (tmp_path / "big.js").write_text("0;" * 60_000)
    heavy = dataclasses.replace(faulty_seen[0], loaded=[(tmp_path / "big.js").as_uri()])
    assert "weighs 120,000 of 100,000" in light(heavy)[0]
