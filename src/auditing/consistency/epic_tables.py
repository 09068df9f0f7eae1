"""The checks applied to the tables of EPIC 2021: districts, response rates, representativeness.

Each function says of one table which columns are about what, how they were printed, and which cells
take part in a comparison.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from auditing.consistency.columns import groups
from auditing.consistency.denominators import check_denominators
from auditing.consistency.differences import check_differences, check_rates
from auditing.consistency.exchanged_columns import check_exchanged
from auditing.consistency.granularity import check_granularity, possible_denominators
from auditing.consistency.rounding import as_printed
from auditing.consistency.stars import Test, check_decisions, decisions_by_test
from auditing.consistency.sums import check_subset, check_total

Tables = Mapping[str, pd.DataFrame]
#: Document, place in it, and what a check found there.
Checked = tuple[str, str, pd.DataFrame]
#: Names that a comparison bears on, by its subject.
Bearing = Mapping[str, Iterable[str]]
EPIC = "epic2021pedal"
SHARES = ("population_percent", "sample_percent")
WHOLE = (0, 98)  # printed without decimals in Table 3
BASE_FITS_ALL = 1000  # percentages with one decimal fit every base from here on


def epic_table_1(table: pd.DataFrame) -> Iterator[Checked]:
    """Check the characteristics of the districts: shares, their sums, and ratios."""
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


def epic_table_2(table: pd.DataFrame) -> Iterator[Checked]:
    """Check the response rates and their totals."""
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


def epic_table_3(tables: Tables, tests: Mapping[str, Test]) -> Iterator[Checked]:
    """Check the comparison of population and sample, its differences and its stars."""
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
    summary = decisions_by_test(decisions)
    able = set(summary.loc[summary["possible"] == summary["rows"], "test"])
    kept = decisions[decisions["test"].isin(able or tests)].drop_duplicates("subject")
    said = f"{len(able)} of {len(tests)} tests can have given every star and every missing one"
    found = kept.drop(columns=["test", "lowest_p", "highest_p"])
    found = found.assign(consistent=bool(able), arithmetic=said)
    return _bearing(found, _names("EPIC Table 3", table["subject"], ["star"]))


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
