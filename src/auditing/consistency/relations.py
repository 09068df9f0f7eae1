"""Claims, lists and cells held against each other by the relation that is declared between them.

A relation says in sums and comparisons what must hold: ``EPIC-C-015 + EPIC-C-016 = EPIC-C-002``. A
claim or cell stands for all values that its words or its rounding allow, a list for the number of
its entries. A comparison fails only where no such values meet it. Which statements belong together
is a reading, so it is data; what comes of it is computed.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any, NamedTuple

import pandas as pd

from auditing.consistency.findings import Comparison, findings_table
from auditing.consistency.rounding import Interval, interval
from compendium.text import nearest

#: What a relation can name: a cell in square brackets, a claim or a list.
MEMBER = re.compile(r"\[[^]]+\]|\b[A-Z0-9]+-C-[0-9]{3}\b|\bL-[A-Z0-9]+-[0-9]{2}\b")
_SUMS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul}
_SUMS |= {ast.Div: operator.truediv}
_SIGNS = {ast.Eq: "=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.In: "in"}
JUDGED = {"yes": True, "no": False, "open": None}


def quantities(
    claims: pd.DataFrame, lists: pd.DataFrame, cells: pd.DataFrame
) -> dict[str, Interval]:
    """Say what every claim, list and cell can stand for.

    Parameters
    ----------
    claims
        Columns claim_id, lower, upper, lower_open, upper_open.
    lists
        One row per entry: list_id.
    cells
        Columns cell_id, lower, upper.

    Returns
    -------
    dict of str to Interval
        Without the claims and cells that have no number.

    Examples
    --------
    >>> lists = pd.DataFrame({"list_id": ["L-A-01", "L-A-01"]})
    >>> none = pd.DataFrame(columns=["claim_id", "cell_id", "lower", "upper"])
    >>> print(quantities(none, lists, none)["L-A-01"])
    2
    """
    named = [
        *((str(row["claim_id"]), row) for row in claims.to_dict("records")),
        *((f"[{row['cell_id']}]", row) for row in cells.to_dict("records")),
    ]
    found = {
        name: interval(row)
        for name, row in named
        if not (pd.isna(row["lower"]) and pd.isna(row["upper"]))
    }
    counts = lists["list_id"].value_counts()
    return found | {str(name): _point(int(n)) for name, n in counts.items()}


def check_relations(
    relations: pd.DataFrame, known: Mapping[str, Interval], others: frozenset[str] = frozenset()
) -> pd.DataFrame:
    """Compare the members of each relation.

    Parameters
    ----------
    relations
        Columns relation_id, members, relation, comparison, read_as, recomputes, at_fault, note, as
        the contract describes them.
    known
        What each claim, list and cell can stand for, from `quantities`.
    others
        Claims, cells and segments without a number, which a relation may name all the same.

    Returns
    -------
    pandas.DataFrame
        As `findings_table`; subject is the relation. A claim is recomputed only where the
        comparison holds for every value that the members allow, not only for some.

    Raises
    ------
    ValueError
        When a relation names what does not exist, or its comparison cannot be read.

    Examples
    --------
    >>> relation = {"relation_id": "R-001", "members": "A-C-001;A-C-002", "relation": "bound",
    ...     "comparison": "A-C-001 < A-C-002", "read_as": "yes", "recomputes": None,
    ...     "at_fault": None, "note": "Fewer than before."}
    >>> known = {"A-C-001": Interval(Fraction(7), Fraction(7)),
    ...          "A-C-002": Interval(Fraction(5), Fraction(5))}
    >>> result = check_relations(pd.DataFrame([relation]), known)
    >>> result[["consistent", "arithmetic"]].to_numpy().tolist()
    [[False, 'impossible: 7 < 5']]
    """
    faults, comparisons = [], []
    for row, relation in enumerate(relations.to_dict("records"), start=2):
        where = f"claim_relations, row {row} ({relation['relation_id']})"
        unknown = [m for m in _split(relation["members"]) if m not in known and m not in others]
        faults += [f"{where}: there is no {m}; {nearest(m, [*known, *others])}" for m in unknown]
        if not unknown:
            try:
                comparisons.append(_compare(relation, known))
            except (SyntaxError, KeyError, ValueError) as error:
                faults.append(f"{where}: '{relation['comparison']}' cannot be read: {error}")
    if faults:
        raise ValueError("\n".join(faults))
    return findings_table(comparisons)


def ties(relations: pd.DataFrame) -> list[set[str]]:
    """Group the claims and cells that print one and the same number.

    Examples
    --------
    >>> same = pd.DataFrame({"relation": ["same", "same", "bound"],
    ...                      "members": ["A;B", "B;C;L-A-01", "C;D"]})
    >>> [sorted(group) for group in ties(same)]
    [['A', 'B', 'C']]
    """
    groups: list[set[str]] = []
    for members in relations.loc[relations["relation"] == "same", "members"]:
        own = {member for member in _split(members) if not member.startswith("L-")}
        apart = [group for group in groups if not group & own]
        groups = [*apart, own.union(*(group for group in groups if group & own))]
    return groups


class _Outcome(NamedTuple):
    """Whether some values meet a comparison, and whether all do."""

    can: bool
    must: bool


def _compare(relation: Mapping[Any, Any], known: Mapping[str, Interval]) -> Comparison:
    text, note = relation["comparison"], relation["note"]
    members = [m for m in _split(relation["members"]) if not m.startswith("L-")]
    holds: bool | None = JUDGED[relation["read_as"]]
    certain, arithmetic = True, "the words compared"
    if not pd.isna(text):
        outcomes = {part.strip(): _outcome(part, known) for part in text.split(";")}
        holds = all(outcome.can for outcome in outcomes.values())
        certain = all(outcome.must for outcome in outcomes.values())
        failing = [part for part, outcome in outcomes.items() if not outcome.can]
        shown = " and ".join(_in_numbers(part, known) for part in failing or outcomes)
        arithmetic = f"impossible: {shown}" if failing else shown
    recomputed = _split(relation["recomputes"]) if certain and holds else []
    return {
        "check": relation["relation"],
        "subject": relation["relation_id"],
        "printed": "; ".join(_split(relation["members"])),
        "implied": note,
        "consistent": holds,
        "arithmetic": arithmetic,
        "bears_on": ";".join(members),
        "recomputes": ";".join(recomputed),
        "at_fault": "" if pd.isna(relation["at_fault"]) else relation["at_fault"],
        "impossible": False,
    }


def _in_numbers(part: str, known: Mapping[str, Interval]) -> str:
    """Write a comparison with what its members can stand for in place of their names."""
    text = re.sub(r"\((\S+)\)", r"\1", MEMBER.sub(lambda m: f"({known[m[0]]})", part))
    return text.replace("<=", "≤").replace(">=", "≥").replace("*", "×").replace(" / ", " ÷ ")


def _outcome(text: str, known: Mapping[str, Interval]) -> _Outcome:
    names = list(dict.fromkeys(MEMBER.findall(text)))
    values = {f"v{place}": known[name] for place, name in enumerate(names)}
    for place, name in enumerate(names):
        text = text.replace(name, f"v{place}")
    tree = ast.parse(re.sub(r"(?<![<>])=", "==", text).strip(), mode="eval").body
    if not isinstance(tree, ast.Compare) or len(tree.ops) != 1:
        raise ValueError(f"it needs one of {', '.join(_SIGNS.values())} between two sums")
    first, second = (_value(node, values) for node in (tree.left, tree.comparators[0]))
    sign = _SIGNS[type(tree.ops[0])]
    if sign in (">", ">="):
        first, second, sign = second, first, sign.replace(">", "<")
    if sign == "<":
        return _Outcome(first.lower < second.upper, second.above(first))
    if sign == "<=":
        return _Outcome(not first.above(second), first.upper <= second.lower)
    within = second.contains(first)
    return _Outcome(within if sign == "in" else first.meets(second), within)


def _value(node: ast.AST, values: Mapping[str, Interval]) -> Interval:
    match node:
        case ast.BinOp(left, op, right) if type(op) in _SUMS:
            found: Interval = _SUMS[type(op)](_value(left, values), _value(right, values))
            return found
        case ast.Name(id=name) if name in values:
            return values[name]
        case ast.Constant(value=int() | float() as number):
            return _point(number)
    raise ValueError("only numbers, claims, lists, cells and + - * / may stand in it")


def _point(number: float) -> Interval:
    return Interval(Fraction(str(number)), Fraction(str(number)))


def _split(cell: Any) -> list[str]:
    return [part.strip() for part in cell.split(";")] if isinstance(cell, str) and cell else []
