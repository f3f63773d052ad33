# make demo    the whole service against a YouTube and a Joystream of its own; ARGS=--exit ends by itself
# make test    lint and all tests
# make up      the service as config.yml says            make devnet   only the world in a box
# make lint    everything that needs no running          make lock     new requirements*.lock from requirements*.in
# make chaos   kills -9 in the real thing, 200 times, and looks that nothing is lost; KILLS=… SEED=…
# make bench   what things cost as tables grow, into docs/benchmarks.md: about five minutes; SIZES=…
# make fuzz    every request that schemathesis can think of; FUZZ_SECONDS=… FUZZ_SEED=…
# make clean   removes what the others made
#
# Nothing is assumed but make and Python 3.11 or newer (PYTHON=… names one). Everything goes to .venv and var.

PYTHON ?= $(shell for name in python3.11 python3.12 python3.13 python3; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; done)
ARGS ?=
TESTS ?= tests
# Most tests wait for something most of the time.
WORKERS ?= $(shell "$(PYTHON)" -c 'import os; print((os.cpu_count() or 1) + 1)')
KILLS ?= 200
SEED ?=
SIZES ?= 10000,100000,1000000
FUZZ_SECONDS ?= 600
FUZZ_SEED ?=

BIN := .venv/bin
JS := tests/conformance/js
# The lock files name every package with its hashes. The environment's pip settings (mirrors, proxies) stay in
# force; what would send packages elsewhere or ask questions does not.
INSTALL := $(BIN)/python -m pip install -qq --no-user --no-input --disable-pip-version-check \
	--no-deps --require-hashes
CODE := manage.py ytsynch channels ypp videos payments api atlas pages tests

.DEFAULT_GOAL := help
.PHONY: help demo test lint up devnet chaos bench fuzz chromium lock clean

help:
	@sed -n 's/^# \{0,1\}//p' Makefile | head -10

demo: .venv/.run
	@$(BIN)/python manage.py demo $(ARGS)

up: .venv/.run
	@$(BIN)/python manage.py up $(ARGS)

devnet: .venv/.run
	@$(BIN)/python manage.py devnet $(ARGS)

test: .venv/.dev $(JS)/node_modules/.installed chromium lint
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile $(ARGS) $(TESTS)

chaos: .venv/.dev
	@$(BIN)/python -m tests.chaos --kills $(KILLS) $(if $(SEED),--seed $(SEED)) $(ARGS)

bench: .venv/.dev
	@$(BIN)/python -m tests.bench --sizes $(SIZES) --write docs/benchmarks.md $(ARGS)

fuzz: .venv/.dev
	FUZZ_SECONDS=$(FUZZ_SECONDS) FUZZ_SEED=$(FUZZ_SEED) $(BIN)/python -m pytest $(ARGS) tests/fuzz

lint: .venv/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy $(CODE)
	$(BIN)/lint-imports
	$(BIN)/djlint --lint templates
	$(BIN)/python manage.py config_reference --check
	$(BIN)/python manage.py makemigrations --check --dry-run
	@$(BIN)/python manage.py spectacular --validate --fail-on-warn | diff -u docs/openapi.yaml - || \
		{ echo "docs/openapi.yaml is not that of the code: manage.py spectacular --file docs/openapi.yaml"; exit 1; }

.venv/bin/python:
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "ytsynch needs Python 3.11 or newer; name one with: make PYTHON=/path/to/python3.11"; exit 1; }
	@"$(PYTHON)" -m venv .venv || \
		{ rm -rf .venv; echo "$(PYTHON) cannot make virtual environments; Debian and Ubuntu: install python3-venv"; exit 1; }

.venv/.run: requirements.lock | .venv/bin/python
	@echo "Installing the packages of requirements.lock (a minute or two, once)"
	@$(INSTALL) -r requirements.lock
	@touch $@

.venv/.dev: requirements-dev.lock .venv/.run
	@echo "Installing the packages of requirements-dev.lock"
	@$(INSTALL) -r requirements-dev.lock
	@touch $@

$(JS)/node_modules/.installed: $(JS)/package-lock.json
	@if command -v npm >/dev/null; then \
		echo "Installing the npm packages of $(JS)"; \
		npm ci --prefix $(JS) --no-audit --no-fund --loglevel=error && touch $@; \
	else \
		echo "No npm here: the tests with the foreign JavaScript clients are skipped"; \
	fi

# For the tests in a browser. Where it is missing they are skipped; in CI they fail.
chromium:
	@for name in chromium chromium-browser google-chrome google-chrome-stable; do \
		command -v $$name >/dev/null && exit 0; \
	done; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing Chromium for the tests in a browser"; \
		apt-get update -qq; \
		DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends chromium fonts-dejavu-core \
			>/dev/null || echo "Chromium could not be installed"; \
	else \
		echo "No Chromium here: the tests in a browser are skipped"; \
	fi

lock: | .venv/bin/python
	"$(PYTHON)" -m venv var/lock
	var/lock/bin/python -m pip install -qq --no-user --disable-pip-version-check uv
	for name in requirements requirements-dev; do \
		var/lock/bin/uv pip compile --upgrade --generate-hashes --no-header --no-emit-index-url \
			--python-version 3.11 --output-file $$name.lock $$name.in || exit 1; \
	done

clean:
	rm -rf .venv var $(JS)/node_modules .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
