"""The verified project as an RO-Crate that an archive can take.

Follows the Workflow Run Crate profile (Leo et al. 2024, doi 10.1371/journal.pone.0309210): the plan
of runs is the workflow, its execution is an action with the tables of the contract as its objects
and the record as its result, and each notebook run is an action with its parameters, so that a
reader of the metadata alone knows what made what. Package, book and tests go in as well, so that
what an archive keeps can be rebuilt. The same files and date give the same archive.
"""

import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

from bookbuilder.engine import notebook
from bookbuilder.engine.plan import PLAN, Run
from bookbuilder.verification import citation
from bookbuilder.verification.certificate import FOLDER, Input, inputs_of
from bookbuilder.verification.verify import Verification
from compendium import data, files

ARCHIVE = Path("_build/compendium.crate.zip")
PROFILES = {
    "https://w3id.org/ro/wfrun/process/0.5": ("Process Run Crate", "0.5"),
    "https://w3id.org/ro/wfrun/workflow/0.5": ("Workflow Run Crate", "0.5"),
    "https://w3id.org/workflowhub/workflow-ro-crate/1.0": ("Workflow RO-Crate", "1.0"),
}
TERMS = "https://w3id.org/ro/terms/workflow-run/context"
#: Folders that are described file by file, or no part of the project.
DESCRIBED = ("data", "notebooks", "results", ".git", ".venv")
#: Folders that go in whole.
SOURCES = {
    "src": "The helper package",
    "book": "Chapters and style of the book",
    "sweeps": "Grids of parameters",
    "tools": "What makes the environment",
    "tests": "The test suite",
    "benchmarks": "Measurements beside other libraries",
}
#: Entries of a ZIP bear a date; this is the first that the format knows.
EPOCH = (1980, 1, 1, 0, 0, 0)
TYPES = {
    ".csv": "text/csv",
    ".svg": "image/svg+xml",
    ".json": "application/json",
    ".ipynb": "application/x-ipynb+json",
    ".html": "text/html",
    ".md": "text/markdown",
    ".yml": "application/yaml",
    ".lock": "text/plain",
}


def write_crate(
    done: Verification, root: Path, place: Path, *, date: str, checked_by: str = ""
) -> Path:
    """Pack project, record and certificate with their description; return the archive.

    Parameters
    ----------
    done
        A verification whose copy still stands.
    root
        The project's folder, where the certificate is and the archive goes.
    place
        An empty folder to put the crate together in.
    date
        When the rebuild ended, in ISO 8601.
    checked_by
        Who did it, if it is to be said.
    """
    from rocrate.rocrate import ROCrate  # type: ignore[import-untyped] # slow to import

    crate = ROCrate(version="1.1")
    _describe(crate, done, date)
    inputs = inputs_of(done.copy)
    objects = [_file(crate, done.copy, i.path, **_of_input(i)) for i in inputs]
    _file(crate, done.copy, "data/datapackage.json", name="The contract of the data")
    results = {path: _file(crate, done.copy, path) for path in sorted(done.rebuilt)}
    proof = [
        _file(crate, root, path.relative_to(root).as_posix(), "certificate/" + path.name)
        for path in sorted((root / FOLDER).iterdir())
    ]
    workflow = _workflow(crate, done)
    _add_sources(crate, done)
    citation.credit(crate, done.copy, workflow)
    ended: dict[str, Any] = {"endTime": date, "actionStatus": _status(done)}
    if checked_by:
        ended["agent"] = crate.add_jsonld({"@id": "#agent", "@type": "Person", "name": checked_by})
    whole = crate.add_action(
        workflow,
        "#rebuild",
        object=objects,
        result=[*results.values(), *proof],
        properties={
            "name": "Rebuilding the record from the raw data",
            "description": "compendium build --no-site, in an empty folder",
            **ended,
            **({"error": done.failure} if done.failure else {}),
        },
    )
    by_table = {data.names(done.copy)[n]: one for n, one in enumerate(objects)}
    runs = [_run(crate, done, run, by_table | results, ended) for run in done.runs.values()]
    crate.root_dataset["mentions"] = [whole, *runs]
    crate.write(place)
    return _pack(place, root / ARCHIVE)


def _describe(crate: Any, done: Verification, date: str) -> None:
    package = data.descriptor(done.copy)
    licence = package["licenses"][0]
    crate.name = package["title"]
    crate.description = package["description"]
    crate.datePublished = date
    said = {"@type": "CreativeWork", "name": licence.get("title", licence["name"])}
    crate.license = crate.add_jsonld({"@id": licence["path"], **said})
    profiles = [
        crate.add_jsonld({"@id": address, "@type": "CreativeWork", "name": name, "version": number})
        for address, (name, number) in PROFILES.items()
    ]
    crate.root_dataset["conformsTo"] = profiles
    if done.commit:
        crate.root_dataset["version"] = done.commit
    crate.metadata.extra_contexts.append(TERMS)


def _workflow(crate: Any, done: Verification) -> Any:
    from rocrate.model.computerlanguage import ComputerLanguage  # type: ignore[import-untyped]

    language = crate.add(
        ComputerLanguage(
            crate, "#plan", {"name": "plan of notebook runs", "alternateName": "runs.yml"}
        )
    )
    plan = PLAN.as_posix()
    workflow = crate.add_workflow(
        done.copy / plan,
        plan,
        main=True,
        lang=language,
        properties={
            "name": "Every notebook run: inputs, parameters, exhibits",
            "encodingFormat": TYPES[".yml"],
            "sha256": files.sha256(done.copy / plan),
            **({"version": done.commit} if done.commit else {}),
        },
    )
    crate.root_dataset["conformsTo"] = [crate.get(address) for address in PROFILES]
    workflow["hasPart"] = [
        _file(
            crate,
            done.copy,
            path.as_posix(),
            kind=["File", "SoftwareSourceCode"],
            name=_title(done.copy / path),
            programmingLanguage="Python",
            **({"version": done.commit} if done.commit else {}),
        )
        for path in sorted({run.source for run in done.runs.values()})
    ]
    lock = _file(crate, done.copy, "requirements.lock", name="Versions and hashes of all packages")
    workflow["softwareRequirements"] = lock
    return workflow


def _add_sources(crate: Any, done: Verification) -> None:
    """Put in what else a rebuild needs, so that the crate is the project: package, book, tools."""
    for path in sorted(done.copy.iterdir()):
        if path.name in DESCRIBED or path.name.startswith("_build"):
            continue
        if path.is_file() and path.name != "requirements.lock":
            made = _file(crate, done.copy, path.name)
            if path.name == "README.md":
                made["about"] = crate.root_dataset
        elif path.is_dir() and path.name in SOURCES:
            for left in path.rglob("__pycache__"):
                shutil.rmtree(left)
            about = {"name": SOURCES[path.name]}
            crate.add_dataset(path, f"{path.name}/", properties=about)


def _title(path: Path) -> str:
    """Return the title of a notebook: its first heading."""
    texts = [notebook.source(cell) for cell in notebook.cells(path)]
    return next((text.splitlines()[0][2:] for text in texts if text.startswith("# ")), path.stem)


def _run(
    crate: Any, done: Verification, run: Run, known: dict[str, Any], ended: dict[str, Any]
) -> Any:
    parameters = [
        crate.add_jsonld(
            {
                "@id": f"#{run.name}-{name}",
                "@type": "PropertyValue",
                "name": name,
                "value": value if isinstance(value, str) else json.dumps(value),
            }
        )
        for name, value in run.parameters.items()
    ]
    read = [known[name] for name in run.inputs]
    read += [
        known[path.as_posix()]
        for other in run.after
        for path in done.runs[other].results
        if path.as_posix() in known
    ]
    made = [known[path.as_posix()] for path in run.results if path.as_posix() in known]
    if (done.copy / run.page).exists():
        page = run.page.as_posix()
        made.append(_file(crate, done.copy, page, name=f"{run.name}, as executed"))
    given = "".join(f" {name}={value}" for name, value in run.parameters.items())
    return crate.add_action(
        crate.get(run.source.as_posix()),
        f"#run-{run.name}",
        object=[*read, *parameters],
        result=made,
        properties={
            "name": run.name,
            "description": f"{run.source.as_posix()}{' with' * bool(given)}{given}",
            **ended,
        },
    )


def _status(done: Verification) -> str:
    return "http://schema.org/" + (
        "FailedActionStatus" if done.failure else "CompletedActionStatus"
    )


def _of_input(table: Input) -> dict[str, str]:
    return {"name": table.path, "description": f"{table.origin}, {table.rows} rows"}


def _file(
    crate: Any, folder: Path, path: str, target: str = "", *, kind: Any = None, **said: str
) -> Any:
    properties: dict[str, Any] = dict(said)
    properties |= {
        "encodingFormat": TYPES.get(Path(path).suffix, "application/octet-stream"),
        "sha256": files.sha256(folder / path),
        "contentSize": str((folder / path).stat().st_size),
    }
    if kind:
        properties["@type"] = kind
    return crate.add_file(folder / path, target or path, properties=properties)


def _pack(place: Path, archive: Path) -> Path:
    whole = place.parent / archive.name  # takes its place in one step, like all that is written
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in sorted(path for path in place.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(path.relative_to(place).as_posix(), EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            packed.writestr(entry, path.read_bytes())
    files.replace_all([(whole, archive)])
    return archive
