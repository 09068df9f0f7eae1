"""Triangulation: survey estimates beside coded cases, labelled by a rule that anyone can audit.

`joint_display` labels the rows of a crosswalk; `gather_evidence` and `label_evidence` are its two
halves. `Rule` holds the thresholds, `sensitivity` says which labels depend on a threshold, a coder,
a reconstruction or a single case.
"""

from compendium.triangulation.gather import Evidence, gather_evidence
from compendium.triangulation.joint_display import joint_display, label_evidence
from compendium.triangulation.judgement import judge
from compendium.triangulation.rule import LABELS, Rule
from compendium.triangulation.sensitivity import DEFAULT_GRID, sensitivity, stability

__all__ = [
    "DEFAULT_GRID",
    "LABELS",
    "Evidence",
    "Rule",
    "gather_evidence",
    "joint_display",
    "judge",
    "label_evidence",
    "sensitivity",
    "stability",
]
