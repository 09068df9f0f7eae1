"""The answer of an agreement coefficient: a value with its interval, or the reason for none."""

from __future__ import annotations

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Agreement:
    """One coefficient of agreement.

    Attributes
    ----------
    name
        Which coefficient.
    value
        Its value, None where it is undefined.
    lower, upper
        Limits of the bootstrap interval, None where there is none.
    n
        Units with at least two ratings: those that say anything about agreement.
    n_clusters
        Clusters that were resampled (units, when no clusters were given).
    n_undefined
        Bootstrap replicates in which the coefficient was undefined; they are left out of the
        interval.
    reason
        Why value or interval is None, or what to know about the interval; empty otherwise.

    Examples
    --------
    >>> Agreement("Fleiss' kappa", None, None, None, 0, 0, 0, "no unit has two ratings").value
    """

    name: str
    value: float | None
    lower: float | None
    upper: float | None
    n: int
    n_clusters: int
    n_undefined: int
    reason: str

    def as_row(self) -> dict[str, object]:
        """Return the fields as one row of a table.

        Examples
        --------
        >>> Agreement("alpha", 0.5, 0.4, 0.6, 12, 12, 0, "").as_row()["value"]
        0.5
        """
        return asdict(self)
