"""The build as pytask tasks: contract, one per run, collection, site.

Each task names everything it depends on, so that pytask's content hashes decide what is stale:
data files and their schema, the notebook, the package's source files it rests on, parameters, the
lock. Tasks know nothing of how they are displayed; a fault is an exception with a plain message.
"""

import json
from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytask import PathNode, PythonNode, mark, task

from bookbuilder.engine import collect, site, sources
from bookbuilder.engine.plan import LIMITS, Run
from bookbuilder.engine.renderer import Renderer
from bookbuilder.engine.report import CODE, DECLARATION
from compendium import context, data, files
from compendium.data.contract import Contract, read_contract

if TYPE_CHECKING:
    from bookbuilder.engine.kernels import ForkServer

CONTRACT = Path("data/datapackage.json")
CHECKED = Path("_build/contract.txt")
LOCK = Path("requirements.lock")


#: Called with the name of a task and its work, when it runs; times it and shows it.
Around = Callable[[str, Callable[[], None]], None]


@dataclass(frozen=True)
class _Task:
    """What a task is made of, before pytask sees it."""

    name: str
    work: Callable[[], None]
    needs: list[Path]
    products: list[Path]
    code: list[Path]
    declared: str = ""
    #: Others wait for it: begun late, it would run alone at the end.
    early: bool = False

    def to_pytask(self, around: Around) -> Callable[..., Any]:
        def function(depends: Any, produces: Any) -> None:
            around(self.name, self.work)

        function.__name__ = f"task_{self.name}"
        depends = {
            "files": [PathNode(path=p, name=p.as_posix()) for p in dict.fromkeys(self.needs)],
            "declared": _value(f"{DECLARATION}{self.name}", self.declared),
            "code": _value(f"{CODE}{self.name}", json.dumps(sources.hashes(self.code))),
        }
        products = [PathNode(path=p, name=p.as_posix()) for p in self.products]
        given = {"depends": depends, "produces": products}
        made = task(name=self.name, kwargs=given)(function)
        return mark.try_first(made) if self.early else made


def _value(name: str, value: str) -> PythonNode:
    return PythonNode(name=name, value=value, hash=True)


def make_tasks(
    runs: dict[str, Run],
    root: Path,
    *,
    around: Around,
    with_site: bool,
    selected: Collection[str] | None = None,
    with_contract: bool = True,
    server: "ForkServer | None" = None,
    renderer: Renderer | None = None,
    processes: int = 1,
) -> list[Callable[..., Any]]:
    """Return the tasks of a build.

    Parameters
    ----------
    runs
        The plan.
    root
        The project's folder.
    around
        Wrapped around the work of each task that runs.
    with_site
        Whether to render the book at the end.
    selected
        Names of the runs to bring up to date; all of them by default.
    with_contract
        Whether to check the data first. Its verdict is the same words whatever the data, so
        without it pytask judges each run by its own inputs.
    server
        Forks the kernels; without one each is started afresh.
    renderer
        Renders the book.
    processes
        How many processes it does so in.
    """
    chosen = [run for run in runs.values() if selected is None or run.name in selected]
    contract = read_contract(root)
    made = [*(_run(run, runs, contract, server) for run in chosen), _record(runs, root)]
    if with_contract:
        made.insert(0, _contract(contract))
    if with_site:
        made.append(_site(runs, root, processes, renderer))
    return [one.to_pytask(around) for one in made]


def _contract(contract: Contract) -> _Task:
    root = contract.root
    tables = [root / contract.file(name) for name in contract.resources]
    present = [
        path for path in tables if path.exists()
    ]  # a missing one is the contract's to report

    def check() -> None:
        faults = data.check(root=root)
        if faults:
            raise data.ContractError(faults)
        # The same words whatever the data: what depends on it reruns for its own inputs only.
        files.write_text(root / CHECKED, "every table meets its contract\n")

    needs = [root / CONTRACT, *present]
    code = sources.closure({"compendium.data"})
    return _Task("contract", check, needs, [root / CHECKED], code)


def _run(run: Run, runs: dict[str, Run], contract: Contract, server: "ForkServer | None") -> _Task:
    root = contract.root
    inputs = {name: contract.resource(name) for name in run.inputs}
    needs = [
        root / run.source,
        *root.glob(context.COLUMNS.as_posix()),
        *(root / "data" / found["path"] for found in inputs.values()),
        *(root / runs[other].record for other in run.after),
        root / CHECKED,
        root / LOCK,
    ]
    described = {key: value for key, value in asdict(run).items() if key not in LIMITS}
    declared = json.dumps({"run": described, "contract": inputs}, sort_keys=True, default=str)
    products = [root / path for path in (*run.results, run.page, run.record)]
    code = sources.notebook_helpers(root / run.source)
    work = partial(_execute, run, root, server)
    early = any(run.name in other.after for other in runs.values())
    return _Task(run.name, work, needs, products, code, declared, early)


def _execute(run: Run, root: Path, server: "ForkServer | None") -> None:
    from bookbuilder.engine import execute  # slow to import, and a fresh build needs none of it

    execute.execute(run, root, server=server)


def _record(runs: dict[str, Run], root: Path) -> _Task:
    needs = [root / run.record for run in runs.values()]
    products = [root / path for path in collect.products(runs.values())]
    work = partial(collect.collect, runs.values(), root)
    code = sources.closure({collect.__name__})
    return _Task("record", work, needs, products, code, declared=",".join(runs))


def _site(runs: dict[str, Run], root: Path, processes: int, renderer: Renderer | None) -> _Task:
    needs = [
        *site.book_sources(root),
        *(root / path for run in runs.values() for path in (run.page, *run.results)),
        *(root / path for path in (*collect.products(runs.values()), CONTRACT, CHECKED, LOCK)),
        *root.glob("pyproject.toml"),  # the threshold of the disclosure gate
    ]
    code = [*sources.closure({"bookbuilder.site", site.__name__}), *site.reference_sources(root)]
    return _Task(
        "site", partial(site.build, root, processes, renderer), needs, site.pages(root), code
    )
