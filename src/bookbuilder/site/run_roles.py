"""Two roles for a notebook that is run several times: what is said of the page's own run.

One notebook can make many pages, one for each run of the plan. Its text is the same on all of them,
so it cannot name the run; `{parameter}` gives the run's own parameters, in a title too, and `{own}`
quotes the numbers that the run itself recorded.
"""

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxRole

from bookbuilder.site import record
from bookbuilder.site.value_roles import ValueRole
from compendium.text import nearest

logger = logging.getLogger(__name__)


class ParameterRole(SphinxRole):
    """``{parameter}`label```: the value of a parameter of the run that this page shows."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the parameter as text."""
        try:
            shown = str(parameter(run_of(self.env.docname), self.text))
        except ValueError as error:
            logger.warning("%s", error, location=self.get_location())
            shown = "?"
        return [nodes.Text(shown)], []


class OwnRole(ValueRole):
    """``{own}`segments:,```: a number recorded by the run that this page shows."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the number, marked with its full key."""
        self.text = f"{run_of(self.env.docname)}.{self.text}"
        return super().run()


def run_of(page: str) -> str:
    """Return the run that a page of the book shows.

    Examples
    --------
    >>> run_of("notebooks/code_policy")
    'code_policy'
    """
    return page.rpartition("/")[2]


def parameter(run: str, name: str) -> Any:
    """Return a parameter of a run, as its exhibits recorded it.

    Parameters
    ----------
    run, name
        The run and the parameter.

    Raises
    ------
    ValueError
        When the run has recorded no exhibit, or has no such parameter.
    """
    recorded = [entry for entry in record.exhibits().values() if entry["run"] == run]
    if not recorded:
        raise ValueError(f"no exhibit of a run '{run}' is recorded")
    parameters: dict[str, Any] = recorded[0]["parameters"]
    if name not in parameters:
        hint = nearest(name, parameters)
        raise ValueError(f"run '{run}' has no parameter '{name}'; {hint}")
    return parameters[name]


def setup(app: Sphinx) -> None:
    """Register both roles."""
    app.add_role("parameter", ParameterRole())
    app.add_role("own", OwnRole())
