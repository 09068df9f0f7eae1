# What people do here. `make help` lists it. Needs Python 3.11 or later and make, nothing else.

PYTHON ?= python3
STRANDS ?= survey coding engine
PEERS = $(if $(filter survey coding,$(STRANDS)),peers older) $(if $(filter engine,$(STRANDS)),engines)
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready

# Some containers forbid byte code; without it every import is three times as slow.
unexport PYTHONDONTWRITEBYTECODE
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: help book test test-book test-site test-marks test-cluster lint format lab pdf serve status benchmark clean

help:  ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' Makefile

book: $(READY)  ## Rebuild results and book from the raw data (runs only what is stale)
	@$(BIN)/compendium build

test: $(READY)  ## Test all code
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

test-book: $(READY)  ## Test what takes whole builds: notebooks run twice, rows of others, builds stopped and killed
	$(BIN)/python -m pytest tests/book -n auto --dist loadfile --no-loadscope-reorder

test-site: $(READY) $(VENV)/.ready-site  ## Open every page of the finished book in Chromium
	$(BIN)/python -m pytest tests/browser -n 2 --dist loadfile

test-marks: $(READY)  ## Draw other survey rows and see which exhibits change (some minutes)
	$(BIN)/python -m pytest tests/marks

test-cluster: $(READY) $(VENV)/.ready-cluster  ## Sweep on a real Dask cluster and kill a worker of it
	@$(BIN)/python -c 'import distributed'  # without it the tests would only be skipped
	$(BIN)/python -m pytest tests/bookbuilder/sweep/test_cluster.py

lint: $(READY)  ## Check style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/codespell src notebooks book data tools results/tables *.md

format: $(READY)  ## Put the code into the project's format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lab: $(READY)  ## Open the notebooks in JupyterLab
	$(BIN)/jupyter lab --notebook-dir=.

pdf: $(READY)  ## Print the finished book as one PDF (needs Chromium)
	@$(BIN)/python tools/pdf.py

serve: book  ## Serve the book at http://localhost:8000
	$(BIN)/python -m http.server 8000 --directory _build/html --bind 127.0.0.1

status: $(READY)  ## Say what is stale, and why
	@$(BIN)/compendium status

benchmark: $(READY) $(PEERS:%=benchmarks/.venv-%/.ready)  ## Time library and rebuild beside their peers
	@for strand in $(STRANDS); do \
	  $(BIN)/python benchmarks/run.py $$strand $(if $(ROUNDS),--rounds $(ROUNDS)) || exit 1; done

clean:  ## Remove what the build made (the record in results/ stays)
	rm -rf _build book/notebooks .pytest_cache .mypy_cache .ruff_cache .hypothesis

# The environment, from the lock: every version and its hash. uv installs it; where uv is missing it
# comes by pip into this environment, at the version and hash that the lock holds as well.
$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or later is needed; name one: make PYTHON=python3.12 book"; exit 1; }
	@test -x $(BIN)/python || { echo "making the environment in $(VENV)"; $(PYTHON) -m venv $(VENV); }
	@$(BIN)/python tools/bootstrap.py
	@touch $@

# What only the browser tests need, or only sweeps on a cluster, on top.
$(VENV)/.ready-%: requirements-%.lock $(READY)
	@$(BIN)/python -m uv pip install -q --python $(BIN)/python --require-hashes -r $<
	@touch $@

# The libraries that `make benchmark` compares with, from locks of their own.
benchmarks/.venv-%/.ready: benchmarks/requirements-%.lock | $(READY)
	@echo "making the environment in $(@D)"
	@$(BIN)/python -m uv venv -q --allow-existing --python $(BIN)/python $(@D)
	@$(BIN)/python -m uv pip install -q --compile-bytecode --python $(@D)/bin/python --require-hashes -r $<
	@touch $@
