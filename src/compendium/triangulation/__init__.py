"""Triangulation: survey estimates beside coded cases, labelled by a rule that anyone can audit.

`joint_display` labels the rows of a crosswalk, `Rule` holds the thresholds, `sensitivity` says
which labels depend on a threshold, a coder, a reconstruction or a single case.
"""

from compendium.triangulation.joint_display import joint_display
from compendium.triangulation.judgement import judge
from compendium.triangulation.rule import LABELS, Rule
from compendium.triangulation.sensitivity import DEFAULT_GRID, sensitivity, stability

__all__ = [
    "DEFAULT_GRID",
    "LABELS",
    "Rule",
    "joint_display",
    "judge",
    "sensitivity",
    "stability",
]
