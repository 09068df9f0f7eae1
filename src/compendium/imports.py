"""Leaving out an import that nothing here needs and everything would pay for.

jsonschema, which nbformat and frictionless bring along, offers to check international addresses and
for that compiles a grammar when it is imported: one to two seconds of processor in every process.
No table and no notebook here asks for it; without it jsonschema skips that one check.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

NOT_NEEDED = ("rfc3987_syntax",)


@contextmanager
def lean() -> Iterator[None]:
    """Import without what is not needed; afterwards it can be imported again.

    Examples
    --------
    >>> with lean():
    ...     import rfc3987_syntax
    Traceback (most recent call last):
    ModuleNotFoundError: import of rfc3987_syntax halted; None in sys.modules
    """
    left_out = [name for name in NOT_NEEDED if name not in sys.modules]
    for name in left_out:
        sys.modules[name] = None  # type: ignore[assignment]  # how Python is told not to import
    try:
        yield
    finally:
        for name in left_out:
            sys.modules.pop(name, None)
