# `make demo` and `make test` set up what they need in .venv; a second call is quick.

PYTHON ?= python3
PYTEST_ARGS ?=
# More words for pip, as a package index of your own.
PIP_ARGS ?=
# Processes that run tests side by side.
WORKERS ?= auto

BIN := .venv/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt $(PIP_ARGS)
FOR_USE := .venv/.installed-for-use
FOR_TESTS := .venv/.installed-for-tests
FOR_DOCS := .venv/.installed-for-docs

.PHONY: demo test test-full lint types walls check docs bench clean distclean
.NOTPARALLEL:

demo: $(FOR_USE)
	@$(BIN)/graphstep demo

test: $(FOR_TESTS)
	$(BIN)/python -m pytest -n $(WORKERS) -m "not full" $(PYTEST_ARGS)

test-full: $(FOR_TESTS)
	$(BIN)/python -m pytest -n $(WORKERS) -m full $(PYTEST_ARGS)

check: lint types walls

lint: $(FOR_TESTS)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(FOR_TESTS)
	$(BIN)/mypy

walls: $(FOR_TESTS)
	$(BIN)/lint-imports

docs: $(FOR_DOCS)
	$(BIN)/sphinx-build -E -W --keep-going -b html docs docs/_build/html

bench: $(FOR_USE)
	@set -e; for file in benchmarks/*.py; do echo "== $$file"; $(BIN)/python "$$file"; done

clean:
	rm -rf build dist docs/_build docs/gallery .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -path ./.venv -prune -o -name __pycache__ -type d -exec rm -rf {} +

distclean: clean
	rm -rf .venv

# The stamps say for which pyproject.toml and constraints.txt .venv was filled.
$(FOR_USE): pyproject.toml constraints.txt | $(BIN)/python
	@echo "graphstep: installing into .venv (torch is a large download)" >&2
	@$(INSTALL) -e . >&2
	@touch $@

$(FOR_TESTS): pyproject.toml constraints.txt | $(BIN)/python
	@echo "graphstep: installing into .venv, with the tools of the tests (torch is a large download)" >&2
	@$(INSTALL) -e '.[dev]' >&2
	@touch $@ $(FOR_USE)

$(FOR_DOCS): pyproject.toml constraints.txt | $(BIN)/python
	@echo "graphstep: installing into .venv, with the tools of the documentation" >&2
	@$(INSTALL) -e '.[docs]' >&2
	@touch $@ $(FOR_USE)

# Debian's python3 without python3-venv leaves half a .venv behind; it must not be taken for one.
$(BIN)/python:
	@command -v "$(PYTHON)" >/dev/null || { \
	  echo "graphstep: no $(PYTHON) here; name your Python >= 3.11: make PYTHON=python3.12 …" >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "graphstep: needs Python >= 3.11, and $(PYTHON) is older; name another: make PYTHON=python3.12 …" >&2; exit 1; }
	@"$(PYTHON)" -m venv .venv || { rm -rf .venv; \
	  echo "graphstep: $(PYTHON) cannot make a virtual environment; on Debian install python3-venv" >&2; exit 1; }
