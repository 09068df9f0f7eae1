"""Starting Python and importing a library."""

from contest import Contest
from harness import importing

CONTEST = Contest()
OURS = ["compendium.survey"]

CONTEST.enter("import", apart=True)(importing(*OURS))
CONTEST.enter("import", library="pandas", apart=True)(importing("pandas"))
CONTEST.enter("import", library="svy", environment="peers", apart=True)(importing("svy"))
for older in ("balance", "weightipy"):
    CONTEST.enter("import", library=older, environment="older", apart=True)(importing(older))
