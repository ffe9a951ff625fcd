# Each of these works on a fresh machine: it sets up .venv first, says so on stderr, and asks nothing.
# Answers go to stdout alone, so `echo "debat VO Utrecht" | make run` can be piped on.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help run test check format bench faults pictures smoke lock clean

# The first of these that really runs: a name on the PATH may be a shim of a version that is not there.
PYTHON ?= $(shell for python in python3.13 python3.12 python3.11 python3; do \
	$$python -c 'import ensurepip, sqlite3, sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 \
	&& { echo $$python; break; }; done)
VENV := .venv
PIP = $(VENV)/bin/python -m pip --disable-pip-version-check -qq

help: ## what can be made
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /make \1\t/' | expand -t 14

run: $(VENV)/ready ## start the bot: chat on a terminal, else one answer for each line of standard input
	@$(VENV)/bin/skb-bot run

test: check ## everything that must hold: check, and all tests on SQLite and PostgreSQL
	@$(VENV)/bin/pytest -n auto

check: $(VENV)/ready-dev ## style, types and import contracts
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/mypy
	@$(VENV)/bin/lint-imports

format: $(VENV)/ready-dev ## mend what can be mended by itself
	@$(VENV)/bin/ruff check --fix .
	@$(VENV)/bin/ruff format .

bench: $(VENV)/ready-dev ## relevance beside plain engines, speed, memory and cold start
	@$(VENV)/bin/python -m tests.benchmarks

faults: $(VENV)/ready-dev ## kill, cut off and fill up for hours, and count; goes on where it was broken off
	@$(VENV)/bin/python -m tests.faults

pictures: $(VENV)/ready ## draw docs/pictures anew, from what the bot answers now
	@$(VENV)/bin/python -m tests.pictures

smoke: $(VENV)/ready-dev ## send one list to a real chat and take it away again: docs/OPERATIONS.md says how
	@$(VENV)/bin/pytest tests/live

clean: ## remove what make made (the database in var/ stays)
	@rm -rf $(VENV) .venv-lock .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache *.egg-info build dist
	@find bot tests -name __pycache__ -type d -prune -exec rm -rf {} +

# Set-up reads no standard input (it belongs to the bot) and writes to stderr only.
$(VENV)/ready: requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "skb-bot needs Python 3.11 or newer with venv, and found none. Install it \
	(Debian and Ubuntu: apt-get install python3 python3-venv), or name it: make run PYTHON=/path/to/python3" >&2; exit 1; }
	@echo "Setting up $(VENV) with $$($(PYTHON) --version): once, about a minute." >&2
	@{ $(PYTHON) -m venv --clear $(VENV) \
	&& $(PIP) install --require-hashes -r requirements.lock \
	&& $(PIP) install --no-deps --no-build-isolation --editable . ; } </dev/null >&2
	@touch $@

$(VENV)/ready-dev: $(VENV)/ready requirements-dev.lock requirements-postgresql.lock
	@echo "Adding the tools for tests and checks." >&2
	@$(PIP) install --require-hashes -r requirements-dev.lock </dev/null >&2
	@$(PIP) install --require-hashes -r requirements-postgresql.lock </dev/null >&2 \
	|| echo "No PostgreSQL to test with on this platform: those tests will be skipped, and fail where CI is set." >&2
	@touch $@

# Only what the public index says goes into the lock: no mirror of this machine, and no address at all.
COMPILE = env -u PIP_FIND_LINKS -u PIP_EXTRA_INDEX_URL PIP_CONFIG_FILE=/dev/null .venv-lock/bin/pip-compile -q --upgrade \
	--generate-hashes --strip-extras --allow-unsafe --no-emit-index-url --no-emit-trusted-host --no-emit-find-links \
	--no-header --build-deps-for editable
lock: ## choose the newest versions that fit pyproject.toml, with hashes
	@test -d .venv-lock || { $(PYTHON) -m venv .venv-lock && .venv-lock/bin/python -m pip install -q 'pip-tools==7.6.2'; } >&2
	@$(COMPILE) --output-file requirements.lock pyproject.toml
	@$(COMPILE) --extra test --extra bench --constraint requirements.lock --output-file requirements-dev.lock pyproject.toml
	@$(COMPILE) --extra postgresql --constraint requirements-dev.lock --output-file requirements-postgresql.lock pyproject.toml
