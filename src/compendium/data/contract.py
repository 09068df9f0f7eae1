"""The contract as it stands: descriptors of tables, and the bytes of their files.

A `Contract` is one reading of `data/datapackage.json` and of the files it describes. Each file is
read once at most, so that what was checked and what is loaded are the same bytes.

Two things are not typed there but read from the tables. A table with ``"origin": {"field": ...}``
says in that field of its rows where they come from, so that the mark travels with the rows. One
with ``"items": {"resource": ..., "scales": ...}`` has a field for each item which that instrument
lists: a question is added or left out there and in the rows alone.
"""

import copy
import csv
import io
import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from compendium import context
from compendium.data.faults import ContractError, Fault, not_one_of
from compendium.text import nearest

DESCRIPTOR = "data/datapackage.json"


@dataclass
class Contract:
    """The Data Package of the project in the folder `root`."""

    root: Path
    _contents: dict[str, bytes] = field(default_factory=dict)

    @cached_property
    def text(self) -> bytes:
        """The descriptor file as written."""
        return (self.root / DESCRIPTOR).read_bytes()

    @cached_property
    def package(self) -> dict[str, Any]:
        """The descriptor of the whole package."""
        try:
            return _parse(self.text)
        except ValueError as error:
            row = getattr(error, "lineno", None)
            fault = Fault(DESCRIPTOR, row, None, None, f"is not valid JSON: {error}")
            raise ContractError([fault]) from None

    @cached_property
    def resources(self) -> dict[str, dict[str, Any]]:
        """The descriptor of each table, by name, in the order of the contract."""
        try:
            listed = {described["name"]: described for described in self.package["resources"]}
            tables = {name: self._resolved(described) for name, described in listed.items()}
            origins = {name: described["origin"] for name, described in tables.items()}
            known = list(self.package["origins"])
        except (KeyError, TypeError) as error:
            said = f"does not describe its tables as a Data Package does: {error} is missing or odd"
            raise ContractError([Fault(DESCRIPTOR, None, None, None, said)]) from None
        lines = self.text.decode().splitlines()
        rows = [number for number, line in enumerate(lines, 1) if '"origin":' in line]
        place = dict(zip(origins, rows, strict=False)) if len(rows) == len(origins) else {}
        faults = [
            Fault(DESCRIPTOR, place.get(name), "origin", origin, f"{name}: {why}")
            for name, origin in origins.items()
            for why in [not_one_of(origin, known)] * (origin not in known)
        ]
        if faults:
            raise ContractError(faults)
        return tables

    def _resolved(self, described: dict[str, Any]) -> dict[str, Any]:
        """Return a descriptor with the origin that the rows say, and a field for each item."""
        if isinstance(described["origin"], dict):
            field, known = described["origin"]["field"], self.package["origins"]
            origin = next((row.get(field) for row in self._rows(described["name"])), None)
            # What is not known is taken for reconstructed, until a check has said what is wrong.
            described = described | {"origin": origin if origin in known else "reconstructed"}
        if "items" in described:
            schema = described["schema"]
            described = described | {"schema": schema | {"fields": self._with_items(described)}}
        return described

    def _with_items(self, described: dict[str, Any]) -> list[dict[str, Any]]:
        """Return the fields of a table, those of items as its instrument lists them."""
        source, fields = described["items"], described["schema"]["fields"]
        listed = list(self._rows(source["resource"]))
        if not all(item.get("column") and item.get("item_id") for item in listed):
            return list(fields)  # the check of the instrument says what is wrong with it
        levels: dict[str | None, list[str]] = {}
        for row in self._rows(source["scales"]):
            levels.setdefault(row.get("scale"), []).append(row.get("level", ""))
        known = {field["name"]: field for field in fields}
        found = [field for field in fields if field.get("constraints", {}).get("required")]
        for number, item in enumerate(listed, start=2):
            field = known.get(item["column"]) or {
                "name": item["column"],
                "type": "string",
                "title": item["item_id"],
                "description": f"Answer: {item.get('label')}. Empty where the teacher gave none.",
            }
            place = f"{self._path(source['resource'])}, row {number}"
            allowed = levels.get(item.get("scale"))
            judged = {"constraints": {"enum": allowed}} if allowed else {}
            found.append(field | judged | {"listed": place})
        return found

    def _path(self, name: str) -> str:
        return next(f"data/{d['path']}" for d in self.package["resources"] if d["name"] == name)

    def _rows(self, name: str) -> Iterator[dict[str, str]]:
        """Yield the rows of a table's file as text; none where it cannot be read."""
        with suppress(OSError, ValueError, csv.Error), context.looking_up():
            if name not in self._contents:
                self._contents[name] = (self.root / self._path(name)).read_bytes()
            yield from csv.DictReader(io.StringIO(self._contents[name].decode("utf-8-sig")))

    def resource(self, name: str) -> dict[str, Any]:
        """Return the descriptor of a table; ValueError names the nearest when there is none."""
        if name not in self.resources:
            hint = nearest(name, self.resources)
            raise ValueError(f"there is no table '{name}' in {DESCRIPTOR}; {hint}")
        return self.resources[name]

    def file(self, name: str) -> str:
        """Return the path of a table's file from the project's folder."""
        return f"data/{self.resource(name)['path']}"

    def content(self, name: str) -> bytes:
        """Return the bytes of a table's file, read once."""
        if name not in self._contents:
            self._contents[name] = (self.root / self.file(name)).read_bytes()
        return self._contents[name]

    def with_contents(self, contents: dict[str, bytes]) -> "Contract":
        """Return the same contract for other bytes of some files, which are not written yet."""
        return Contract(self.root, self._contents | contents)

    def references(self, name: str) -> list[str]:
        """Return the other tables that a table's keys and rules look into, in order."""
        described = self.resource(name)
        keys = [key["reference"] for key in described["schema"].get("foreignKeys", [])]
        keys += [{"resource": other} for other in described.get("items", {}).values()]
        rules = described.get("rules", [])
        parts = [part for rule in rules for part in rule.get("parts", [])]
        named = [entry["resource"] for entry in (*keys, *rules, *parts) if "resource" in entry]
        return [other for other in dict.fromkeys(named) if other and other != name]


@lru_cache(maxsize=2)  # a notebook loads one table after another, a build asks for each of each run
def _parse(text: bytes) -> dict[str, Any]:
    package: dict[str, Any] = json.loads(text)
    return package


def read_contract(root: Path | None = None) -> Contract:
    """Return the contract of the project at `root`; by default of the one we are in."""
    return Contract(Path(root) if root is not None else context.project_root())


def descriptor(root: Path | None = None) -> dict[str, Any]:
    """Return the whole contract: the Data Package with all its tables.

    Examples
    --------
    >>> descriptor()["name"]
    'personalized-learning-evidence'
    """
    contract = read_contract(root)
    return copy.deepcopy(contract.package | {"resources": list(contract.resources.values())})


def names(root: Path | None = None) -> list[str]:
    """Return the names of all tables, in the order of the contract.

    Examples
    --------
    >>> names()[:2]
    ['documents', 'claims']
    """
    return list(read_contract(root).resources)


def resource(name: str, root: Path | None = None) -> dict[str, Any]:
    """Return the descriptor of one table: path (inside `data/`), title, origin, schema and more.

    ValueError names the nearest table when there is none of that name.

    Examples
    --------
    >>> resource("codebook")["origin"]
    'coded'
    """
    return copy.deepcopy(read_contract(root).resource(name))
