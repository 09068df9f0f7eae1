"""The card beneath an exhibit: how it was made, what became of its claims, how to make it again.

Files are named by their content hash, which is the same in every clone and archive. The commit is
the one that the book was built from; a book built before its changes are committed says so.
"""

import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

from bookbuilder import documents, stamp
from bookbuilder.site import addresses, record

CLAIM_ID = re.compile(r"\b(?:EPIC|PADG|I4TL|WISE)-C-\d{3}\b")
MAX_LISTED_CLAIMS = 8


def card(name: str, entry: dict[str, Any], page: str, repository: str = "") -> str:
    """Return the provenance card of a recorded exhibit, folded, as HTML.

    `page` shows it, named without suffix; `repository` is the public address of the project.
    """
    return documents.fill(
        "card.html",
        entry=entry,
        parameters=", ".join(f"{key} = {value!r}" for key, value in entry["parameters"].items()),
        verdicts=_verdicts(name, entry),
        ledger="ledger.html" if page.startswith("notebooks/") else "notebooks/ledger.html",
        commit=stamp.COMMIT.format("") if stamp.is_repository(record.root()) else "",
        links=addresses.launch_links(repository, entry["notebook"]),
    ).rstrip()


def _verdicts(name: str, entry: dict[str, Any]) -> str:
    """Return what the ledger says of claims that an exhibit names or decides, and of its cells."""
    named = set(CLAIM_ID.findall(record.data_file(name, entry["kind"]).read_text(encoding="utf-8")))
    claims = {
        row["id"]: row["verdict"]
        for row in record.claims()
        if row["kind"] == "claim" and (row["id"] in named or name in row["exhibit"].split(";"))
    }
    place = re.sub(r" \d{4},", "", entry["source"])  # the ledger says `EPIC Table 2`
    tables = record.verdicts_on_cells().items()
    found = (verdicts for table, verdicts in tables if f"{place},".startswith(f"{table},"))
    cells = [verdict for verdicts in found for verdict in verdicts]
    parts = [f"{claim} {verdict}" for claim, verdict in claims.items()]
    if len(claims) > MAX_LISTED_CLAIMS:
        parts = [f"of {len(claims)} claims {_counts(claims.values())}"]
    if cells:
        parts.append(f"of {len(cells)} printed cells {_counts(cells)}")
    return "; ".join(parts)


def _counts(verdicts: Iterable[str]) -> str:
    return ", ".join(f"{count} {word}" for word, count in Counter(verdicts).most_common())
