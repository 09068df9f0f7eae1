"""Reading YAML so that a fault can be named with its line."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml


class SweepError(ValueError):
    """The file of a sweep is wrong; the message lists every fault with its line."""


@dataclass(frozen=True)
class Node:
    """A piece of a YAML file that knows where it stands."""

    node: yaml.Node
    file: str

    def fault(self, text: str) -> str:
        """Return a sentence on what is wrong here, with the place."""
        return f"{self.file}, line {self.node.start_mark.line + 1}: {text}"

    def plain(self) -> Any:
        """Return what is written here as plain values."""
        return yaml.SafeLoader("").construct_document(self.node)

    def entries(self, what: str) -> dict[str, tuple["Node", "Node"]]:
        """Return keys with the places of key and value.

        Raises
        ------
        SweepError
            When there are no keys here, or one stands twice, of which YAML would keep the last.
        """
        if not isinstance(self.node, yaml.MappingNode):
            raise SweepError(self.fault(f"{what} must be written as 'key: value' lines"))
        found: dict[str, tuple[Node, Node]] = {}
        for key, value in self.node.value:
            here = Node(key, self.file)
            name = str(here.plain())
            if name in found:
                raise SweepError(here.fault(f"'{name}' stands twice; keep one"))
            found[name] = (here, Node(value, self.file))
        return found

    def items(self, what: str) -> list["Node"]:
        """Return the elements of a list with their places.

        Raises
        ------
        SweepError
            When there is no list here.
        """
        if not isinstance(self.node, yaml.SequenceNode):
            raise SweepError(self.fault(f"{what} must be a list, such as [one, other]"))
        return [Node(one, self.file) for one in self.node.value]


def read(path: Path) -> Node:
    """Read a YAML file.

    Raises
    ------
    SweepError
        When it is no YAML, or empty.
    """
    try:
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise SweepError(f"{path}: no YAML file: {error}") from None
    if node is None:
        raise SweepError(f"{path}, line 1: the file is empty; say 'run', 'grid' and 'collect'")
    return Node(node, str(path))
