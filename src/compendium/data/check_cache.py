"""Remembering which tables have passed, so that a notebook need not check them again.

Whether a table passes depends on the contract, on the bytes of its file and of the files that it
refers to, and on the code that checks. Their common hash names an empty file under
`_build/contract/`: if that file is there, the table passed. Making an empty file cannot be caught
half-way, so any number of processes may do it at once.
"""

import contextlib
import hashlib
from functools import cache
from pathlib import Path

from compendium.data.contract import Contract

FOLDER = "_build/contract"


def passed(contract: Contract, name: str) -> bool:
    """Return whether these very bytes have passed before."""
    try:
        return _mark(contract, name).exists()
    except OSError:  # a file is missing or cannot be read: let the check say so
        return False


def remember(contract: Contract, name: str) -> None:
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
