"""The choices that the documents leave to whoever reconstructs the survey.

Everything a printed number decides is in the constraints; everything here is an assumption, with
a default that can be changed and that is stated wherever the reconstructed rows are described.
"""

from __future__ import annotations

from dataclasses import dataclass

DEFAULT_SEED = 20210501
"""Seed of the committed reconstruction: the month in which the survey report appeared."""


@dataclass(frozen=True)
class Settings:
    """Assumptions of a reconstruction.

    Parameters
    ----------
    item_nonresponse
        Chance that a respondent leaves an item out, the same for every item and everybody
        (missing completely at random). The document prints no item counts; it says only that
        weights count *non-missing* responses, so some were missing.
    paper_share
        Share of the respondents whose answers came on paper; who they are is drawn at random.
        The document does not describe the mode.
    in_line_points
        How far, in percentage points, a case district may be from the average of all districts
        and still be "largely in line" with it.
    exchanged
        Groups of the representativeness table whose population and sample columns are taken to
        have been printed the wrong way round. Empty: every column is taken as headed.
    largest_unlisted_share
        Largest share of the teachers that may lack a category the table does not list.
    steps
        Moves of the random walk that spreads the answers of one item.

    Raises
    ------
    ValueError
        If a share is outside [0, 1) or `steps` or `in_line_points` is not positive.

    Examples
    --------
    >>> Settings(item_nonresponse=0.0).item_nonresponse
    0.0
    >>> Settings(paper_share=1.5)
    Traceback (most recent call last):
    ...
    ValueError: paper_share is 1.5; a share must be at least 0 and below 1
    """

    item_nonresponse: float = 0.02
    paper_share: float = 0.2
    in_line_points: float = 10.0
    exchanged: tuple[str, ...] = ()
    largest_unlisted_share: float = 0.1
    steps: int = 1000

    def __post_init__(self) -> None:
        for name in ("item_nonresponse", "paper_share", "largest_unlisted_share"):
            value = getattr(self, name)
            if not 0 <= value < 1:
                raise ValueError(f"{name} is {value}; a share must be at least 0 and below 1")
        for name in ("in_line_points", "steps"):
            value = getattr(self, name)
            if not value > 0:
                raise ValueError(f"{name} is {value}; it must be above 0")
