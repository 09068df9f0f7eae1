"""The checks applied to every table that the four documents print, and to their claims.

Each function says, table by table, which columns are about what and how they were printed, and
which cells take part in a comparison; the checks themselves know nothing of the documents. What
the running text says is compared by declared relations (`relations`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from auditing.consistency.columns import groups
from auditing.consistency.denominators import check_denominators
from auditing.consistency.differences import check_differences, check_rates
from auditing.consistency.exchanged_columns import check_exchanged
from auditing.consistency.findings import Comparison, findings_table
from auditing.consistency.granularity import check_granularity, possible_denominators
from auditing.consistency.relations import check_relations, quantities
from auditing.consistency.rounding import as_printed, interval
from auditing.consistency.stars import Test, check_decisions, decisions_by_test
from auditing.consistency.sums import check_subset, check_total

Tables = Mapping[str, pd.DataFrame]
Checked = tuple[str, str, pd.DataFrame]
#: Names that a comparison bears on, by its subject.
Bearing = Mapping[str, Iterable[str]]
EPIC, PADGETT, I4TL = "epic2021pedal", "padgett2022perceptions", "i4tl2019leadership"
SHARES = ("population_percent", "sample_percent")
WHOLE = (0, 98)  # printed without decimals in Table 3
BASE_FITS_ALL = 1000  # percentages with one decimal fit every base from here on


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
    results = [
        found.assign(document=document, place=place)
        for document, place, found in _everything(tables, cells, tests or {})
    ]
    together = pd.concat(results, ignore_index=True)
    first = ["document", "place"]
    return together[[*first, *findings_table([]).columns]].astype(dict.fromkeys(first, "string"))


def _everything(
    tables: Tables, cells: pd.DataFrame, tests: Mapping[str, Test]
) -> Iterator[Checked]:
    parts: list[Callable[[], Iterator[Checked]]] = [
        lambda: _epic_table_1(tables["epic_table1_district_characteristics"]),
        lambda: _epic_table_2(tables["epic_table2_response_rates"]),
        lambda: _epic_table_3(tables, tests),
        lambda: _named_in_the_text(tables),
        lambda: _dimensions(tables),
        lambda: _shares_of_the_questionnaire(tables["claims"]),
        lambda: _relations(tables, cells),
    ]
    for part in parts:
        yield from part()


def _bearing(
    found: pd.DataFrame, bears_on: Bearing, recomputes: Bearing | None = None, **fixed: bool
) -> pd.DataFrame:
    """Say which cells each comparison is about, and which of them it recomputes."""
    columns = {"bears_on": bears_on, "recomputes": recomputes or {}}
    joined = {
        name: found["subject"].map(lambda subject, of=of: ";".join(of.get(subject, ())))
        for name, of in columns.items()
    }
    return found.assign(**joined, **fixed).astype({"bears_on": "string", "recomputes": "string"})


def _names(place: str, rows: Iterable[Any], columns: Sequence[str]) -> dict[str, list[str]]:
    return {str(row): [f"[{place}: {row}, {column}]" for column in columns] for row in rows}


def _epic_table_1(table: pd.DataFrame) -> Iterator[Checked]:
    place = "Table 1"
    wide = table.pivot(index="district", columns="measure", values="value")
    counts = {"students": "N (students)", "teachers": "N (teachers)"}
    percents = table[table["unit"] == "percent"]
    percents = percents.assign(
        subject=percents["district"] + ", " + percents["measure"],
        size=percents["group"].map(counts),
        of=_bases(wide, percents["district"], percents["group"].map(counts)),
        percent=as_printed(percents["value"], 1),
    )
    of = {
        str(row.subject): [
            f"[EPIC Table 1: {row.subject}]",
            f"[EPIC Table 1: {row.district}, {row.size}]",
        ]
        for row in percents.itertuples()
    }
    found = check_granularity(percents, "percent", "of", label="subject")
    found["implied"] = found["implied"] + _other_bases(found, percents)
    yield EPIC, place, _bearing(found, of, impossible=True)
    ethnicity = ["Black students", "Hispanic students", "White students"]
    shares = percents[percents["measure"].isin(ethnicity)]
    found = check_total(shares, "percent", 100, by=["district"], exhaustive=False)
    yield EPIC, place, _bearing(found, _names("EPIC Table 1", wide.index, ethnicity))
    rates = wide.assign(ratio=as_printed(wide["Ratio"], 1)).reset_index()
    rates[list(counts.values())] = rates[list(counts.values())].astype("int64")
    students, teachers = counts.values()
    found = check_rates(rates, students, teachers, "ratio", label="district", scale=1)
    three = _names("EPIC Table 1", wide.index, [*counts.values(), "Ratio"])
    yield EPIC, place, _bearing(found, three, _names("EPIC Table 1", wide.index, ["Ratio"]))


def _bases(wide: pd.DataFrame, districts: pd.Series, measures: pd.Series) -> list[int]:
    values = wide.to_dict("index")
    return [int(values[d][m]) for d, m in zip(districts, measures, strict=True)]


def _other_bases(found: pd.DataFrame, percents: pd.DataFrame) -> list[str]:
    """Where a percentage is none of the printed number: the smallest bases that fit its group."""
    texts = []
    for fits, row in zip(found["consistent"], percents.itertuples(), strict=True):
        group = percents[(percents["district"] == row.district) & (percents["size"] == row.size)]
        bases = () if fits else possible_denominators(group["percent"], range(1, BASE_FITS_ALL))
        texts.append(f"; bases that fit: {', '.join(map(str, bases[:3]))}, ..." if bases else "")
    return texts


def _epic_table_2(table: pd.DataFrame) -> Iterator[Checked]:
    place, counts = "Table 2", ["responses", "target_population"]
    rates = table.assign(rate=as_printed(table["response_rate_percent"], 1))
    found = check_rates(rates, counts[0], counts[1], "rate", label="district")
    rate = "response_rate_percent"
    of = _names("EPIC Table 2", table["district"], [*counts, rate])
    yield EPIC, place, _bearing(found, of, _names("EPIC Table 2", table["district"], [rate]))
    total = table["district"] == "Overall"
    for column in counts:
        whole = int(table.loc[total, column].iloc[0])
        found = check_total(table[~total], column, whole, exhaustive=False, rounding="exact")
        every = [f"[EPIC Table 2: {district}, {column}]" for district in table["district"]]
        yield EPIC, place, _bearing(found, {"all rows": every})


def _epic_table_3(tables: Tables, tests: Mapping[str, Test]) -> Iterator[Checked]:
    rates = tables["epic_table2_response_rates"]
    overall = rates[rates["district"] == "Overall"]
    n, size = int(overall["responses"].sum()), int(overall["target_population"].sum())
    table = tables["epic_table3_representativeness"]
    table = table.assign(
        subject=table["characteristic_group"] + " / " + table["category"],
        population=as_printed(table["population_percent"], 1, WHOLE),
        sample=as_printed(table["sample_percent"], 1, WHOLE),
        difference=as_printed(table["difference"], 1, WHOLE),
    )
    # Gender prints one of its categories only.
    complete = table[table["characteristic_group"] != "Gender"]
    by = ["characteristic_group"]
    of = {
        column: {
            block: [f"[EPIC Table 3: {row}, {column}]" for row in rows["subject"]]
            for block, rows in groups(table, by)
        }
        for column in SHARES
    }
    for column, base, stated in (("population", size, SHARES[0]), ("sample", n, SHARES[1])):
        for part, whole in ((complete, True), (table.drop(complete.index), False)):
            found = check_denominators(part, column, base, by=by, complete=whole)
            yield EPIC, "Table 3", _bearing(found, of[stated], impossible=True)
        yield EPIC, "Table 3", _bearing(check_total(complete, column, 100, by=by), of[stated])
    both = _names("EPIC Table 3", table["subject"], SHARES)
    found = check_subset(table, "sample", "population", n, size, label="subject")
    yield EPIC, "Table 3", _bearing(found, both, impossible=True)
    found = check_differences(
        table,
        "sample",
        "population",
        "difference",
        label="subject",
        minuend_of=n,
        subtrahend_of=size,
    )
    own = _names("EPIC Table 3", table["subject"], ["difference"])
    three = {row: [*both[row], *own[row]] for row in both}
    yield EPIC, "Table 3", _bearing(found, three, own)
    found = check_exchanged(complete, "population", "sample", size, n, by=by)
    exchanged = {block: [*of[SHARES[0]][block], *of[SHARES[1]][block]] for block in of[SHARES[0]]}
    yield EPIC, "Table 3", _bearing(found, exchanged, impossible=True)
    if tests:
        yield EPIC, "Table 3", _stars(table, tests, n, size)


def _stars(table: pd.DataFrame, tests: Mapping[str, Test], n: int, size: int) -> pd.DataFrame:
    """Ask of each star, and each missing one, whether a test gives it that can give them all."""
    made = check_decisions(
        table,
        "sample",
        "population",
        "star",
        tests,
        label="subject",
        sample_of=n,
        population_of=size,
    )
    summary = decisions_by_test(made)
    able = set(summary.loc[summary["possible"] == summary["rows"], "test"])
    kept = made[made["test"].isin(able or tests)].drop_duplicates("subject")
    said = f"{len(able)} of {len(tests)} tests can have given every star and every missing one"
    found = kept.drop(columns=["test", "lowest_p", "highest_p"])
    found = found.assign(consistent=bool(able), arithmetic=said)
    return _bearing(found, _names("EPIC Table 3", table["subject"], ["star"]))


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
            for column, told in (("building", "school"), ("district", "district")):
                places = [str(there) for there in said[told].dropna().unique()]
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
