# `make run` and `make test` each do all the set-up: a virtual environment with the locked dependencies.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test lint types check bench faults evaluate transcript pictures lock clean

$(VENV)/ready: requirements-dev.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

run: $(VENV)/ready
	$(BIN)/mezobeli run

test: $(VENV)/ready
	$(BIN)/python -m pytest -n 2 --dist worksteal

lint: $(VENV)/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: $(VENV)/ready
	$(BIN)/mypy

check: lint types test

evaluate: $(VENV)/ready
	$(BIN)/mezobeli evaluate --places 0 --out docs/evaluation.md evaluation/*.jsonl bot/data/held_out/*.jsonl

transcript: $(VENV)/ready
	$(BIN)/mezobeli transcript --write

$(VENV)/bench-ready: $(VENV)/ready requirements-bench.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bench.txt
	touch $@

# Celery, Procrastinate and a Redis, beside which the outbox is measured, are installed for this only.
bench: $(VENV)/bench-ready
	$(BIN)/python -m bench

# The pictures of the console in docs/pictures; needs Chromium.
pictures: $(VENV)/ready
	$(BIN)/python -m tests.console.staff.pictures
	$(BIN)/python -m tests.console.staff.pictures docs/pictures/ka --locale ka

# 20,000 messages on each database through providers that fail, by processes that are killed: some minutes.
faults: $(VENV)/ready
	$(BIN)/python -m tests.faults

# For whoever changes the dependencies: uv writes no download address into these files.
lock:
	uv pip compile --quiet --generate-hashes --no-header --no-annotate --python-version 3.11 pyproject.toml -o requirements.txt
	uv pip compile --quiet --generate-hashes --no-header --no-annotate --python-version 3.11 --extra dev pyproject.toml -o requirements-dev.txt
	uv pip compile --quiet --generate-hashes --no-header --no-annotate --python-version 3.11 --universal --extra bench --constraint requirements-dev.txt pyproject.toml -o requirements-bench.txt

clean:
	rm -rf $(VENV) var build dist *.egg-info
