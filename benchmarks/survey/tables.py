"""Tables of answers: shares of forty items, with standard errors or without.

Ours gives shares, standard errors, intervals, design effects and degrees of freedom each time.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from contest import Contest, Prepared

from survey.data import Data, first_item

CONTEST = Contest()
SHARES_ONLY = "shares only: no standard errors, no intervals"
SHARES_AND_ERRORS = "shares and standard errors: no intervals, no design effects"
ONE_ITEM = "one of the forty items"


def ours(folder: Path, **design: Any) -> Prepared:
    """Tabulate all items."""
    from compendium.survey import SurveyDesign, tabulate

    data = Data(folder)
    run = partial(tabulate, data.answer_frame(), data.items, SurveyDesign(**design))
    return run, lambda table: first_item(table, "share", "se")


@CONTEST.enter("tabulate")
def ours_unweighted(folder: Path) -> Prepared:
    """Tabulate with every row counting once."""
    return ours(folder, weights=None)


@CONTEST.enter("tabulate_weighted")
def ours_weighted(folder: Path) -> Prepared:
    """Tabulate with a column of weights."""
    return ours(folder, weights="weight")


@CONTEST.enter("tabulate_study", "growth_study")
def ours_as_the_study(folder: Path) -> Prepared:
    """Tabulate with the study's weights, which differ from item to item."""
    from compendium.survey import equal_group_weights

    rule = partial(equal_group_weights, group="district")
    return ours(folder, weights=rule, strata="district")


@CONTEST.enter("tabulate_clustered", "growth_clustered")
def ours_clustered(folder: Path) -> Prepared:
    """Tabulate with weights, strata and clusters."""
    return ours(folder, weights="weight", strata="stratum", clusters="unit")


def pandas(folder: Path, shares: Any) -> Prepared:
    """Compute the shares of each item from its groups."""
    data = Data(folder)
    frame = data.answer_frame()

    def run() -> Any:
        return [shares(frame, item) for item in data.items]

    return run, lambda found: {"share": found[0]}


@CONTEST.enter("tabulate", library="pandas", note=SHARES_ONLY)
def pandas_unweighted(folder: Path) -> Prepared:
    """Count rows by group."""

    def shares(frame: Any, item: str) -> Any:
        counts = frame.groupby(item, observed=False).size()
        return counts / counts.sum()

    return pandas(folder, shares)


@CONTEST.enter("tabulate_weighted", library="pandas", note=SHARES_ONLY)
def pandas_weighted(folder: Path) -> Prepared:
    """Sum weights by group."""

    def shares(frame: Any, item: str) -> Any:
        sums = frame.groupby(item, observed=False)["weight"].sum()
        return sums / sums.sum()

    return pandas(folder, shares)


@CONTEST.enter("tabulate_study", "growth_study", library="pandas", note=SHARES_ONLY)
def pandas_as_the_study(folder: Path) -> Prepared:
    """Count rows by district and answer; average the districts' shares."""

    def shares(frame: Any, item: str) -> Any:
        counts = frame.groupby(["district", item], observed=False).size().unstack()
        return counts.div(counts.sum(axis=1), axis=0).mean()

    return pandas(folder, shares)


def polars(folder: Path, query: Any) -> Prepared:
    """Compute shares and standard errors of each item, all items in one collection."""
    import polars as pl

    data = Data(folder)
    frame = data.polars_answers().lazy().with_columns(sample=pl.len())
    queries = [query(pl, frame.drop_nulls(item), item) for item in data.items]

    def numbers(tables: Any) -> dict[str, Any]:
        return first_item(tables[0].sort(data.items[0]), "share", "se")

    return lambda: pl.collect_all(queries), numbers


@CONTEST.enter("tabulate", library="polars", environment="peers", note=SHARES_AND_ERRORS)
def polars_unweighted(folder: Path) -> Prepared:
    """Count rows by group; those who gave no answer are in the sample as well."""

    def query(pl: Any, answered: Any, item: str) -> Any:
        share, size = pl.col("n") / pl.col("n").sum(), pl.col("n").sum()
        counts = answered.group_by(item).agg(n=pl.len(), sample=pl.col("sample").first())
        square = share * (1 - share) / size * pl.col("sample") / (pl.col("sample") - 1)
        return counts.select(item, share=share, se=square.sqrt())

    return polars(folder, query)


@CONTEST.enter("tabulate_weighted", library="polars", environment="peers", note=SHARES_AND_ERRORS)
def polars_weighted(folder: Path) -> Prepared:
    """Sum weights and their squares by group; linearised errors from both."""

    def query(pl: Any, answered: Any, item: str) -> Any:
        weight, n = pl.col("weight"), pl.col("sample")
        sums = answered.group_by(item).agg(n.first(), w=weight.sum(), ww=(weight**2).sum())
        share = pl.col("w") / pl.col("w").sum()
        squares = (1 - 2 * share) * pl.col("ww") + share**2 * pl.col("ww").sum()
        se = (n / (n - 1) * squares).sqrt() / pl.col("w").sum()
        return sums.select(item, share=share, se=se)

    return polars(folder, query)


@CONTEST.enter(
    "tabulate_study",
    "growth_study",
    library="polars",
    environment="peers",
    note=SHARES_AND_ERRORS,
)
def polars_as_the_study(folder: Path) -> Prepared:
    """Average the shares of the districts; each district is a simple random sample."""

    def query(pl: Any, answered: Any, item: str) -> Any:
        counts = answered.group_by("district", item).agg(n=pl.len())
        size = pl.col("n").sum().over("district")
        part = pl.col("n") / size
        parts = counts.with_columns(part=part, error=part * (1 - part) / (size - 1))
        districts = pl.col("district").n_unique()
        sums = parts.with_columns(of=districts).group_by(item)
        share, error = pl.col("part").sum(), pl.col("error").sum().sqrt()
        return sums.agg(share=share / pl.col("of").first(), se=error / pl.col("of").first())

    return polars(folder, query)


#: Shares and standard errors of one item, by the tables of DuckDB.
QUERIES = {
    "tabulate": """
        WITH counts AS (SELECT {item} AS answer, count(*) AS n FROM answers
                        WHERE {item} IS NOT NULL GROUP BY answer),
             shares AS (SELECT answer, n / sum(n) OVER () AS share, sum(n) OVER () AS size,
                        (SELECT count(*) FROM answers) AS sample FROM counts)
        SELECT answer, share, sqrt(share * (1 - share) / size * sample / (sample - 1)) AS se
        FROM shares""",
    "tabulate_weighted": """
        WITH sums AS (SELECT {item} AS answer, sum(weight) AS w, sum(weight * weight) AS ww
                      FROM answers WHERE {item} IS NOT NULL GROUP BY answer),
             shares AS (SELECT answer, ww, w / sum(w) OVER () AS share, sum(w) OVER () AS total,
                        sum(ww) OVER () AS wws, (SELECT count(*) FROM answers) AS sample
                        FROM sums)
        SELECT answer, share, sqrt(sample / (sample - 1)
               * ((1 - 2 * share) * ww + share * share * wws)) / total AS se FROM shares""",
    "tabulate_study": """
        WITH counts AS (SELECT district, {item} AS answer, count(*) AS n FROM answers
                        WHERE {item} IS NOT NULL GROUP BY district, answer),
             parts AS (SELECT answer, n / sum(n) OVER (PARTITION BY district) AS part,
                       sum(n) OVER (PARTITION BY district) AS size,
                       (SELECT count(DISTINCT district) FROM counts) AS districts FROM counts)
        SELECT answer, sum(part) / any_value(districts) AS share,
               sqrt(sum(part * (1 - part) / (size - 1))) / any_value(districts) AS se
        FROM parts GROUP BY answer""",
}


def duckdb(folder: Path, task: str) -> Prepared:
    """Compute shares and standard errors of each item from a table in memory."""
    import duckdb

    data = Data(folder)
    connection = duckdb.connect()
    connection.register("frame", data.answer_frame())
    connection.execute("CREATE TABLE answers AS SELECT * FROM frame")
    queries = [QUERIES[task].format(item=item) + " ORDER BY answer" for item in data.items]

    def run() -> Any:
        return [connection.execute(query).fetchnumpy() for query in queries]

    return run, lambda tables: {name: tables[0][name] for name in ("share", "se")}


for name in QUERIES:
    CONTEST.enter(name, library="DuckDB", environment="peers", note=SHARES_AND_ERRORS)(
        partial(duckdb, task=name)
    )


def svy(folder: Path, **design: Any) -> Prepared:
    """Estimate the proportions of one item; the others take the same again."""
    import svy

    data = Data(folder)
    item = data.items[0]
    sample = svy.Sample(data.polars_frame([item]), svy.Design(wgt="weight", **design))
    run = partial(sample.estimation.prop, item, drop_nulls=True)
    return run, lambda found: first_item(found.to_polars().rename({"est": "share"}), "share", "se")


@CONTEST.enter("tabulate_weighted", library="svy", environment="peers", part=1 / 40, note=ONE_ITEM)
def svy_weighted(folder: Path) -> Prepared:
    """Estimate proportions with weights."""
    return svy(folder)


@CONTEST.enter("tabulate_clustered", library="svy", environment="peers", part=1 / 40, note=ONE_ITEM)
def svy_clustered(folder: Path) -> Prepared:
    """Estimate proportions with weights, strata and clusters."""
    return svy(folder, stratum="stratum", psu="unit")
