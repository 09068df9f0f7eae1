"""The tasks of a build: contract, one per run, record, site. What each depends on stands here only.

A task names everything that decides what it makes, each with its hash: data files and their schema,
the notebook, the run's declaration, what it reads of other runs, the source files that it imported
when it last ran, the lock, the interpreter. It is up to date while all of that, and its products,
are as they were when it last succeeded. Tasks know nothing of how they are run or shown.
"""

import os
import sys
from collections.abc import Callable, Collection, Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from bookbuilder import environment
from bookbuilder.engine import collect
from bookbuilder.engine.hashing import MISSING, Hashes, digest
from bookbuilder.environment import LOCK
from bookbuilder.kernels import forked
from bookbuilder.plan import LIMITS, PLAN, Run, notebook
from bookbuilder.rendering import site, site_cache
from bookbuilder.rendering.renderer import Renderer
from compendium import context, data
from compendium.data.contract import Contract

CONTRACT = "data/datapackage.json"
INSTALLED = "installed versions"
PYTHON = "the Python interpreter"

#: What of a declaration does not decide what a run makes, or is there by its own hash.
NOT_DECIDING = (*LIMITS, "choices", "name", "shown_on", "inputs", "after")

#: What was saved of a task when it last succeeded: hashes of inputs and products by name.
Saved = dict[str, Any]


@dataclass(frozen=True)
class Task:
    """One piece of work with all that decides what it makes.

    `work` does it, and returns the source files that it was found to rest on besides; `inputs`
    returns the hash of all that is known to decide it, by name; `products` the paths that it makes;
    `after` names the tasks that come first.
    """

    name: str
    work: Callable[[], Iterable[str]]
    inputs: Callable[[Hashes], dict[str, str]]
    products: Callable[[], list[Path]]
    after: tuple[str, ...] = ()

    def changes(self, hashes: Hashes, saved: Saved) -> list[str]:
        """Return a sentence for each thing that is not as when it last succeeded."""
        if not saved:
            return ["it has not been made here yet"]
        then = saved["inputs"]
        # With the source files that it was found to rest on.
        code = [name for name in then if name.endswith(".py") or name.startswith("src/")]
        now = hashes.named(code) | self.inputs(hashes)
        found = [_difference(name, then.get(name), now.get(name)) for name in now | then]
        products = hashes.named(saved["products"])
        wanted = {path.as_posix() for path in self.products()}
        found += [
            f"{name} is missing"
            if products.get(name, MISSING) == MISSING
            else f"{name} was changed"
            for name in sorted(wanted | products.keys())
            if products.get(name, MISSING) != saved["products"].get(name)
        ]
        return [sentence for sentence in found if sentence]


def _difference(name: str, then: str | None, now: str | None) -> str:
    if then == now:
        return ""
    if then is None:
        return f"{name} is new"
    if now is None:
        return f"{name} is no longer read"
    return f"{name} is missing" if now == MISSING else f"{name} changed"


@dataclass(frozen=True)
class Tools:
    """What the work of tasks is done with; what only asks about tasks needs none of it."""

    kernels: forked.Kernels = field(default_factory=forked.Kernels)
    renderer: Renderer | None = None
    with_site: bool = True
    left_stale: Callable[[], list[str]] = list

    def start(self) -> None:
        """Begin the imports that the work needs: called with every task that is stale."""
        self.kernels.begin()
        if self.with_site and self.renderer:
            self.renderer.begin()

    def stop(self) -> None:
        """End the work that is under way."""
        self.kernels.stop()
        if self.renderer:
            self.renderer.stop()


def make_tasks(
    runs: dict[str, Run],
    contract: Contract,
    tools: Tools,
    selected: Collection[str] | None = None,
) -> dict[str, Task]:
    """Return the tasks of a build by name, those that others wait for first.

    `selected` names the runs to bring up to date; all of them by default.
    """
    included = [run for run in runs.values() if selected is None or run.name in selected]
    waited_for = {other for run in runs.values() for other in run.after}
    included.sort(key=lambda run: run.name not in waited_for)
    names = {run.name for run in included}
    built = [_contract(contract), *(_run(run, names, contract, tools) for run in included)]
    built.append(_record(runs, names, contract.root))
    if tools.with_site:
        built.append(_site(contract, runs, tools))
    return {task.name: task for task in built}


def _contract(contract: Contract) -> Task:
    def work() -> Iterable[str]:
        data.assert_valid(contract.root)
        return ()

    def inputs(hashes: Hashes) -> dict[str, str]:
        tables = [contract.file(name) for name in contract.resources]
        return hashes.named([CONTRACT, *tables]) | hashes.below("src/compendium/data/")

    return Task("contract", work, inputs, list)


def _run(run: Run, names: set[str], contract: Contract, tools: Tools) -> Task:
    root = contract.root

    def work() -> Iterable[str]:
        from bookbuilder.kernels.execute import Executor  # slow to import

        return Executor(root, tools.kernels).execute(run)

    def inputs(hashes: Hashes) -> dict[str, str]:
        beside = sorted(path.name for path in (root / "notebooks").glob("*.py"))
        found = {
            run.source.as_posix(): hashes.once(
                run.source, lambda: notebook.content(root / run.source)
            ),
            "modules beside the notebooks": digest(beside),
        }
        found |= _machine(hashes, root) | _declaration(run)
        for name in run.inputs:
            found |= _schema(name, contract.resource(name))
        for other in run.after:
            found[f"results of {other}"] = _results(root / f"{context.RECORDS}/{other}.json")
        tables = [contract.file(name) for name in run.inputs]
        return found | hashes.named([*tables, *run.files, context.COLUMNS, LOCK])

    after = ("contract", *(other for other in run.after if other in names))
    return Task(run.name, work, inputs, lambda: run.products, after)


def _machine(hashes: Hashes, root: Path) -> dict[str, str]:
    """Return the hash of the interpreter, and of what is installed otherwise than locked."""
    installed = hashes.once(INSTALLED, lambda: environment.differences(root / LOCK))
    return {PYTHON: digest([sys.version, sys.platform]), INSTALLED: installed}


def _declaration(run: Run) -> dict[str, str]:
    """Return the hash of each thing that the plan declares of a run and that decides its result."""
    declared = {key: value for key, value in asdict(run).items() if key not in NOT_DECIDING}
    parameters = declared.pop("parameters")
    declared |= {f"parameter {name}": value for name, value in parameters.items()}
    declared |= {f"variable {name}": os.environ.get(name) for name in run.environment}
    return {f"{PLAN.as_posix()}: {key}": digest(value) for key, value in declared.items()}


def _schema(name: str, described: dict[str, Any]) -> dict[str, str]:
    """Return the hash of each field of a table as the contract describes it, and of the rest."""
    schema = dict(described["schema"])
    fields = {f"field {field['name']}": field for field in schema.pop("fields")}
    parts = fields | {"table": described | {"schema": schema}}
    return {f"{CONTRACT}: {part} of {name}": digest(value) for part, value in parts.items()}


def _results(record: Path) -> str:
    """Return the hash of what other runs can read of a run: its results, values and origins."""
    if not (recorded := collect.read_record(record)):
        return MISSING
    origins = sorted({table["origin"] for table in recorded["inputs"]})
    return digest([recorded["results"], recorded["values"], sorted(recorded["exhibits"]), origins])


def _record(runs: dict[str, Run], names: set[str], root: Path) -> Task:
    def work() -> Iterable[str]:
        collect.collect(runs.values(), root)
        return ()

    def inputs(hashes: Hashes) -> dict[str, str]:
        records = hashes.named(run.record for run in runs.values())
        code = hashes.below("src/bookbuilder/engine/collect")
        return records | code | {f"{PLAN.as_posix()}: order of runs": digest(list(runs))}

    return Task("record", work, inputs, lambda: collect.products(runs.values()), tuple(names))


def _site(contract: Contract, runs: dict[str, Run], tools: Tools) -> Task:
    root = contract.root

    def work() -> Iterable[str]:
        site.build(root, tools.renderer, tools.left_stale())
        return ()

    def inputs(hashes: Hashes) -> dict[str, str]:
        made = [path for run in runs.values() for path in (run.page, *run.results)]
        book = [path.relative_to(root) for path in site_cache.book_sources(root)]
        shared = [path for path in (CONTRACT, LOCK, "pyproject.toml") if (root / path).is_file()]
        tables = map(contract.file, contract.resources)  # their rows and hashes, and what may show
        paths: list[str | Path] = [*book, *made, *collect.products(runs.values()), *shared, *tables]
        found = hashes.named(Path(path).as_posix() for path in paths)
        found["runs left stale"] = digest(tools.left_stale())
        return found | hashes.below(*site.CODE) | _machine(hashes, root)

    def products() -> list[Path]:
        found = {path.relative_to(root) for path in site.pages(root)}  # a page may be missing
        for folder, _, names in os.walk(root / site.HTML):
            found |= {Path(folder).relative_to(root) / name for name in names}
        return list(found)

    return Task("site", work, inputs, products, ("record",))
