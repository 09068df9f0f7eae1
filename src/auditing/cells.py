"""A verdict for every cell of the printed tables, by one rule for each kind of cell.

- A rate or a difference follows from other printed numbers: *reproduced*, or *contradicted*.
- A cell that was a constraint of the reconstructed survey rows is met *by construction*; where the
  rows could not meet it, because the cells of its group exclude each other, it is *contradicted*.
- A count that no data of the printed size can have is *internally impossible*.
- A cell that is not printed, but follows from those that are, is *derived*.
- Everything else is *not checkable*, with the data that would decide it.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from auditing.consistency import possible_counts

__all__ = ["COLUMNS", "TABLES", "decide_cells"]

Tables = Mapping[str, pd.DataFrame]
Cell = dict[str, Any]
Bound = Mapping[tuple[str, str, str], Mapping[Any, Any]]

#: Columns of the result.
COLUMNS = (
    *("table", "place", "row", "column", "printed", "lower", "upper", "recomputed"),
    *("verdict", "why", "needs"),
)
TABLE_1, TABLE_2 = "epic_table1_district_characteristics", "epic_table2_response_rates"
TABLE_3, TABLE_4 = "epic_table3_representativeness", "epic_table4_participants"
LEVERS = "i4tl_levers"
STUDENTS, TEACHERS, RATIO = "N (students)", "N (teachers)", "Ratio"
HALF = 0.05  # half of the last printed digit
NOISE = 1e-8
ALONE = "Printed once; nothing else in the document bears on it."

#: Tables of which no cell can be held against anything: place, columns that name a row, the data
#: that would decide.
OPEN = {
    TABLE_4: ("EPIC Table 4", ["participant_name"], "the study's record of its participants"),
    "padgett_table3_dimensions": (
        "Padgett Table 3",
        ["construct"],
        "the instrument that the dimensions are taken from",
    ),
    "padgett_table4_criteria": (
        "Padgett Table 4",
        ["role", "criterion_number"],
        "the study's record of recruiting",
    ),
    "padgett_table5_participants": (
        "Padgett Table 5",
        ["participant"],
        "the study's record of its participants",
    ),
    "padgett_interview_questions": (
        "Padgett Tables 6 to 8",
        ["table", "role", "number"],
        "the interview guide, or the transcripts",
    ),
    "wiseways_barriers": ("Wise Ways barriers", ["barrier_id"], "the studies that are cited"),
    "wiseways_recommendations": (
        "Wise Ways recommendations",
        ["recommendation_id"],
        "the studies that are cited",
    ),
}
NOT_CELLS = ("in_published_table", "quoted_in_text", "note", "section", "domain", "stated", "table")
#: Names of the tables whose cells get a verdict.
TABLES = (TABLE_1, TABLE_2, TABLE_3, LEVERS, *OPEN)


PLACES = {
    "EPIC Table 1": TABLE_1,
    "EPIC Table 2": TABLE_2,
    "EPIC Table 3": TABLE_3,
    "Leadership levers": LEVERS,
    **{place: name for name, (place, _, _) in OPEN.items()},
}


def decide_cells(tables: Tables, constraints: pd.DataFrame) -> pd.DataFrame:
    """Give every cell of the printed tables its verdict.

    Parameters
    ----------
    tables
        The tables named in `TABLES`.
    constraints
        Cells that were constraints of the survey rows: table, row, column, lower, upper, achieved
        (what the rows give) and as_printed (whether that lies within the print).

    Returns
    -------
    pandas.DataFrame
        Columns `COLUMNS`, one row per cell in the order of the tables.

    Raises
    ------
    KeyError
        When a table is missing, or a cell of Tables 2 and 3 that must be a constraint is none.

    Examples
    --------
    >>> from auditing.cells import _within
    >>> _within(18.89, 18.9), _within(18.7, 18.9)
    (True, False)
    """
    cells_only = constraints[constraints["table"].notna()].to_dict("records")
    bound = {(cell["table"], cell["row"], cell["column"]): cell for cell in cells_only}
    cells = [
        *_table_1(tables),
        *_table_2(tables[TABLE_2], bound),
        *_table_3(tables, bound),
        *_levers(tables[LEVERS]),
        *(cell for name in OPEN for cell in _unheld(name, tables[name])),
    ]
    frame = pd.DataFrame(cells, columns=list(COLUMNS))
    frame["table"] = frame["place"].map(PLACES)
    numeric = ["lower", "upper", "recomputed"]
    return frame.astype(dict.fromkeys(numeric, "float64"))


def _cell(place: str, row: str, column: str, printed: Any, verdict: str, **more: Any) -> Cell:
    text = "" if printed is None or pd.isna(printed) else str(printed)
    told = {"place": place, "row": row, "column": column, "printed": text, "verdict": verdict}
    return dict.fromkeys(COLUMNS) | told | more


def _unchecked(place: str, row: str, column: str, printed: Any, needs: str) -> Cell:
    return _cell(place, row, column, printed, "not checkable", why=ALONE, needs=needs)


def _within(value: float, printed: float, half: float = HALF) -> bool:
    return abs(value - printed) <= half + NOISE


def _follows(where: tuple[str, str, str, float], value: float, why: str) -> Cell:
    """Judge a rate by the printed counts it is made of."""
    printed = where[-1]
    verdict = "reproduced" if _within(value, printed) else "contradicted"
    more = {"lower": printed - HALF, "upper": printed + HALF, "recomputed": value, "why": why}
    place, row, column, _ = where
    return _cell(place, row, column, printed, verdict, **more)


def _table_1(tables: Tables) -> Iterator[Cell]:
    place = "EPIC Table 1"
    wide = tables[TABLE_1].pivot(index="district", columns="measure", values="value")
    asked = tables[TABLE_2].set_index("district")["target_population"].drop("Overall")
    asked.index = asked.index.str.replace(" Charter", "")
    needs = "the state's files on districts, students and teachers"
    for row in tables[TABLE_1].to_dict("records"):
        district, measure, printed = row["district"], row["measure"], row["value"]
        counts, where = wide.loc[district], (place, district, measure, printed)
        size = int(counts[TEACHERS if row["group"] == "teachers" else STUDENTS])
        if measure == RATIO:
            why = "The printed students over the printed teachers."
            yield _follows(where, counts[STUDENTS] / counts[TEACHERS], why)
        elif measure == TEACHERS and printed < asked.get(district, 0):
            more = {"lower": asked[district], "recomputed": asked[district]}
            why = "Table 2 has more teachers asked than there are here."
            yield _cell(*where, "contradicted", why=why, **more)
        elif row["unit"] == "percent" and not possible_counts(f"{printed:.1f}", size):
            why = f"No whole number of {size} gives it, if the printed number is its base."
            yield _cell(*where, "internally impossible", why=why)
        else:
            yield _unchecked(*where, needs)


def _table_2(table: pd.DataFrame, bound: Bound) -> Iterator[Cell]:
    place, counts = "EPIC Table 2", ["responses", "target_population"]
    for row in table.to_dict("records"):
        for column in counts:
            cell = bound[(TABLE_2, str(row["district"]), column)]
            yield _constrained((place, row["district"], column, row[column]), cell)
        rate = 100 * row["responses"] / row["target_population"]
        where = (place, row["district"], "response_rate_percent", row["response_rate_percent"])
        yield _follows(where, rate, "The printed answers over the printed teachers.")
    indexed = table.set_index("district")[counts]
    left = indexed.loc["Overall"] - indexed.drop("Overall").sum()
    more = {"why": "The row is not printed; it is what the printed rows leave of the total."}
    for column in counts:
        yield _cell(place, "Lehigh", column, None, "derived", recomputed=left[column], **more)
    rate = 100 * left["responses"] / left["target_population"]
    where = (place, "Lehigh", "response_rate_percent", None)
    yield _cell(*where, "derived", recomputed=rate, **more)


def _constrained(
    where: tuple[str, str, str, Any], cell: Mapping[Any, Any], impossible: str = ""
) -> Cell:
    more = {"lower": cell["lower"], "upper": cell["upper"], "recomputed": cell["achieved"]}
    verdict, why = "by construction", "The survey rows were made to have it."
    if impossible:
        verdict, why = "internally impossible", impossible
    elif not cell["as_printed"]:
        verdict = "contradicted"
        why = "No rows have all cells of this group at once; these come as near as any can."
    return _cell(*where, verdict, why=why, **more)


def _table_3(tables: Tables, bound: Bound) -> Iterator[Cell]:
    place, shares = "EPIC Table 3", ["population_percent", "sample_percent"]
    overall = tables[TABLE_2].set_index("district").loc["Overall"]
    for row in tables[TABLE_3].to_dict("records"):
        name = f"{row['characteristic_group']} / {row['category']}"
        fewest = (row["sample_percent"] - HALF) / 100 * overall["responses"]
        most = (row["population_percent"] + HALF) / 100 * overall["target_population"]
        impossible = "More persons in the sample than in the population." if fewest > most else ""
        # The columns of a group that was taken as exchanged are headed so in the constraints too.
        for column in shares:
            cell = bound[(TABLE_3, name, column)]
            yield _constrained((place, name, column, row[column]), cell, impossible)
        yield _difference(place, name, row)
        yield _unchecked(
            place, name, "star", row["star"], "the test that the document used, or the rows"
        )


def _difference(place: str, name: str, row: Mapping[Any, Any]) -> Cell:
    printed, value = row["difference"], row["sample_percent"] - row["population_percent"]
    half = 3 * HALF  # both shares and their difference are rounded
    more = {"lower": printed - half, "upper": printed + half, "recomputed": value}
    verdict = "reproduced" if _within(value, printed, half) else "contradicted"
    why = "The printed shares subtracted, all three rounded."
    return _cell(place, name, "difference", printed, verdict, why=why, **more)


def _levers(table: pd.DataFrame) -> Iterator[Cell]:
    place, needs = "Leadership levers", "the answers to the questionnaire"
    for row in table.to_dict("records"):
        great, moderate = row["great_percent"], row["moderate_percent"]
        both = not pd.isna(great) and not pd.isna(moderate)
        for column, printed, other in (
            ("great", great, moderate),
            ("moderate", moderate, great),
        ):
            where = (place, row["lever_id"], column, printed)
            low, high = row[f"{column}_lower"], row[f"{column}_upper"]
            if both:
                more = {"lower": low, "upper": high, "recomputed": 100 - other}
                verdict = "reproduced" if low <= 100 - other <= high else "contradicted"
                yield _cell(*where, verdict, why="What the other share leaves of all.", **more)
            elif column == "moderate" and not pd.isna(low):
                why = "Not printed; at least moderate less great, as far as the words allow."
                yield _cell(*where, "derived", lower=low, upper=high, why=why)
            elif not pd.isna(low):
                yield _unchecked(place, row["lever_id"], column, row["published"], needs)


def _unheld(name: str, table: pd.DataFrame) -> Iterator[Cell]:
    place, keys, needs = OPEN[name]
    columns = [column for column in table if column not in NOT_CELLS]
    for row in table.to_dict("records"):
        label = ", ".join(str(row[key]) for key in keys)
        for column in columns:
            if pd.isna(row[column]):
                continue
            if not row.get("in_published_table", True):
                why = "Not listed; given in the text where the person is quoted."
                yield _cell(place, label, str(column), row[column], "derived", why=why)
            else:
                yield _unchecked(place, label, str(column), row[column], needs)
