"""The plan: every run of a notebook, declared in `notebooks/runs.yml`."""

from bookbuilder.plan.plan_file import read_plan
from bookbuilder.plan.run import LIMITS, PLAN, PlanError, Run, parse_parameters

__all__ = ["LIMITS", "PLAN", "PlanError", "Run", "parse_parameters", "read_plan"]
