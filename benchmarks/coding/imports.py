"""Starting Python and importing a library."""

from contest import Contest
from harness import importing

CONTEST = Contest()
OURS = [f"compendium.coding.{part}" for part in ("tallies", "cases", "agreement", "reconciliation")]

CONTEST.enter("import", apart=True)(importing(*OURS))
for library, module in {"pandas": "pandas", "statsmodels": "statsmodels.stats.inter_rater"}.items():
    CONTEST.enter("import", library=library, apart=True)(importing(module))
for library, module in {"krippendorff": "krippendorff", "qdaPy": "qdapy"}.items():
    CONTEST.enter("import", library=library, environment="peers", apart=True)(importing(module))
