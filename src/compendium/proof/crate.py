"""The verified project as an RO-Crate that an archive can take.

Follows the Workflow Run Crate profile (Leo et al. 2024, doi 10.1371/journal.pone.0309210): the plan
of runs is the workflow, its execution is an action with the tables of the contract as its objects
and the record as its result, and each notebook run is an action with its parameters, so that a
reader of the metadata alone knows what made what. The same files and date give the same archive.
"""

import json
import zipfile
from pathlib import Path
from typing import Any

from compendium import data, files
from compendium.proof.certificate import FOLDER, Input, inputs_of
from compendium.proof.verify import Verification
from compendium.rebuild.plan import PLAN, Run

ARCHIVE = Path("_build/compendium.crate.zip")
PROFILES = {
    "https://w3id.org/ro/wfrun/process/0.5": ("Process Run Crate", "0.5"),
    "https://w3id.org/ro/wfrun/workflow/0.5": ("Workflow Run Crate", "0.5"),
    "https://w3id.org/workflowhub/workflow-ro-crate/1.0": ("Workflow RO-Crate", "1.0"),
}
TERMS = "https://w3id.org/ro/terms/workflow-run/context"
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


def write_crate(done: Verification, root: Path, place: Path, *, date: str) -> Path:
    """Pack data, notebooks, record and certificate with their description; return the archive.

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
    whole = crate.add_action(
        workflow,
        "#rebuild",
        object=objects,
        result=[*results.values(), *proof],
        properties={
            "name": "Rebuilding the record from the raw data",
            "endTime": date,
            "actionStatus": _status(done),
        },
    )
    crate.root_dataset["mentions"] = [whole]
    by_table = {data.names(done.copy)[n]: one for n, one in enumerate(objects)}
    for run in done.runs.values():
        _run(crate, done, run, by_table, results)
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
        },
    )
    crate.root_dataset["conformsTo"] = [crate.get(address) for address in PROFILES]
    workflow["hasPart"] = [
        _file(crate, done.copy, path, kind=["File", "SoftwareSourceCode"])
        for path in sorted({run.source.as_posix() for run in done.runs.values()})
    ]
    lock = _file(crate, done.copy, "requirements.lock", name="Versions and hashes of all packages")
    workflow["softwareRequirements"] = lock
    return workflow


def _run(
    crate: Any, done: Verification, run: Run, tables: dict[str, Any], results: dict[str, Any]
) -> None:
    parameters = [
        crate.add_jsonld(
            {
                "@id": f"#{run.name}-{name}",
                "@type": "PropertyValue",
                "name": name,
                "value": json.dumps(value),
            }
        )
        for name, value in run.parameters.items()
    ]
    read = [tables[name] for name in run.inputs]
    read += [
        results[path.as_posix()]
        for other in run.after
        for path in done.runs[other].results
        if path.as_posix() in results
    ]
    made = [results[path.as_posix()] for path in run.results if path.as_posix() in results]
    crate.add_action(
        crate.get(run.source.as_posix()),
        f"#run-{run.name}",
        object=[*read, *parameters],
        result=made,
        properties={"name": run.name, "actionStatus": _status(done)},
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
    archive.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in sorted(path for path in place.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(path.relative_to(place).as_posix(), EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            packed.writestr(entry, path.read_bytes())
    return archive
