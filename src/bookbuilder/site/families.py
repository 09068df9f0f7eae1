"""Parts of pages that a table decides: the codes by category, and the districts.

Labels and definitions come from the tables that the plan makes the runs of, and stand nowhere else.
"""

import csv
from itertools import groupby

from bookbuilder.plan import families
from bookbuilder.site import record
from compendium.data.contract import read_contract

Rows = list[dict[str, str]]
COUNTS = ("segments", "helps", "hinders", "persons")


def codes() -> str:
    """Return every code with its definition and counts, under a heading for each category."""
    parts = []
    for category, group in groupby(_rows("codebook"), key=lambda row: row["category"]):
        run = families.fill("codes_{category:slug}", {"category": category})
        lines = [f"## {category}", f"[Read the passages](notebooks/{run}.ipynb)"]
        for row in group:
            code = row["code"]
            said = {kind: f"{{value}}`{run}.{code}_{kind}`" for kind in COUNTS}
            lines.append(
                f"({anchor('code', code)})=\n**{row['label']}**\n: {row['definition']} "
                f"Passages: {said['segments']} (said to help in {said['helps']}, to hinder in "
                f"{said['hinders']}). Named persons: {said['persons']}."
            )
        parts.append("\n\n".join(lines))
    return "\n\n".join(parts)


def districts() -> str:
    """Return links to the surveyed districts, then a section for each with all that is known."""
    names = [row["district"] for row in _surveyed()]
    links = " ".join(f"[{name}](#{anchor('district', name)})" for name in names)
    return "\n\n".join([f":::{{div}} picker\n{links}\n:::", *map(_district, _surveyed())])


def _district(row: dict[str, str]) -> str:
    name, slug = row["district"], families.fill("{district:slug}", row)
    run, voices = f"district_{slug}", f"voices_{slug}"
    parts = [
        f"({anchor('district', name)})=\n## {name}",
        f"Of {{value}}`{run}.asked` teachers asked, {{value}}`{run}.answered` answered "
        f"({{value}}`{run}.rate:.0f`%). {{value}}`{run}.known`",
        *(_exhibit(f"profile_{slug}{kind}") for kind in ("", "_items")),
        "No teacher of this district was interviewed.",
    ]
    if row["case_study"] == "true":
        parts[-1] = (
            f"The report quotes {{value}}`{voices}.heard` of the {{value}}`{voices}.interviewed` "
            f"teachers whom it interviewed here. {{value}}`{voices}.passages` passages are about "
            "the district, alone or beside others."
        )
        parts += [_exhibit(f"district_{slug}_{kind}") for kind in ("teachers", "passages")]
    return "\n\n".join(parts)


def moved() -> dict[str, tuple[str, dict[str, str]]]:
    """Return the former addresses of pages: where each leads now, and where its anchors lead."""
    found: dict[str, tuple[str, dict[str, str]]] = {"general_index.html": ("glossary.html", {})}
    for row in _rows("codebook"):
        code, category = row["code"], families.fill("{category:slug}", row)
        names = {f"code_{code}_{old}": f"codes_{category}_{new}" for old, new in CODE_EXHIBITS}
        anchors = _anchors(names, f"notebooks/codes_{category}.html")
        found[f"notebooks/code_{code}.html"] = (f"codes.html#{anchor('code', code)}", anchors)
    for row in _surveyed():
        slug = families.fill("{district:slug}", row)
        names = {f"profile_{slug}{old}": f"profile_{slug}{new}" for old, new in DISTRICT_EXHIBITS}
        target = f"districts.html#{anchor('district', row['district'])}"
        found[f"notebooks/district_{slug}.html"] = (target, _anchors(names, "districts.html"))
    return found


#: What became of the exhibits that each code and each district had on a page of its own.
CODE_EXHIBITS = [
    ("definition", "definitions"),
    *((one, one) for one in ("voices", "direction", "segments")),
]
DISTRICT_EXHIBITS = [("", ""), ("_items", "_items"), ("_estimates", "_items")]


def anchor(kind: str, name: str) -> str:
    """Return the anchor of a code or a district in its chapter.

    Examples
    --------
    >>> anchor("district", "Scheyer-Smith")
    'district-scheyer-smith'
    """
    return f"{kind}-{families.fill('{name:slug}', {'name': name})}".replace("_", "-")


def _anchors(names: dict[str, str], page: str) -> dict[str, str]:
    return {record.anchor(old): f"{page}#{record.anchor(new)}" for old, new in names.items()}


def _exhibit(name: str) -> str:
    return f"```{{exhibit}} {name}\n```"


def _surveyed() -> Rows:
    return [row for row in _rows("epic_districts") if row["surveyed"] == "true"]


def _rows(table: str) -> Rows:
    contract = read_contract(record.root())
    with (contract.root / contract.file(table)).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))
