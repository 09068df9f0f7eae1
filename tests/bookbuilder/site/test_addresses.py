"""A page offers what its addresses allow: a preview with a picture, a notebook that opens."""

import pytest

from bookbuilder import documents
from bookbuilder.site import addresses


@pytest.mark.parametrize("address", ["", "https://example.org/x", "https://github.com/x"])
def test_without_a_repository_nothing_opens(address: str) -> None:
    assert addresses.launch_links(address, "notebooks/x.ipynb") == []


def test_a_preview_has_a_picture_only_where_its_address_is_known() -> None:
    said = {"title": "A & B", "text": "What it says.", "book": "The book"}
    said["page"] = "notebooks/x.html"
    assert "og:image" not in documents.fill("preview.html", address="", **said)
    made = documents.fill("preview.html", address="https://ada.github.io/project", **said)
    for content in (
        "A &amp; B",
        "https://ada.github.io/project/notebooks/x.html",
        "https://ada.github.io/project/_static/preview.png",
    ):
        assert f'content="{content}"' in made
