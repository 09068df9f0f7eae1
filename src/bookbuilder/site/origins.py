"""What the book says of reconstructed rows, and only while there are any.

A sentence that holds only then stands within `{only} not collected`, its counterpart within
`{only} collected`: the directive is Sphinx's own, the tag is set here by what the tables say of
their origin. So is the sentence at the foot of every page.
"""

from sphinx.application import Sphinx
from sphinx.config import Config

from bookbuilder.site import record
from compendium import data

TAG = "collected"
FOOT = "<p>The survey rows are a reconstruction, marked wherever they show.</p>"


def is_reconstructed() -> bool:
    """Say whether any table of the project holds reconstructed rows."""
    tables = data.descriptor(record.root())["resources"]
    return any(table["origin"] == "reconstructed" for table in tables)


def _tell(app: Sphinx, config: Config) -> None:
    if not is_reconstructed():
        app.tags.add(TAG)
    else:
        footer = config.html_theme_options.get("extra_footer", "")
        config.html_theme_options["extra_footer"] = footer + FOOT


def setup(app: Sphinx) -> None:
    """Tell Sphinx where the rows come from as soon as its settings are read."""
    app.connect("config-inited", _tell)
