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

    What has been imported before stays.

    >>> before = set(sys.modules)
    >>> with lean():
    ...     print(any(sys.modules[name] for name in NOT_NEEDED if name not in before))
    False
    >>> before == sys.modules.keys()
    True
    """
    left_out = [name for name in NOT_NEEDED if name not in sys.modules]
    for name in left_out:
        sys.modules[name] = None  # type: ignore[assignment]  # how Python is told not to import
    try:
        yield
    finally:
        for name in left_out:
            sys.modules.pop(name, None)
