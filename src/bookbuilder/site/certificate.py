"""The certificate: what this build was made from and what came out, for a reviewer to hold against.

Everything on the page comes from the record and the lock. It says what was rebuilt, not that it is
right: for that, `compendium verify` rebuilds it once more and compares.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from auditing.ledger import VERDICTS

LOCKED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)
#: What computes the results: a reviewer with other versions may see other last digits.
COMPUTING = (
    *("numpy", "pandas", "scipy", "statsmodels", "matplotlib", "seaborn"),
    *("frictionless", "papermill", "pytask", "jupyter-book", "sphinx"),
)

Record = Mapping[str, Mapping[str, Any]]


def certificate(
    exhibits: Record, values: Record, claims: Sequence[Mapping[str, str]], lock: str
) -> str:
    """Return the certificate as MyST Markdown, headings from the second level.

    Parameters
    ----------
    exhibits, values
        The record, by name.
    claims
        Rows of `results/claims.csv`; kind and verdict are read.
    lock
        Text of `requirements.lock`.

    Examples
    --------
    >>> entry = {"kind": "table", "run": "rates", "notebook": "notebooks/10.ipynb",
    ...     "parameters": {}, "reconstructed": False, "inputs": [{"table": "t",
    ...     "path": "data/t.csv", "origin": "printed", "sha256": 64 * "a"}]}
    >>> text = certificate({"rates_table": entry}, {}, [], "numpy==2.4.6")
    >>> "| numpy | 2.4.6 |" in text, "`sha256:aaaaaaaaaaaa`" in text
    (True, True)
    """
    parts = [
        _counts(exhibits, values),
        _verdicts(claims),
        _inputs(exhibits),
        _runs(exhibits),
        _versions(lock),
    ]
    return "\n".join(line for part in parts for line in part)


def _counts(exhibits: Record, values: Record) -> Iterator[str]:
    kinds = Counter(entry["kind"] for entry in exhibits.values())
    marked = sum(bool(entry["reconstructed"]) for entry in exhibits.values())
    runs = len({entry["run"] for entry in exhibits.values()})
    yield from ("## What was rebuilt", "")
    yield f"- {runs} notebook runs with exhibits"
    yield f"- {kinds['table']} tables and {kinds['figure']} figures, {marked} of them resting on "
    yield "  reconstructed survey rows and marked so"
    yield f"- {len(values)} numbers that the text quotes or the ledger uses"
    yield ""


def _verdicts(claims: Sequence[Mapping[str, str]]) -> Iterator[str]:
    counts: dict[str, Counter[str]] = {"claim": Counter(), "cell": Counter()}
    for row in claims:
        counts[row["kind"]][row["verdict"]] += 1
    yield from ("## Verdicts on what is published", "")
    yield from ("| Verdict | Claims in the text | Cells of tables |", "|:--|--:|--:|")
    for verdict in VERDICTS:
        yield f"| {verdict} | {counts['claim'][verdict]} | {counts['cell'][verdict]} |"
    yield f"| **all** | {counts['claim'].total()} | {counts['cell'].total()} |"
    yield ""


def _inputs(exhibits: Record) -> Iterator[str]:
    inputs = {one["table"]: one for entry in exhibits.values() for one in entry["inputs"]}
    yield from ("## What it was made from", "")
    yield "The first twelve characters of each file's SHA-256, which `sha256sum` gives anywhere."
    yield from ("", "| File | Origin | SHA-256 |", "|:--|:--|:--|")
    for one in sorted(inputs.values(), key=lambda one: str(one["path"])):
        yield f"| `{one['path']}` | {one['origin']} | `sha256:{one['sha256'][:12]}` |"
    yield ""


def _runs(exhibits: Record) -> Iterator[str]:
    runs: dict[str, list[Mapping[str, Any]]] = {}
    for entry in exhibits.values():
        runs.setdefault(entry["run"], []).append(entry)
    yield from ("## What was run", "", "| Run | Notebook | Parameters | Exhibits |")
    yield "|:--|:--|:--|--:|"
    for run, entries in runs.items():
        told = entries[0]
        given = ", ".join(f"{key} = {value}" for key, value in told["parameters"].items())
        name = str(told["notebook"]).removeprefix("notebooks/")
        yield f"| `{run}` | `{name}` | {given or 'as in the notebook'} | {len(entries)} |"
    yield ""


def _versions(lock: str) -> Iterator[str]:
    pinned = dict(LOCKED.findall(lock))
    yield from ("## With what", "")
    yield f"`requirements.lock` fixes {len(pinned)} packages by version and hash; these compute."
    yield from ("", "| Package | Version |", "|:--|:--|")
    yield from (f"| {name} | {pinned[name]} |" for name in COMPUTING if name in pinned)
    yield ""
