"""Tables under contract: the one door to the compendium's data.

`data/datapackage.json` says of every table what it is, where it comes from and what its cells may
hold. `load` gives a table only when its file meets that contract; `check` lists every fault of
every file at once, each with file, row and field. The contract is a standard Data Package, checked
by frictionless; what a Data Package has no word for stands there under `rules`.

Every function takes the project's folder as `root`; by default it is found from the run, or from
the working directory.
"""

from compendium.data.checks import assert_valid, check
from compendium.data.contract import descriptor, names, resource
from compendium.data.faults import ContractError, Fault
from compendium.data.loading import load
from compendium.data.study import disclosure_threshold, load_coding, load_people, load_survey
