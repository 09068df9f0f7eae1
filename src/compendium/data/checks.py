"""Checking tables against the contract: all faults of all files at once.

A table whose bytes passed before is not checked again, and `judging` not even imported. Whether it
passes depends on the contract, on the bytes of its file and of the files that it refers to, and on
the code that checks. Their common hash names an empty file under `_build/contract/`: making one
cannot be caught half-way, so any number of processes may do it at once.
"""

import contextlib
import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from compendium import context
from compendium.data.contract import Contract, read_contract
from compendium.data.faults import ContractError, Fault

FOLDER = "_build/contract"


def check(names: Iterable[str] | None = None, root: Path | None = None) -> list[Fault]:
    """Check tables (all by default) against the contract and return every fault of every file.

    In the order of the contract, then of the rows; empty when all is well. ValueError when there is
    no table of a name.

    Examples
    --------
    >>> check(["codebook"])
    []
    """
    contract = read_contract(root)
    return check_tables(contract, contract.resources if names is None else names)


def assert_valid(root: Path | None = None) -> None:
    """Raise ContractError with every fault of every file, if there is one; see `check`."""
    if faults := check(root=root):
        raise ContractError(faults)


def check_tables(contract: Contract, names: Iterable[str]) -> list[Fault]:
    """Check tables of a contract that has been read already; see `check`."""
    with context.looking_up():
        waiting = [name for name in names if not _passed(contract, name)]
        if not waiting:
            return []
        from compendium.data.judging import judge  # here: with all that judges, only when needed

        faults, sound = judge(contract, waiting)
        for name in sound:
            _remember(contract, name)
        return faults


def _passed(contract: Contract, name: str) -> bool:
    """Return whether these very bytes have passed before."""
    try:
        return _mark(contract, name).exists()
    except OSError:  # a file is missing or cannot be read: let the check say so
        return False


def _remember(contract: Contract, name: str) -> None:
    """Note that a table passed; without a place to write, it is checked again next time."""
    with contextlib.suppress(OSError):
        mark = _mark(contract, name)
        mark.parent.mkdir(parents=True, exist_ok=True)
        mark.touch()


def _mark(contract: Contract, name: str) -> Path:
    digest = hashlib.sha256(_code())
    for content in (
        contract.text,
        *(contract.content(one) for one in (name, *contract.references(name))),
    ):
        digest.update(hashlib.sha256(content).digest())
    return contract.root / FOLDER / f"{name}-{digest.hexdigest()[:32]}"


@cache
def _code() -> bytes:
    """Return the hash of the code that checks: a better check must look again."""
    modules = sorted(Path(__file__).parent.glob("*.py"))
    return hashlib.sha256(b"".join(module.read_bytes() for module in modules)).digest()
