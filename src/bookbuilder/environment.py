"""Whether the packages that are installed are those of `requirements.lock`.

A build with other versions may give other last digits, or fail where the lock's would not, so a
difference is said aloud. Installed versions are read from the names of the folders that describe
them (`numpy-2.4.6.dist-info`), which takes milliseconds where reading their files would take
hundreds.
"""

import re
import sys
from pathlib import Path

from packaging.markers import Marker
from packaging.utils import canonicalize_name, canonicalize_version

from compendium.text import listed

#: A line of a lock: name, extras, version, and for which machines.
REQUIREMENT = re.compile(
    r"^([A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?==([^\s;\\]+)(?:[ \t]*;[ \t]*([^\\\n]+))?", re.MULTILINE
)
REMEDY = (
    "`make -B .venv/.ready` installs what the lock has; in an environment of your own, "
    "`pip install -r requirements.lock` does"
)
LOCK = "requirements.lock"
MAX_NAMED = 5


def differences(lock: Path) -> list[str]:
    """Say which packages are not installed as a lock file has them for this machine, by name.

    Such as ``numpy 2.4.5 is installed, the lock has 2.4.6``; more than the lock has is no
    difference.
    """
    installed = installed_versions()
    found = []
    for name, version in sorted(locked_versions(lock.read_text(encoding="utf-8")).items()):
        versions = installed.get(name)
        if not versions:
            found.append(f"{name} is missing, the lock has {version}")
        elif {canonicalize_version(one) for one in versions} != {canonicalize_version(version)}:
            are = "is" if len(versions) == 1 else "are"
            found.append(f"{name} {' and '.join(versions)} {are} installed, the lock has {version}")
    return found


def sentence(lock: Path) -> str:
    """Say how the installed packages differ from a lock, and what to do; or nothing."""
    found = differences(lock)
    if not found:
        return ""
    packages = "1 package differs" if len(found) == 1 else f"{len(found)} packages differ"
    return f"{packages} from {lock.name}: {listed(found, MAX_NAMED, '; ')}. {REMEDY}"


def locked_versions(text: str) -> dict[str, str]:
    r"""Return the version of each package that a lock has for this machine and Python.

    >>> locked_versions("Jinja2==3.1.6 \\\n    --hash=sha256:0\nx==1 ; os_name == 'other' \\\n")
    {'jinja2': '3.1.6'}
    """
    return {
        canonicalize_name(name): version
        for name, version, marker in REQUIREMENT.findall(text)
        if not marker or Marker(marker).evaluate()
    }


def installed_versions() -> dict[str, list[str]]:
    """Return the versions of each package in the first folder of the import path that has it."""
    found: dict[str, list[str]] = {}
    for folder in dict.fromkeys(sys.path):
        here: dict[str, list[str]] = {}
        for path in sorted(Path(folder).glob("*.dist-info")):
            name, _, version = path.stem.rpartition("-")
            here.setdefault(canonicalize_name(name), []).append(version)
        found = here | found
    return found
