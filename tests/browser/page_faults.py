"""What is wrong with a page, from what a browser saw of it: one function a question.

Each returns sentences, none when all is well, so that a failing test lists every fault of the site.
"""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urldefrag, urlsplit

from browse import Seen

#: Bytes a reader has to load for a page, type and pictures included.
BUDGET = 600_000
LOCAL = ("file:", "data:", "blob:", "about:", "http://127.0.0.1:")


def all_of(seen: list[Seen], question: Callable[..., list[str]], *given: object) -> list[str]:
    """Return the faults that a question finds on any of the pages."""
    return [fault for one in seen for fault in question(one, *given)]


def outside(seen: Seen) -> list[str]:
    """Requests that leave the machine."""
    return [f"{seen.name} asks for {u}" for u in seen.requests if not u.startswith(LOCAL)]


def errors(seen: Seen) -> list[str]:
    """Messages of failing scripts, and files that do not come."""
    return [f"{seen.name}: {text}" for text in [*seen.errors, *seen.failed]]


def images(seen: Seen) -> list[str]:
    """Pictures that do not load, or say nothing to who cannot see them."""
    bad = [i for i in seen.facts["images"] if not i["loaded"] or i["alt"] is None]
    return [f"{seen.name}: picture {i['src']}, alt {i['alt']!r}" for i in bad]


def links(seen: Seen, ids: Mapping[str, set[str]], site: Path) -> list[str]:
    """Links to a file or an anchor of the site that is not there.

    `ids` has the anchors of each page, by its file's path.
    """
    return [f"{seen.name} links to {u}" for u in seen.facts["links"] if _dead(u, ids, site)]


def _dead(url: str, ids: Mapping[str, set[str]], site: Path) -> bool:
    address, anchor = urldefrag(url)
    if not address.startswith(("file:", "http://127.0.0.1:")):
        return False
    path = Path(unquote(urlsplit(address).path))
    if not address.startswith("file:"):
        path = site / str(path).lstrip("/")
    if not path.is_file():
        return True
    return bool(anchor) and str(path) in ids and unquote(anchor) not in ids[str(path)]


def numbers(seen: Seen, values: Mapping[str, Any]) -> list[str]:
    """Quoted numbers that are not what is recorded."""
    faults = []
    for one in seen.facts["numbers"]:
        entry = values.get(one["key"])
        number = entry["value"] if entry else None
        right = number is not None and written(number, one["form"]) == one["text"]
        if not right or str(number) != one["raw"]:
            faults.append(f"{seen.name}: {one['key']} reads {one['text']}, recorded {number}")
    return faults


def written(number: float, form: str) -> str:
    """Return a number as prose has it, with a true minus sign."""
    return format(number, form or ",").replace("-", "\N{MINUS SIGN}")


def exhibits(seen: Seen) -> list[str]:
    """Exhibits without caption, card, download, cells, or a picture's alternative text."""
    faults = []
    for one in seen.facts["exhibits"]:
        wanted = {
            "caption": len(one["caption"]) > 10,
            "card": one["card"],
            "download": len(one["downloads"]) >= (2 if one["figure"] else 1),
            "alternative text": not one["figure"] or len(one["alt"]) >= 40,
            "cells": one["figure"] or one["cells"] > 0,
        }
        faults += [
            f"{seen.name}: {one['name']} has no {k}" for k, there in wanted.items() if not there
        ]
    return faults


def too_wide(seen: Seen) -> list[str]:
    """Pages that scroll sideways."""
    return [f"{seen.name} is {seen.overflow} px too wide"] if seen.overflow > 0 else []


def axe(seen: Seen) -> list[str]:
    """Violations that axe-core finds."""
    return [f"{seen.name}: {one}" for one in seen.violations]


def too_heavy(seen: Seen, budget: int = BUDGET) -> list[str]:
    """Pages whose files together weigh more than a reader should have to load."""
    paths = {Path(unquote(urlsplit(url).path)) for url in seen.loaded if url.startswith("file:")}
    weight = sum(path.stat().st_size for path in paths if path.is_file())
    return [f"{seen.name} weighs {weight:,} of {budget:,} bytes"] if weight > budget else []


def anchors(all_seen: Iterable[Seen]) -> dict[str, set[str]]:
    """Return the anchors of each page seen over file://, by its path."""
    found = {}
    for seen in all_seen:
        path = unquote(urlsplit(seen.url).path)
        found[path] = set(seen.facts["ids"]) | {"", "top"}
    return found
