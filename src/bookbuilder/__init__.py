"""The command `compendium`: it runs the notebooks, renders the book and checks the record.

Who only reads or changes an analysis needs nothing from here.
"""

import sys

# jsonschema, which nbformat and frictionless bring along, compiles a grammar of international
# addresses when it is imported, 1.7 seconds in every process, and does without where there is none.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]  # Python's "do not import"
