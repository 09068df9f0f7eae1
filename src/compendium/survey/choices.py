"""Multiple-response items: each respondent may choose several, and each choice has a column.

The question that decides the number is what the share is a share of. A choice that was not made is
an empty cell, so a column by itself says nothing about those who did not choose it.
"""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, Literal, TypeAlias, get_args

import numpy as np
import pandas as pd

from compendium.survey.arrays import Mask
from compendium.survey.checks import check_option, column, named, quote, stored_codes
from compendium.survey.design import SurveyDesign
from compendium.survey.domains import By
from compendium.survey.estimates import tabulate
from compendium.survey.intervals import Interval
from compendium.survey.likert import two_way

ChoiceBase: TypeAlias = Literal["respondents", "answered"]
CHOSEN = "chosen"
REFUSALS = ("no", "n", "false", "0", "not selected", "not chosen", "unchecked")


def tabulate_choices(
    frame: pd.DataFrame,
    choices: Sequence[str] | Mapping[str, str],
    design: SurveyDesign | None = None,
    by: By = None,
    *,
    base: ChoiceBase = "respondents",
    chosen: Any = None,
    interval: Interval = "logit",
    level: float = 0.95,
) -> pd.DataFrame:
    """Estimate the share of respondents who made each choice of a multiple-response item.

    Parameters
    ----------
    frame, design, by, interval, level
        As for `compendium.survey.tabulate`.
    choices
        The item's columns, one for each choice; or a mapping from each column to its label.
    base
        What shares are shares of: all ``"respondents"`` (rows of the frame), or those who
        ``"answered"``, with at least one cell of the item that is not empty.
    chosen
        The value that marks a choice. By default 1 or true where columns hold 0 and 1 or true and
        false; otherwise the one value that a column holds beside empty cells. ValueError if that is
        open, or a cell is empty where others of its row and item hold an explicit no.

    Returns
    -------
    pandas.DataFrame
        One row per choice and group: choice, base, then as from `tabulate`. The shares of one group
        may add up to more than 1.

    Examples
    --------
    >>> frame = pd.DataFrame({"video": ["x", "x", None], "text": [None, "x", None]})
    >>> table = tabulate_choices(frame, ["video", "text"], SurveyDesign(None))
    >>> table[["choice", "base", "n", "share"]].round(4)
      choice         base  n  share
    0  video  respondents  3  0.6667
    1   text  respondents  3  0.3333
    """
    check_option("base", base, get_args(ChoiceBase))
    names = named(choices, "choices")
    columns = [column(frame, name, "choices") for name in names]
    marked, empty = _read(columns, chosen)
    inside: Mask = ~empty.all(axis=1) | np.full(len(frame), base == "respondents")
    indicators = {
        f"{name}, {CHOSEN}": two_way(series, hit, inside, CHOSEN)
        for name, series, hit in zip(names, columns, marked.T, strict=True)
    }
    table = tabulate(frame.assign(**indicators), list(indicators), design, by, interval, level)
    table = table[table["level"] == CHOSEN].drop(columns="level").reset_index(drop=True)
    labels = choices if isinstance(choices, Mapping) else dict(zip(names, names, strict=True))
    labelled = dict(zip(indicators, (labels[name] for name in names), strict=True))
    table.insert(0, "choice", table.pop("item").map(labelled))
    table.insert(1, "base", base)
    return table


def _read(columns: list[pd.Series], chosen: Any) -> tuple[Mask, Mask]:
    """Find which cells mark a choice, and which are empty: two arrays of shape (rows, columns)."""
    encoded = [stored_codes(series, "choices", missing=True) for series in columns]
    present = [
        [label for code, label in enumerate(labels) if (codes == code).any()]
        for codes, labels in encoded
    ]
    every = {label for labels in present for label in labels}
    empty = np.array([codes < 0 for codes, _ in encoded]).T
    if chosen is None and every <= {0, 1}:  # as are false and true
        chosen, explicit = 1, 0 in every
    elif chosen is None:
        for series, labels in zip(columns, present, strict=True):
            refusing = [x for x in labels if isinstance(x, str) and x.lower() in REFUSALS]
            if len(labels) > 1 or refusing:
                raise ValueError(
                    f"choices: column {series.name!r} holds {quote(labels)}; say with chosen= "
                    "which value marks a choice"
                )
        return ~empty, empty
    else:
        explicit = len(every) > 1
        if not isinstance(chosen, Hashable) or chosen not in every:
            raise ValueError(f"chosen: no cell holds {chosen!r}; there are {quote(every)}")
    partly = empty.any(axis=1) & ~empty.all(axis=1)
    if explicit and partly.any():
        row = int(np.flatnonzero(partly)[0])
        at = columns[int(np.flatnonzero(empty[row])[0])]
        raise ValueError(
            f"choices: column {at.name!r} is empty in row {quote([at.index[row]])}, where others "
            "of the item hold a yes or no; fill it in, or empty the whole item"
        )
    return np.array(
        [(series == chosen).to_numpy(bool, na_value=False) for series in columns]
    ).T, empty
