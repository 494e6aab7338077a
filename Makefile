# `make demo` and `make test` need Python 3.11+ and nothing else: they set up .venv by themselves.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
ASPA_HOME ?= $(CURDIR)/.aspa
DAGSTER_HOME := $(abspath $(ASPA_HOME))/dagster

.PHONY: demo test lint ui bench bench-names bench-deliveries clean

demo: $(READY) ## make demo deliveries, run the lineage on them, say where to look
	$(BIN)/aspa demo

test: $(READY) lint ## lint, types, and every test but the benchmarks
	$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadgroup --no-loadscope-reorder

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

ui: $(READY) ## open the Dagster UI on what lies under $$ASPA_HOME
	mkdir -p $(DAGSTER_HOME)
	test -f $(DAGSTER_HOME)/dagster.yaml || cp aspa_assets/dagster.yaml $(DAGSTER_HOME)/
	DAGSTER_HOME=$(DAGSTER_HOME) $(BIN)/dagster dev -w workspace.yaml

bench: $(READY) ## speed and quality against marked texts: make bench GOLD=marked.jsonl
	$(BIN)/python tests/benchmarks/bench_anonymizer.py $(GOLD)
	$(BIN)/python tests/benchmarks/bench_anonymizer_load.py
	$(BIN)/python tests/benchmarks/bench_against_presidio.py $(GOLD)
	$(BIN)/python tests/benchmarks/bench_drift.py
	$(BIN)/python tests/benchmarks/bench_text_models.py $(ASPA_HOME)/models $(GOLD)

bench-names: $(READY) ## names found in news, as written and in small letters: make bench-names CORPORA=folder
	$(BIN)/python tests/benchmarks/bench_names.py $(CORPORA)

bench-deliveries: $(READY) ## reading, judging, ten thousand drops, and kills all over a run (an hour)
	$(BIN)/python tests/benchmarks/bench_reading.py
	$(BIN)/python tests/benchmarks/bench_judging.py
	$(BIN)/python tests/benchmarks/bench_drops.py
	$(BIN)/python tests/benchmarks/bench_crashes.py

# PyTorch first and alone, from its own CPU index: a plain resolve would pull CUDA packages.
$(READY): pyproject.toml constraints.txt requirements-torch.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.11 ...")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --retries 1 --no-deps -r requirements-torch.txt
	$(BIN)/pip install --quiet -c constraints.txt -e '.[platform,dev]'
	touch $(READY)

clean: ## remove the environment and everything the demo made
	rm -rf $(VENV) .aspa
