"""Loading a table: checked text in, typed columns out.

The types come from the contract, never from what the cells happen to hold, so that a data fix
cannot change the type of a column.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

from compendium import context
from compendium.data.checks import check_tables
from compendium.data.contract import read_contract
from compendium.data.faults import ContractError

if TYPE_CHECKING:
    import pandas as pd

#: Types of fields that are not read as the text they are.
TYPED = ("integer", "number", "boolean")


def load(name: str, root: Path | None = None) -> pd.DataFrame:
    """Return a table that meets its contract, by its name in `data/datapackage.json`.

    Returns
    -------
    pandas.DataFrame
        One row for each row of the file. Text is `str`, numbers are `float64`; whole numbers and
        truth values are `int64` and `bool` where the contract requires a value, otherwise the
        nullable `Int64` and `boolean`. Empty cells are missing values. ContractError lists all
        faults of a file that breaks its contract; ValueError when there is no such table, or the
        run does not declare it.

    Examples
    --------
    >>> load("epic_table2_response_rates").loc[0, "responses"]
    np.int64(59)
    """
    import pandas as pd  # here: slow, and who only asks about the contract needs none of it

    contract = read_contract(root)
    fields = contract.resource(name)["schema"]["fields"]
    _refuse_undeclared(name)
    faults = check_tables(contract, [name])
    if faults:
        raise ContractError(faults)
    context.announce(contract.file(name))
    text = pd.read_csv(
        io.BytesIO(contract.content(name)), dtype="str", keep_default_na=False, na_values=[""]
    )
    typed = {f["name"]: _typed(text[f["name"]], f) for f in fields if f["type"] in TYPED}
    return text[[field["name"] for field in fields]].assign(**typed)


def _refuse_undeclared(name: str) -> None:
    run = context.current()
    if run and name not in run.inputs:
        raise ValueError(
            f"the run '{run.run}' loads '{name}' without declaring it; "
            f"{context.line_to_add(run.run, 'inputs', run.inputs, name)}"
        )


def _typed(column: pd.Series, field: dict[str, Any]) -> pd.Series:
    import pandas as pd

    required = field.get("constraints", {}).get("required", False)
    match field["type"]:
        case "integer":
            return pd.to_numeric(column).astype("int64" if required else "Int64")
        case "number":
            return pd.to_numeric(column).astype("float64")
    truth = column.map({"true": True, "TRUE": True, "false": False, "FALSE": False})
    return truth.astype("bool" if required else "boolean")
