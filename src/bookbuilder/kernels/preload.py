"""What the process that kernels are forked from imports: the libraries that notebooks use.

None of our own packages is among them; each kernel imports those itself (see `forked`).
"""

import contextlib
import gc
import importlib
import os
import sys

#: Where a kernel looks for modules: as an interpreter that is started afresh.
PATH = [place for place in sys.path if place]
#: With what those libraries only import when they are used.
MODULES = """
ipykernel.kernelapp ipykernel.ipkernel ipykernel.zmqshell ipykernel.debugger psutil sqlite3
IPython.core.completerlib IPython.core.debugger IPython.core.oinspect IPython.extensions.storemagic
numpy pandas pandas.core.methods.to_dict pandas.core.reshape.reshape pandas.io.formats.csvs
pandas.io.formats.style tornado.platform.asyncio zmq.utils.garbage scipy.stats scipy.optimize
scipy.sparse matplotlib.pyplot matplotlib.backends.backend_agg matplotlib.backends.backend_svg
seaborn statsmodels.stats.multitest statsmodels.stats.proportion
"""

before = set(os.environ)
for name in MODULES.split():
    with contextlib.suppress(ImportError):  # then it is the notebook's to report
        importlib.import_module(name)
#: What libraries set when they are imported, which a fresh kernel would have as well.
VARIABLES = {name: value for name, value in os.environ.items() if name not in before}
gc.collect()
gc.freeze()  # a collection in a child would copy the pages of all that was imported
