"""Saving notebooks as they are committed: without outputs, and without what opening one leaves.

Jupyter loads this as an extension of its server (`tools/jupyter_server_config.json`), so that
opening, running and saving a notebook in JupyterLab changes no file. git runs it as a filter (see
`.gitattributes`), for notebooks that something else has saved. Needs the standard library only.
"""

import json
import sys
from pathlib import Path
from typing import Any

#: What Jupyter rewrites when it saves: names of the kernel and versions of this machine.
SETTLED = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
#: What it leaves in the metadata of a notebook and of its cells.
LEFT = {"collapsed", "execution", "papermill", "scrolled", "trusted", "widgets"}


def clean(notebook: dict[str, Any]) -> None:
    """Take out of a notebook what is not committed."""
    notebook["metadata"] = _kept(notebook["metadata"]) | SETTLED
    for cell in notebook["cells"]:
        cell["metadata"] = _kept(cell["metadata"])
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None


def _kept(metadata: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in metadata.items() if key not in LEFT}


def clean_text(text: str) -> str:
    """Return the text of a notebook as it is committed; what is no notebook, as it is."""
    try:
        notebook = json.loads(text)
        clean(notebook)
    except (ValueError, KeyError, TypeError):
        return text
    return json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def clean_before_saving(model: dict[str, Any], path: str, contents_manager: Any, **_: Any) -> None:
    """Clean a notebook that the server is about to save, if it is one of a compendium."""
    file = Path(contents_manager.root_dir) / path
    if model["type"] == "notebook" and (file.parents[1] / "data/datapackage.json").exists():
        clean(model["content"])


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": __name__}]


def _load_jupyter_server_extension(server: Any) -> None:
    server.contents_manager.register_pre_save_hook(clean_before_saving)


if __name__ == "__main__":
    # Bytes, so that no system's own encoding or line ends come in.
    sys.stdout.buffer.write(clean_text(sys.stdin.buffer.read().decode("utf-8")).encode("utf-8"))
