"""The checks applied to every table that the four documents print, and to their claims.

Each function says which numbers are about what and how they were printed; the checks themselves
know nothing of the documents. The tables of EPIC 2021 are in `epic_tables`; what the running text
says is compared by declared relations (`relations`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from auditing.consistency.epic_tables import (
    EPIC,
    Checked,
    Tables,
    epic_table_1,
    epic_table_2,
    epic_table_3,
)
from auditing.consistency.findings import Comparison, findings_table
from auditing.consistency.granularity import possible_denominators
from auditing.consistency.relations import check_relations, quantities
from auditing.consistency.rounding import interval
from auditing.consistency.stars import Test

PADGETT, I4TL = "padgett2022perceptions", "i4tl2019leadership"


def check_published(
    tables: Tables, cells: pd.DataFrame, tests: Mapping[str, Test] | None = None
) -> pd.DataFrame:
    """Run every check on every table, and every relation between claims, lists and cells.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        Tables of the data contract by name: those of `auditing.cells.TABLES`, claims,
        claim_relations, printed_lists, segments and speakers.
    cells : DataFrame
        The cells of the printed tables, from `auditing.cells.printed_cells`.
    tests : mapping of str to callable, optional
        Candidate tests for the stars of EPIC's Table 3, as
        `auditing.consistency.stars.check_decisions` takes them.

    Returns
    -------
    DataFrame
        Columns document and place before those of `findings_table`, in the order of the documents.

    Raises
    ------
    KeyError
        When a table is missing.
    ValueError
        As the checks do.
    """
    parts = (
        epic_table_1(tables["epic_table1_district_characteristics"]),
        epic_table_2(tables["epic_table2_response_rates"]),
        epic_table_3(tables, tests or {}),
        _named_in_the_text(tables),
        _dimensions(tables),
        _shares_of_the_questionnaire(tables["claims"]),
        _relations(tables, cells),
    )
    results = [
        found.assign(document=document, place=place)
        for part in parts
        for document, place, found in part
    ]
    together = pd.concat(results, ignore_index=True)
    first = ["document", "place"]
    return together[[*first, *findings_table([]).columns]].astype(dict.fromkeys(first, "string"))


def _named_in_the_text(tables: Tables) -> Iterator[Checked]:
    """Hold the tables of participants against the passages that name them, and their places."""
    voices = tables["speakers"][tables["speakers"]["kind"].isin(["participant", "named group"])]
    voices = voices.assign(name=voices["participants"].str.split(";")).explode("name")
    spoken = tables["segments"].merge(voices, on=["document", "speaker"])
    for document, name, place, own in (
        (EPIC, "epic_table4_participants", "EPIC Table 4", "participant_name"),
        (PADGETT, "padgett_table5_participants", "Padgett Table 5", "participant"),
    ):
        found: list[Comparison] = []
        for row in tables[name][tables[name]["in_published_table"]].to_dict("records"):
            who = row[own]
            said = spoken[(spoken["document"] == document) & (spoken["name"] == who)]
            if len(said):
                words = f"the text names {who} in {len(said)} passages"
                found.append(_beside("text", who, words, [f"[{place}: {who}, {own}]"], True))
            for column, field in (("building", "school"), ("district", "district")):
                places = [str(there) for there in said[field].dropna().unique()]
                if places and column in row:
                    printed = str(row[column]).removesuffix(" CHS")
                    agree = all(there.startswith(printed.split(" ")[0]) for there in places)
                    words = f"{printed}; the text places {who} at {', '.join(places)}"
                    cells = [f"[{place}: {who}, {column}]"]
                    found.append(_beside("text", who, words, cells, agree))
        yield document, place.split(" ", 1)[1], findings_table(found)


def _beside(what: str, who: str, words: str, cells: list[str], agree: bool) -> Comparison:
    return {
        "check": f"table against {what}",
        "subject": who,
        "printed": who,
        "implied": words,
        "consistent": agree,
        "arithmetic": words,
        "bears_on": ";".join(cells),
    }


def _dimensions(tables: Tables) -> Iterator[Checked]:
    """Tables 2 and 3 of the dissertation print the same framework."""
    first, second = tables["padgett_table2"], tables["padgett_table3_dimensions"]
    there = dict(zip(second["construct"], second["dimension"], strict=True))
    found: list[Comparison] = []
    for construct, dimension in zip(first["construct"], first["dimension"], strict=True):
        names = {"construct": construct, "dimension": dimension}
        cells = [f"[Padgett Table {k}: {v}, {c}]" for k in (2, 3) for c, v in names.items()]
        also = there.get(construct, "not printed")
        words = f"{construct}: Table 2 has it under {dimension}, Table 3 under {also}"
        same = also == dimension
        found.append(_beside("table", construct, words, cells if same else cells[:2], same))
    yield PADGETT, "Tables 2 and 3", findings_table(found)


def _shares_of_the_questionnaire(claims: pd.DataFrame) -> Iterator[Checked]:
    """Search the numbers of answers that could have given every share of the chart.

    Nobody says how many answered, so every whole number up to the responses is tried.
    """
    charted = claims["figure_or_table"].fillna("").str.startswith("unnumbered chart")
    shares = claims[charted & (claims["unit"] == "percent") & claims["lower"].notna()]
    stated = int(claims.loc[claims["claim_id"] == "I4TL-C-002", "lower"].iloc[0])
    names = shares["claim_id"].tolist()
    # Encouraging innovation comes first, vision and planning next.
    ranked = [(names.index("I4TL-C-019"), names.index("I4TL-C-021"))]
    values = [interval(row) for row in shares.to_dict("records")]
    bases = possible_denominators(values, range(1, stated + 1), ranked=ranked)
    smallest = ", ".join(map(str, bases[:5]))
    found: Comparison = {
        "check": "denominators",
        "subject": "shares of the questionnaire",
        "printed": "; ".join(shares["published"]),
        "implied": f"{len(bases)} possible: {smallest}, ..." if bases else "none",
        "consistent": bool(bases),
        "arithmetic": f"{len(bases)} of {stated} numbers of answers give all {len(values)} shares; "
        f"the smallest are {smallest}",
        "bears_on": ";".join(names),
        "impossible": True,
    }
    yield I4TL, "shares", findings_table([found])


def _relations(tables: Tables, cells: pd.DataFrame) -> Iterator[Checked]:
    claims, lists, relations = (
        tables[name] for name in ("claims", "printed_lists", "claim_relations")
    )
    known = quantities(claims, lists, cells)
    others = {*claims["claim_id"], *tables["segments"]["segment_id"]}
    others |= {f"[{name}]" for name in cells["cell_id"]} | {"none"}
    found = check_relations(relations, known, frozenset(others))
    for documents, rows in found.groupby(relations["documents"].to_numpy(), sort=False):
        yield str(documents), "text and tables", rows
