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

from bookbuilder import certificate
from bookbuilder.plan import PLAN, Run, notebook
from bookbuilder.verification import citation
from bookbuilder.verification.certificate_page import FOLDER
from bookbuilder.verification.verify import Verification
from compendium import data, files

ARCHIVE = Path("_build/compendium.crate.zip")
PROFILES = {
    "https://w3id.org/ro/wfrun/process/0.5": ("Process Run Crate", "0.5"),
    "https://w3id.org/ro/wfrun/workflow/0.5": ("Workflow Run Crate", "0.5"),
    "https://w3id.org/workflowhub/workflow-ro-crate/1.0": ("Workflow RO-Crate", "1.0"),
}
TERMS = "https://w3id.org/ro/terms/workflow-run/context"
STATUS = "http://schema.org/{}ActionStatus"
#: Folders that go in whole; data, notebooks and results are described file by file.
FOLDERS = {
    "src": "The helper package",
    "book": "Chapters and style of the book",
    "sweeps": "Grids of parameters",
    "tools": "What makes the environment",
    "tests": "The test suite",
    "benchmarks": "Measurements beside other libraries",
}
#: Entries of a ZIP bear a date; this is the first that the format knows.
EPOCH = (1980, 1, 1, 0, 0, 0)
MEDIA_TYPES = {
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
    done: Verification, root: Path, folder: Path, *, date: str, checked_by: str = ""
) -> Path:
    """Pack project, record and certificate with their description; return the archive.

    Parameters
    ----------
    done
        A verification whose copy still stands.
    root
        The project's folder, where the certificate is and the archive goes.
    folder
        An empty folder to put the crate together in.
    date, checked_by
        When the rebuild ended, in ISO 8601, and who did it.
    """
    crate = _Crate(done, date)
    workflow = crate.add_workflow()
    tables = {
        one.table: crate.add_file(
            one.path, name=one.path, description=f"{one.origin}, {one.rows} rows"
        )
        for one in certificate.inputs(done.copy)
    }
    crate.add_file("data/datapackage.json", name="The contract of the data")
    results = {path: crate.add_file(path) for path in sorted(done.rebuilt)}
    proof = [
        crate.add_file(path.relative_to(root).as_posix(), f"certificate/{path.name}", base=root)
        for path in sorted((root / FOLDER).iterdir())
    ]
    crate.add_sources()
    crate.credit(workflow)
    ended: dict[str, Any] = {
        "endTime": date,
        "actionStatus": STATUS.format("Failed" if done.failure else "Completed"),
    }
    if checked_by:
        agent = {"@id": "#agent", "@type": "Person", "name": checked_by}
        ended["agent"] = crate.ro.add_jsonld(agent)
    whole = crate.ro.add_action(
        workflow,
        "#rebuild",
        object=[*tables.values()],
        result=[*results.values(), *proof],
        properties={
            "name": "Rebuilding the record from the raw data",
            "description": "compendium build --no-site, in an empty folder",
            **ended,
            **({"error": done.failure} if done.failure else {}),
        },
    )
    runs = [crate.add_run(run, tables | results, ended) for run in done.runs.values()]
    crate.ro.root_dataset["mentions"] = [whole, *runs]
    crate.ro.write(folder)
    return _pack(folder, root / ARCHIVE)


class _Crate:
    """An RO-Crate of rocrate, filled from a verification's copy of the project."""

    def __init__(self, done: Verification, date: str) -> None:
        from rocrate.rocrate import ROCrate  # type: ignore[import-untyped] # slow to import

        self.done = done
        self.version: dict[str, Any] = {"version": done.commit} if done.commit else {}
        self.ro = ROCrate(version="1.1")
        package = data.descriptor(done.copy)
        licence = package["licenses"][0]
        named = {"@type": "CreativeWork", "name": licence.get("title", licence["name"])}
        self.ro.name = package["title"]
        self.ro.description = package["description"]
        self.ro.datePublished = date
        self.ro.license = self.ro.add_jsonld({"@id": licence["path"], **named})
        if done.commit:
            self.ro.root_dataset["version"] = done.commit
        self.ro.metadata.extra_contexts.append(TERMS)

    def add_file(
        self, path: str, target: str = "", *, base: Path | None = None, **properties: Any
    ) -> Any:
        """Add a file of the copy, or of another folder, with its type, hash and size."""
        source = (base or self.done.copy) / path
        properties |= {
            "encodingFormat": MEDIA_TYPES.get(source.suffix, "application/octet-stream"),
            "sha256": files.sha256(source),
            "contentSize": str(source.stat().st_size),
        }
        return self.ro.add_file(source, target or path, properties=properties)

    def add_workflow(self) -> Any:
        """Add the plan as the workflow, with its notebooks and its lock."""
        from rocrate.model.computerlanguage import ComputerLanguage  # type: ignore[import-untyped]

        described = {"name": "plan of notebook runs", "alternateName": "runs.yml"}
        plan = PLAN.as_posix()
        workflow = self.ro.add_workflow(
            self.done.copy / plan,
            plan,
            main=True,
            lang=self.ro.add(ComputerLanguage(self.ro, "#plan", described)),
            properties={
                "name": "Every notebook run: inputs, parameters, exhibits",
                "encodingFormat": MEDIA_TYPES[".yml"],
                "sha256": files.sha256(self.done.copy / plan),
                **self.version,
            },
        )
        self.ro.root_dataset["conformsTo"] = [  # of which the library has put in one of its own
            self.ro.add_jsonld({"@id": a, "@type": "CreativeWork", "name": n, "version": v})
            for a, (n, v) in PROFILES.items()
        ]
        code: dict[str, Any] = {
            "@type": ["File", "SoftwareSourceCode"],
            "programmingLanguage": "Python",
            **self.version,
        }
        workflow["hasPart"] = [
            self.add_file(path.as_posix(), name=notebook_title(self.done.copy / path), **code)
            for path in sorted({run.source for run in self.done.runs.values()})
        ]
        lock = "Versions and hashes of all packages"
        workflow["softwareRequirements"] = self.add_file(certificate.LOCK, name=lock)
        return workflow

    def add_sources(self) -> None:
        """Add what else a rebuild needs, so that the crate is the project: package, book, tools."""
        for path in sorted(self.done.copy.iterdir()):
            if path.is_dir() and path.name in FOLDERS:
                for compiled in path.rglob("__pycache__"):
                    shutil.rmtree(compiled)
                about = {"name": FOLDERS[path.name]}
                self.ro.add_dataset(path, f"{path.name}/", properties=about)
            elif path.is_file() and path.name != certificate.LOCK:
                entity = self.add_file(path.name)
                if path.name == "README.md":
                    entity["about"] = self.ro.root_dataset

    def credit(self, workflow: Any) -> None:
        """Add authors, who are publishers too until an archive is, and the software's licence.

        The licence of the whole is that of the data, from their contract.
        """
        credits = citation.read_citation(self.done.copy)
        authors = [self.ro.get(one["@id"]) or self.ro.add_jsonld(one) for one in credits.authors]
        if authors:
            self.ro.root_dataset["author"] = self.ro.root_dataset["publisher"] = authors
            workflow["creator"] = authors
        if credits.licence:
            licence = self.ro.add_jsonld(credits.licence)
            for software in filter(None, (workflow, self.ro.get("src/"))):
                software["license"] = licence

    def add_run(self, run: Run, known: dict[str, Any], ended: dict[str, Any]) -> Any:
        """Add the execution of a notebook: what it read and made, with which parameters."""
        parameters = [
            self.ro.add_jsonld(
                {
                    "@id": f"#{run.name}-{name}",
                    "@type": "PropertyValue",
                    "name": name,
                    "value": value if isinstance(value, str) else json.dumps(value),
                }
            )
            for name, value in run.parameters.items()
        ]
        others = [path.as_posix() for name in run.after for path in self.done.runs[name].results]
        read = [known[name] for name in (*run.inputs, *others) if name in known]
        results = [path.as_posix() for path in run.results]
        products = [known[path] for path in results if path in known]
        if (self.done.copy / run.page).exists():
            products.append(self.add_file(run.page.as_posix(), name=f"{run.name}, as executed"))
        values = "".join(f" {name}={value}" for name, value in run.parameters.items())
        return self.ro.add_action(
            self.ro.get(run.source.as_posix()),
            f"#run-{run.name}",
            object=[*read, *parameters],
            result=products,
            properties={
                "name": run.name,
                "description": f"{run.source.as_posix()}{' with' * bool(values)}{values}",
                **ended,
            },
        )


def notebook_title(path: Path) -> str:
    """Return the title of a notebook: its first heading."""
    texts = [notebook.source(cell) for cell in notebook.cells(path)]
    return next((text.splitlines()[0][2:] for text in texts if text.startswith("# ")), path.stem)


def _pack(folder: Path, archive: Path) -> Path:
    whole = folder.parent / archive.name  # takes its place in one step, like all that is written
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            packed.writestr(entry, path.read_bytes())
    files.replace_all([(whole, archive)])
    return archive
