"""Evidence on one claim from each strand, reduced to what the rule needs.

Coded evidence is sets of cases, never counts of segments, so that one talkative interview is one
case, and so that a case can be named, left out or moved to the other side.
"""

from dataclasses import dataclass, replace
from typing import Self


@dataclass(frozen=True, kw_only=True)
class SurveyEvidence:
    """One survey estimate: the share giving the answer that speaks for the claim.

    Parameters
    ----------
    share : float or None
        Estimated share in [0, 1]; None when there is no estimate, or when only limits are known.
    lower, upper : float or None
        Limits of its interval; None when the interval is undefined.
    n, design_effect : int, float or None
        Answers behind it; variance over that of a simple random sample (None: n stands as it is).
    item : bool
        Whether any survey item asks about the claim.
    """

    share: float | None = None
    lower: float | None = None
    upper: float | None = None
    n: int = 0
    design_effect: float | None = None
    item: bool = True

    @property
    def absent(self) -> bool:
        """Whether neither a share nor limits are known."""
        return self.share is None and (self.lower is None or self.upper is None)

    @property
    def effective_n(self) -> float:
        """Effective sample size, n over the design effect."""
        return self.n if self.design_effect is None else self.n / self.design_effect

    @property
    def half_width(self) -> float | None:
        """Half the width of the interval, None without one."""
        if self.lower is None or self.upper is None:
            return None
        return (self.upper - self.lower) / 2


@dataclass(frozen=True, kw_only=True)
class CodedEvidence:
    """The cases that could speak to a claim and those that did, by id.

    Parameters
    ----------
    eligible : frozenset of str
        Cases that were asked.
    supporting, disconfirming : frozenset of str
        Eligible cases with evidence for and against; a case may be in both.
    """

    eligible: frozenset[str] = frozenset()
    supporting: frozenset[str] = frozenset()
    disconfirming: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        strangers = self.heard - self.eligible
        if strangers:
            raise ValueError(
                f"cases with evidence that are not among the eligible: {sorted(strangers)}; "
                "add them to the eligible cases or leave their evidence out"
            )

    @property
    def heard(self) -> frozenset[str]:
        """Cases with evidence for or against."""
        return self.supporting | self.disconfirming

    @property
    def both(self) -> frozenset[str]:
        """Cases with evidence for and against."""
        return self.supporting & self.disconfirming

    @property
    def support(self) -> float:
        """Cases for the claim, one half for each case with evidence both ways."""
        return len(self.supporting) - len(self.both) / 2

    @property
    def support_share(self) -> float | None:
        """Support over the cases heard, None when nobody was heard."""
        return self.support / len(self.heard) if self.heard else None

    def without(self, case: str) -> Self:
        """Return the same evidence as if the case had not been studied."""
        return replace(
            self,
            eligible=self.eligible - {case},
            supporting=self.supporting - {case},
            disconfirming=self.disconfirming - {case},
        )
