"""The checks applied to every table that the four documents print.

Each function says, table by table, which columns are about what and how they were printed; the
checks themselves know nothing of the documents. What is said in the running text is in `wording`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

import pandas as pd

from auditing.consistency.denominators import check_denominators
from auditing.consistency.differences import check_differences, check_rates
from auditing.consistency.exchange import check_exchanged
from auditing.consistency.findings import findings_table
from auditing.consistency.granularity import check_granularity
from auditing.consistency.stars import Test, check_decisions
from auditing.consistency.statements import check_statements
from auditing.consistency.sums import check_counts_total, check_subset, check_total
from auditing.consistency.wording import statements

__all__ = ["as_printed", "check_published"]

Tables = Mapping[str, pd.DataFrame]
Checked = tuple[str, str, pd.DataFrame]
_TABLE_3_GROUPS = ["characteristic_group"]


def check_published(tables: Tables, tests: Mapping[str, Test] | None = None) -> pd.DataFrame:
    """Run every check on every table and on the claims.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        Tables of the data contract by name: epic_table1_district_characteristics,
        epic_table2_response_rates, epic_table3_representativeness, epic_table4_participants,
        padgett_table3_dimensions, padgett_table5_participants, padgett_themes,
        padgett_categories, i4tl_levers, claims.
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
        for document, place, found in _everything(tables, tests or {})
    ]
    together = pd.concat(results, ignore_index=True)
    first = ["document", "place"]
    return together[[*first, *findings_table([]).columns]].astype(dict.fromkeys(first, "string"))


def as_printed(values: pd.Series, digits: int, whole: Iterable[float] = ()) -> pd.Series:
    """Write numbers as the document prints them, trailing zeros included.

    Parameters
    ----------
    values : Series of float
        Numbers that lost their trailing zeros when they were read.
    digits : int
        Decimals the document prints.
    whole : iterable of float
        Values it prints without decimals all the same.

    Returns
    -------
    Series of str
        Null where the cell is empty.

    Examples
    --------
    >>> as_printed(pd.Series([2.0, 98.0, None]), 1, whole=[98]).tolist()
    ['2.0', '98', <NA>]
    """
    bare = set(whole)
    texts = [
        pd.NA if pd.isna(x) else f"{x:.0f}" if x in bare else f"{x:.{digits}f}" for x in values
    ]
    return pd.Series(texts, index=values.index, dtype="string")


def _everything(tables: Tables, tests: Mapping[str, Test]) -> Iterator[Checked]:
    parts: list[Callable[[], Iterator[Checked]]] = [
        lambda: _epic_table_1(tables["epic_table1_district_characteristics"]),
        lambda: _epic_table_2(tables["epic_table2_response_rates"]),
        lambda: _epic_table_3(tables, tests),
        lambda: _levers(tables["i4tl_levers"], tables["claims"]),
    ]
    for part in parts:
        yield from part()
    for document, said in statements(tables).groupby("document", sort=False):
        yield str(document), "text and tables", check_statements(said)


def _epic_table_1(table: pd.DataFrame) -> Iterator[Checked]:
    document, place = "epic2021pedal", "Table 1"
    wide = table.pivot(index="district", columns="measure", values="value")
    counts = {"students": "N (students)", "teachers": "N (teachers)"}
    percents = table[table["unit"] == "percent"]
    percents = percents.assign(
        subject=percents["district"] + ", " + percents["measure"],
        of=_bases(wide, percents["district"], percents["group"].map(counts)),
        percent=as_printed(percents["value"], 1),
    )
    yield document, place, check_granularity(percents, "percent", "of", label="subject")
    ethnicity = percents[
        percents["measure"].isin(["Black students", "Hispanic students", "White students"])
    ]
    yield document, place, check_total(ethnicity, "percent", 100, by=["district"], exhaustive=False)
    rates = wide.reset_index().assign(ratio=as_printed(wide["Ratio"], 1).to_numpy())
    rates[list(counts.values())] = rates[list(counts.values())].astype("int64")
    yield (
        document,
        place,
        check_rates(rates, "N (students)", "N (teachers)", "ratio", label="district", scale=1),
    )


def _bases(wide: pd.DataFrame, districts: pd.Series, measures: pd.Series) -> list[int]:
    values = wide.to_dict("index")
    return [int(values[d][m]) for d, m in zip(districts, measures, strict=True)]


def _epic_table_2(table: pd.DataFrame) -> Iterator[Checked]:
    document, place = "epic2021pedal", "Table 2"
    rates = table.assign(rate=as_printed(table["response_rate_percent"], 1))
    yield (
        document,
        place,
        check_rates(rates, "responses", "target_population", "rate", label="district"),
    )
    total = table["district"] == "Overall"
    for column in ("responses", "target_population"):
        yield (
            document,
            place,
            check_total(
                table[~total],
                column,
                int(table.loc[total, column].iloc[0]),
                exhaustive=False,
                rounding="exact",
            ),
        )


def _epic_table_3(tables: Tables, tests: Mapping[str, Test]) -> Iterator[Checked]:
    rates = tables["epic_table2_response_rates"]
    overall = rates[rates["district"] == "Overall"]
    n, size = int(overall["responses"].sum()), int(overall["target_population"].sum())
    table = tables["epic_table3_representativeness"]
    table = table.assign(
        subject=table["characteristic_group"] + ", " + table["category"],
        population=as_printed(table["population_percent"], 1, whole=[0, 98]),
        sample=as_printed(table["sample_percent"], 1, whole=[0, 98]),
        difference=as_printed(table["difference"], 1, whole=[0]),
    )
    # Gender prints one of its categories only.
    complete = table[table["characteristic_group"] != "Gender"]
    by = _TABLE_3_GROUPS
    found = [
        check_granularity(table, "population", size, label="subject"),
        check_granularity(table, "sample", n, label="subject"),
        *(
            check(complete, column, of, by=by)
            for column, of in (("population", size), ("sample", n))
            for check in (check_denominators, check_counts_total)
        ),
        check_total(complete, "population", 100, by=by),
        check_total(complete, "sample", 100, by=by),
        check_subset(table, "sample", "population", n, size, label="subject"),
        check_differences(
            table,
            "sample",
            "population",
            "difference",
            label="subject",
            minuend_of=n,
            subtrahend_of=size,
        ),
        check_exchanged(complete, "population", "sample", size, n, by=by),
    ]
    if tests:
        decisions = check_decisions(
            table,
            "sample",
            "population",
            "star",
            tests,
            label="subject",
            sample_of=n,
            population_of=size,
        )
        found.append(decisions.assign(subject=decisions["subject"] + ", " + decisions["test"]))
    for each in found:
        yield "epic2021pedal", "Table 3", each


def _levers(table: pd.DataFrame, claims: pd.DataFrame) -> Iterator[Checked]:
    document = "i4tl2019leadership"
    stated = dict(zip(claims["claim_id"], claims["lower"], strict=True))
    entities, answers = int(stated["I4TL-C-004"]), int(stated["I4TL-C-002"])
    great = table.dropna(subset=["great_percent"])
    great = great.assign(percent=as_printed(great["great_percent"], 0))
    yield document, "levers", check_granularity(great, "percent", answers, label="lever_id")
    of_districts = great[great["base"].str.contains("district")]
    yield document, "levers", check_granularity(of_districts, "percent", entities, label="lever_id")
    yield document, "levers", check_denominators(great, "percent", answers)
    both = table.dropna(subset=["great_percent", "moderate_percent"])
    parts = both.melt(id_vars="lever_id", value_vars=["great_percent", "moderate_percent"])
    parts["value"] = as_printed(parts["value"], 0)
    yield document, "levers", check_total(parts, "value", 100, by=["lever_id"])
