"""Reading YAML so that a fault can be named with its line."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from yaml.constructor import SafeConstructor

from bookbuilder.plan.run import PlanError

#: libyaml's parser, ten times as fast, where PyYAML was built with it.
FAST = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


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
        return SafeConstructor().construct_document(self.node)

    def entries(self, what: str) -> dict[str, tuple["Node", "Node"]]:
        """Return keys with the places of key and value.

        Raises PlanError when there are no keys here, or one stands twice, of which YAML keeps the
        last.
        """
        if not isinstance(self.node, yaml.MappingNode):
            raise PlanError(self.fault(f"{what} must be written as 'key: value' lines"))
        found: dict[str, tuple[Node, Node]] = {}
        for key, value in self.node.value:
            here = Node(key, self.file)
            name = str(here.plain())
            if name in found:
                raise PlanError(here.fault(f"'{name}' stands twice; keep one"))
            found[name] = (here, Node(value, self.file))
        return found

    def items(self, what: str) -> list["Node"]:
        """Return the elements of a list with their places; PlanError when there is none here."""
        if not isinstance(self.node, yaml.SequenceNode):
            raise PlanError(self.fault(f"{what} must be a list, such as [one, other]"))
        return [Node(one, self.file) for one in self.node.value]


def read(path: Path, name: str, wanted: str) -> Node:
    """Read a YAML file; `name` is what faults call it, `wanted` what to say of an empty one.

    Raises PlanError when it is no YAML, or empty.
    """
    try:
        text = path.read_text(encoding="utf-8")
        try:
            node = yaml.compose(text, Loader=FAST)
        except yaml.YAMLError:  # the other parser says better what is wrong, and where
            node = yaml.compose(text, Loader=yaml.SafeLoader)
    except UnicodeDecodeError:
        raise PlanError(f"{name}: the text is not UTF-8; save it as UTF-8") from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = f", line {mark.line + 1}" if mark else ""
        raise PlanError(
            f"{name}{line}: no YAML file: {error.problem}; look for a bracket or a quotation mark "
            "left open, or a line that is not indented like the others"
        ) from None
    except yaml.YAMLError as error:
        raise PlanError(f"{name}: no YAML file: {error}") from None
    if node is None:  # nothing but comments
        raise PlanError(f"{name}, line 1: the file is empty; {wanted}")
    return Node(node, name)
