"""The thresholds of the rule that labels a claim, with where each comes from.

There is no accepted index of convergence between strands, so the rule is no score: it is a short
sequence of comparisons that a reader can follow with a pencil (`judgement` has them). The words of
the labels come from Farmer et al. (2006) and O'Cathain et al. (2010).
"""

from dataclasses import dataclass
from typing import Literal, get_args

Relation = Literal["same", "facet"]
SurveyState = Literal["absent", "imprecise", "+", "-", "divided"]
CodedState = Literal["not asked", "absent", "thin", "+", "-", "divided"]
Label = Literal[
    "convergence", "complementarity", "dissonance", "silence", "insufficient", "not covered"
]
LABELS: tuple[Label, ...] = get_args(Label)


@dataclass(frozen=True, kw_only=True)
class Rule:
    """Thresholds of the rule; the defaults are the ones the book reports.

    Only `min_effective_n` is taken from a published standard. The others are conventions chosen
    before any label was computed; `sensitivity` shows what depends on them. ValueError for a
    threshold outside the range in which the rule has a meaning.

    Parameters
    ----------
    midpoint : float
        Share at which a survey answer is neither the rule nor the exception. Default 0.5.
    indifference : float
        Half-width of the zone around the midpoint within which an estimate has no direction.
        Default 0.05, so that five points either side of one half count as divided.
    min_effective_n : float
        Smallest effective sample size (n over design effect) that gives a direction. Default 30,
        the limit below which the US National Center for Health Statistics suppresses a proportion
        (Parker et al. 2017).
    max_half_width : float
        Largest half-width of the interval that gives a direction. Default 0.20; Parker et al.
        (2017) already suppress at 0.15, so this only catches estimates that say next to nothing.
    min_cases : int
        Fewest cases heard that give a direction. Default 3. Whatever the number, a split that one
        case changing sides would turn into its opposite counts as thin: otherwise one reading of
        one interview could turn convergence into dissonance.
    min_case_share : float
        Smallest part of the eligible cases that must be heard. Default 0.25 (adequacy of data in
        GRADE-CERQual, Lewin et al. 2018, which gives no number).
    majority : float
        Share of the cases heard that makes a direction, for as well as against; a case with
        evidence both ways counts one half. Default 2/3, the usual qualified majority.
    max_prominence_gap : float
        Largest difference between the survey share and the share of eligible cases on the same side
        that still counts as agreement in size. Default 0.25.

    References
    ----------
    Farmer T. et al. (2006). Qualitative Health Research 16(3).
    O'Cathain A., Murphy E., Nicholl J. (2010). BMJ 341, c4587.
    Parker J. D. et al. (2017). Vital and Health Statistics 2(175).
    Lewin S. et al. (2018). Implementation Science 13 (Suppl 1), 2.

    Examples
    --------
    >>> Rule(majority=0.4)
    Traceback (most recent call last):
        ...
    ValueError: Rule: majority is 0.4; it must lie above 0.5 and at most 1, ...
    """

    midpoint: float = 0.5
    indifference: float = 0.05
    min_effective_n: float = 30
    max_half_width: float = 0.20
    min_cases: int = 3
    min_case_share: float = 0.25
    majority: float = 2 / 3
    max_prominence_gap: float = 0.25

    def __post_init__(self) -> None:
        if not 0.5 < self.majority <= 1:
            raise ValueError(
                f"Rule: majority is {self.majority}; it must lie above 0.5 and at most 1, or the "
                "cases could speak for and against at once"
            )
        if not 0 <= self.indifference < min(self.midpoint, 1 - self.midpoint):
            raise ValueError(
                f"Rule: midpoint {self.midpoint} and indifference {self.indifference} leave no "
                "share that counts for or against; give a midpoint between 0 and 1 and a smaller "
                "indifference"
            )
        for name in ("min_case_share", "max_prominence_gap", "max_half_width"):
            value = getattr(self, name)
            if not 0 <= value <= 1:
                raise ValueError(f"Rule: {name} is {value}; it is a share and lies in [0, 1]")
        if self.min_cases < 1 or self.min_effective_n < 0:
            raise ValueError(
                f"Rule: min_cases is {self.min_cases} and min_effective_n {self.min_effective_n}; "
                "at least one case and no negative sample size"
            )

    @property
    def upper_direction(self) -> float:
        """Share that a lower limit must exceed for a direction for the claim."""
        return self.midpoint + self.indifference

    @property
    def lower_direction(self) -> float:
        """Share that an upper limit must stay below for a direction against the claim."""
        return self.midpoint - self.indifference
