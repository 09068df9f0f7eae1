"""Triangulation: survey estimates beside the stances of cases, labelled by a rule anyone can audit.

`choose_stances` and `with_voices` say who holds what of each claim; `joint_display` labels the rows
of a crosswalk by the thresholds of a `Rule`; `gather_evidence` and `label_evidence` are its two
halves. `sensitivity` says which labels depend on a threshold, a reader or a single case.
"""

from compendium.triangulation.districts import (
    bounded_estimates,
    gather_district,
    rows_with_estimates,
)
from compendium.triangulation.gather import Evidence, gather_evidence, shared_voices, voices
from compendium.triangulation.joint_display import joint_display, label_evidence
from compendium.triangulation.judgement import judge
from compendium.triangulation.rule import LABELS, Rule
from compendium.triangulation.sensitivity import DEFAULT_GRID, sensitivity, stability
from compendium.triangulation.stances import choose_stances, stances_by_codes, with_voices
