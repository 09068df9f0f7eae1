"""Survey rows that agree with everything the published report prints, and with nothing else.

The authors' rows are not public. From the printed response counts, the table of
representativeness, the claims and the items, this package builds rows that could stand behind
them: `prepare` solves what does not depend on chance (the district that is not printed, the
smallest relaxation of contradictory percentages, the table of constraints), `reconstruct` draws
one set of rows from a seed, `verify` checks rows against the constraints without knowing how they
were made. What the print leaves open is drawn at random, so a set of reconstructions from many
seeds shows how much the published numbers leave open.

A result that was a constraint is met by construction; it is never evidence.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from auditing.reconstruction.plan import Plan, Reconstruction, prepare
from auditing.reconstruction.settings import DEFAULT_SEED, Settings
from auditing.reconstruction.verification import refuse_broken, verify

__all__ = [
    "DEFAULT_SEED",
    "TABLES",
    "Plan",
    "Reconstruction",
    "Settings",
    "constraints",
    "prepare",
    "reconstruct",
    "refuse_broken",
    "verify",
]

TABLES = (
    "claims",
    "epic_districts",
    "epic_table2_response_rates",
    "epic_table3_representativeness",
    "epic_items",
    "instrument",
    "scales",
)
"""Names of the tables a reconstruction is made from."""


def constraints(
    tables: Mapping[str, pd.DataFrame], settings: Settings | None = None
) -> pd.DataFrame:
    """Return every printed number that reconstructed rows agree with, as a table.

    Parameters
    ----------
    tables
        The tables named in `TABLES`.
    settings
        Assumptions; the defaults when not given.

    Returns
    -------
    pandas.DataFrame
        One row per constraint, with the claim or table cell it comes from; the columns are
        described in `auditing.reconstruction.fields`.

    Examples
    --------
    >>> from compendium.data import load
    >>> table = constraints({name: load(name) for name in TABLES})
    >>> table.loc[table["claim_id"] == "EPIC-C-057", ["items", "lower", "upper"]].values.tolist()
    [['EPIC-I-007', 85.5, 86.5]]
    """
    return prepare(tables, settings).constraints


def reconstruct(
    tables: Mapping[str, pd.DataFrame], seed: int = DEFAULT_SEED, settings: Settings | None = None
) -> Reconstruction:
    """Draw one set of survey rows that meets every constraint.

    To draw many, call `prepare` once and `Plan.draw` per seed.

    Parameters
    ----------
    tables
        The tables named in `TABLES`.
    seed
        The same seed gives the same rows.
    settings
        Assumptions; the defaults when not given.

    Returns
    -------
    Reconstruction
        Roster, responses by mode, and the report.

    Examples
    --------
    >>> from compendium.data import load
    >>> drawn = reconstruct({name: load(name) for name in TABLES}, seed=1)
    >>> len(drawn.roster), len(drawn.responses_web) + len(drawn.responses_paper)
    (611, 444)
    """
    return prepare(tables, settings).draw(seed)
