"""What kernels get of the builder: a short list, so that nobody's own settings reach a result."""

import os
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

#: What a process needs to start, or to find its libraries; nothing else of the builder's is passed.
PASSED = """
PATH HOME USER TMPDIR TEMP TMP LD_LIBRARY_PATH DYLD_LIBRARY_PATH OPENBLAS_CORETYPE OPENBLAS_L2_SIZE
SYSTEMROOT SYSTEMDRIVE APPDATA LOCALAPPDATA USERPROFILE PATHEXT
"""
#: What makes two builds give the same bytes.
FIXED = {
    "PYTHONHASHSEED": "0",
    "SOURCE_DATE_EPOCH": "1767225600",
    "IPYKERNEL_CELL_NAME": "<cell>",
    "MPLBACKEND": "agg",
    "MATPLOTLIBRC": os.devnull,  # not the settings of whoever builds
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "COLUMNS": "100",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",  # or the debugger's import warns at the terminal
    "TZ": "UTC",
    "LC_ALL": "C.UTF-8",
}
#: Says how kernels are started, where the command line does not.
VARIABLE = "COMPENDIUM_KERNELS"
MAX_TEMP_DIR_BYTES = 70
KINDS = ("auto", "forked", "fresh")
#: Our packages: whose source files a run can rest on.
PACKAGES = ("auditing", "bookbuilder", "compendium", "qda_exchange", "survey_rows")
#: The folder that holds our packages: kernels import the code that builds, wherever it lies.
SOURCE = Path(__file__).parents[2]


def kernel_environment(root: Path, named: Iterable[str] = ()) -> dict[str, str]:
    """Return the environment of a kernel, with the builder's own variables that the plan names."""
    passed = {name: os.environ[name] for name in (*PASSED.split(), *named) if name in os.environ}
    ours = {"PYTHONPATH": str(SOURCE)}
    if not os.access(Path.home(), os.W_OK):  # matplotlib keeps there which fonts it has found
        ours["MPLCONFIGDIR"] = str(root / "_build/cache/matplotlib")
    return passed | FIXED | ours


def can_fork(kind: str | None = None) -> bool:
    """Say whether kernels are to be forked, as asked or as the environment says.

    By default (``auto``) they are where that is safe: macOS can fork, but some of its own libraries
    do not survive it; and the folder for temporary files may be too deep for the socket that forks
    are asked for through. Raises ValueError for an unknown kind, and where the system cannot fork.
    """
    asked = kind or os.environ.get(VARIABLE) or "auto"
    if asked not in KINDS:
        raise ValueError(f"unknown kernel kind '{asked}'; choose auto, forked or fresh")
    if asked == "forked" and not hasattr(os, "fork"):
        raise ValueError("this system cannot fork a process; use --kernels fresh")
    short = len(os.fsencode(tempfile.gettempdir())) <= MAX_TEMP_DIR_BYTES
    return asked == "forked" or (asked == "auto" and sys.platform == "linux" and short)
