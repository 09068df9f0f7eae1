"""The cells of the printed tables, each with its name and the values that its print allows.

A cell is what a document prints. Keys, paraphrases, readings and notes that this compendium added
are marked in the contract (property `ours`) and are no cells; nor are tables that we put together
from running text. A heading that spans several rows is one cell.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd

from auditing.consistency.rounding import printed

COLUMNS = (
    *("cell_id", "table", "place", "row", "column", "printed", "lower", "upper"),
    *("derived", "recomputed", "needs"),
)
TABLE_1, TABLE_2 = "epic_table1_district_characteristics", "epic_table2_response_rates"
TABLE_3, TABLE_4 = "epic_table3_representativeness", "epic_table4_participants"
Fields = Mapping[str, Sequence[Mapping[str, Any]]]
#: Numbers that EPIC's Table 3 prints without decimals.
WHOLE = (0.0, 98.0)


class _Layout(NamedTuple):
    """How a table is printed: where, what names a row, what spans rows, what would decide it."""

    place: str
    row: tuple[str, ...]
    needs: str
    headings: Mapping[str, tuple[str, ...]] = {}
    headers: tuple[str, ...] = ()


_RECORD, _FRAME = "the study's record of its participants", "the instrument that it is taken from"
_STATE = "the state's files on districts, students and teachers"
_GROUPS, _PUT = ("characteristic_group", "category"), {"dimension": ("dimension",)}
_ROLES = {"position_group": ("position_group",), "role": ("role",)}
_LISTS = {"dimension": ("table",), "printed_under": ("table", "list")}
_LAYOUTS = {
    TABLE_1: _Layout("EPIC Table 1", ("district",), _STATE),
    TABLE_2: _Layout(
        "EPIC Table 2", ("district",), "the record of who was asked", {}, ("district",)
    ),
    TABLE_3: _Layout("EPIC Table 3", _GROUPS, "the rows of the survey", {}, _GROUPS),
    TABLE_4: _Layout("EPIC Table 4", ("participant_name",), _RECORD),
    "padgett_table2": _Layout("Padgett Table 2", ("construct",), _FRAME, _PUT),
    "padgett_table3_dimensions": _Layout("Padgett Table 3", ("construct",), _FRAME, _PUT),
    "padgett_table4_criteria": _Layout("Padgett Table 4", ("role",), _RECORD, _ROLES),
    "padgett_table5_participants": _Layout("Padgett Table 5", ("participant",), _RECORD),
    "padgett_interview_questions": _Layout(
        "Padgett Tables 6 to 8", ("table", "list", "number"), "the interview guide", _LISTS
    ),
}
#: Names of the printed tables whose cells get a verdict.
TABLES = tuple(_LAYOUTS)


def printed_cells(tables: Mapping[str, pd.DataFrame], fields: Fields) -> pd.DataFrame:
    """List every cell of the printed tables.

    Parameters
    ----------
    tables
        The tables named in `TABLES`.
    fields
        Their fields as the contract describes them: name, type, and ours where it is not printed.

    Returns
    -------
    pandas.DataFrame
        Columns `COLUMNS`, one row per cell in the order of the tables: lower and upper are what a
        number can stand for; derived says how a cell follows that is not printed, recomputed what
        it is; needs names the data that would decide the cell.

    Raises
    ------
    KeyError
        When a table is missing.

    Examples
    --------
    >>> from compendium import data
    >>> fields = {name: data.resource(name)["schema"]["fields"] for name in TABLES}
    >>> cells = printed_cells({name: data.load(name) for name in TABLES}, fields)
    >>> rate = cells[cells["cell_id"] == "EPIC Table 2: Mercer, response_rate_percent"]
    >>> rate[["lower", "upper"]].values.tolist()[0]
    [91.35, 91.45]
    """
    found = [cell for name in TABLES for cell in _cells(name, tables[name], fields[name])]
    frame = pd.DataFrame(found, columns=list(COLUMNS)).drop_duplicates("cell_id", ignore_index=True)
    return frame.astype(dict.fromkeys(["lower", "upper", "recomputed"], "float64"))


def _cells(
    name: str, table: pd.DataFrame, fields: Sequence[Mapping[str, Any]]
) -> Iterator[dict[str, Any]]:
    layout = _LAYOUTS[name]
    kinds = {f["name"]: f["type"] for f in fields if "ours" not in f}
    for row in table.to_dict("records"):
        label = " / " if name == TABLE_3 else ", "
        if name == TABLE_1:
            exact = row["unit"] not in ("percent", "ratio")
            yield _cell(name, row["district"], row["measure"], row["value"], 0 if exact else 1)
            continue
        unlisted = row.get("in_published_table") is False
        for column, kind in kinds.items():
            if column in ("document", *layout.headers) or (
                pd.isna(row[column]) and column != "star"
            ):
                continue
            names = layout.headings.get(column, layout.row)
            here = label.join(str(row[one]) for one in names)
            digits = {"integer": 0, "number": 1}.get(kind)
            cell = _cell(name, here, column, row[column], digits)
            reason = "Not listed; given in the text where the person is quoted."
            yield cell | ({"derived": reason} if unlisted else {})
    if name == TABLE_2:
        yield from _left_over(table)


def _cell(name: str, row: str, column: str, value: Any, digits: int | None) -> dict[str, Any]:
    layout = _LAYOUTS[name]
    cell = dict.fromkeys(COLUMNS) | {"table": name, "place": layout.place, "row": row}
    cell |= {"cell_id": f"{layout.place}: {row}, {column}", "column": column}
    if digits is None or pd.isna(value):
        return cell | {"printed": "" if pd.isna(value) else str(value), "needs": layout.needs}
    text = f"{value:.{0 if name == TABLE_3 and value in WHOLE else digits}f}"
    limits = printed(text, rounding="nearest" if digits else "exact")
    cell |= {"lower": float(limits.lower), "upper": float(limits.upper)}
    return cell | {"printed": text, "needs": layout.needs}


def _left_over(table: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Work out the district that Table 2 leaves out."""
    counts = table.set_index("district")[["responses", "target_population"]]
    left = counts.loc["Overall"] - counts.drop("Overall").sum()
    numbers = {**left, "response_rate_percent": 100 * left.iloc[0] / left.iloc[1]}
    reason = "The row is not printed; it is what the printed rows leave of the total."
    for column, number in numbers.items():
        cell = _cell(TABLE_2, "Lehigh", str(column), None, None)
        yield cell | {"derived": reason, "recomputed": float(number)}
