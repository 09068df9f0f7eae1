"""A page offers what its addresses allow: a preview with a picture, a notebook that opens."""

import pytest

from bookbuilder.site import addresses


@pytest.mark.parametrize("address", ["", "https://example.org/x", "https://github.com/x"])
def test_without_a_repository_nothing_opens(address: str) -> None:
    assert addresses.launch_links(address, "notebooks/x.ipynb") == []


def test_a_preview_has_a_picture_only_where_its_address_is_known() -> None:
    said = ("A & B", "What it says.", "The book")
    assert "og:image" not in addresses.preview_tags(*said)
    made = addresses.preview_tags(*said, "https://ada.github.io/project/", "notebooks/x.html")
    for content in (
        "A &amp; B",
        "https://ada.github.io/project/notebooks/x.html",
        f"https://ada.github.io/project/{addresses.PICTURE}",
    ):
        assert f'content="{content}"' in made
