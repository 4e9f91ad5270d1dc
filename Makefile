# make run, make test: everything from a fresh checkout. No step is done twice.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

# The system's own first: it is built for speed (a tenth less CPU for an act than a plain build), and the image runs on it.
# Asked for after apt has brought its venv.
PYTHON = $(shell for p in /usr/bin/python3 python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
SUDO := $(if $(filter 0,$(shell id -u)),,sudo)
ASSETS := webapp/assets
BIN := .venv/bin
# node and npm come with the virtual environment, before any of the system's.
export PATH := $(CURDIR)/$(BIN):$(PATH)
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# What apt brings: for WeasyPrint (text and fonts), for looking into uploads, for reading scans, and for the browser of
# the tests.
RUN_PACKAGES := python3-venv libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 libmagic1 fonts-liberation2 fonts-noto-core \
	tesseract-ocr tesseract-ocr-vie tesseract-ocr-osd
TEST_PACKAGES := chromium

.PHONY: help
help:  ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /make \1\t/' | expand -t 14

.PHONY: run
run: product  ## set everything up and run the product; Ctrl-C stops it
	@motcua up

.PHONY: test
test: lint  ## lint, types, the import contract and every test, a real browser included
	@pytest -n 2 --dist worksteal

.PHONY: lint
lint: tests  ## ruff, mypy, import-linter
	@ruff check
	@mypy
	@lint-imports --no-cache --no-logo

.PHONY: bench
bench: product  ## measure; a table on the screen, figures in var/bench.json
	@python -m benchmarks

.PHONY: year
year: product  ## measure the pages on a province's year of 2,000,000 dossiers: some 30 GB, most of an hour
	@python -m benchmarks year

.PHONY: month
month: product  ## replay a month of a province, 160,766 dossiers, through the commands of the pages: make month SHARE=0.1
	@python -m benchmarks month --share "$(or $(SHARE),1)"

.PHONY: tck
tck: tests  ## run DMN test cases: make tck TCK=<folder in the format of the public DMN TCK>
	@python -m tests.tck "$(TCK)"

.PHONY: races
races: tests  ## let two hands meet a thousand times at each thing
	@MOTCUA_RACES=1000 pytest tests/engine/dossiers/test_races.py tests/webapp/test_races.py

.PHONY: fuzz
fuzz: tests  ## walk random diagrams beside plain SpiffWorkflow, and live a tenth as many random lives: make fuzz N=5000 FROM=300
	@MOTCUA_FUZZ=$(or $(N),5000) MOTCUA_FUZZ_FROM=$(or $(FROM),300) python -m pytest -q \
		tests/engine/runtime/test_against_spiff.py tests/engine/dossiers/test_random_lives.py

.PHONY: pictures
pictures: tests  ## take the README's pictures from the demo that runs in another window
	@python docs/pictures/take.py

.PHONY: setup
setup: tests  ## only the set-up that run and test share
	@true

.PHONY: lock
lock: tests  ## write the locked requirements anew, with hashes, from the *.in files
	@for name in requirements-build requirements requirements-dev; do \
		pip-compile --quiet --generate-hashes --strip-extras --allow-unsafe --no-header --no-emit-index-url \
			--no-emit-trusted-host --no-emit-find-links --no-emit-options --output-file $$name.txt $$name.in; done

.PHONY: words
words: setup  ## gather new sentences of pages and code for translation
	@pybabel --quiet extract --mapping-file webapp/translations/babel.cfg --no-location --no-wrap --sort-output \
		--output-file var/words.pot webapp
	@pybabel --quiet update --input-file var/words.pot --output-dir webapp/translations --no-fuzzy-matching --no-wrap \
		--ignore-obsolete --ignore-pot-creation-date
	@echo "Now give each empty msgstr in webapp/translations/en its English."

.PHONY: clean
clean:  ## remove what was built; the database in var/ stays
	@rm -rf .venv var/made webapp/static feel/feel.bundle.js $(ASSETS)/node_modules *.egg-info \
		.mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage

# ---- set-up ------------------------------------------------------------------------------------------
# What a step makes is its stamp where that is one file; else a file in var/made, or in .venv for what lies there.

MADE := .venv/made

.PHONY: product tests
product: var/made/apt-run $(MADE)-project feel/feel.bundle.js $(MADE)-words
tests: product var/made/apt-test $(MADE)-tests

# One package after the other when all at once fails: a name that this release does not know must not stop the others.
var/made/apt-run var/made/apt-test: var/made/apt-%: Makefile
	@mkdir -p var/made; \
	missing=(); \
	for name in $(if $(filter run,$*),$(RUN_PACKAGES),$(TEST_PACKAGES)); do \
		dpkg-query -W -f '$${db:Status-Status}\n' "$$name" 2>/dev/null | grep -qx installed || missing+=("$$name"); \
	done; \
	if (( $${#missing[@]} )); then \
		echo "Installing system packages: $${missing[*]}"; \
		install=($(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get -qq install --no-install-recommends); \
		$(SUDO) apt-get -qq update; \
		"$${install[@]}" "$${missing[@]}" >/dev/null || for name in "$${missing[@]}"; do \
			"$${install[@]}" "$$name" >/dev/null || echo "This system has no package $$name; going on without it."; \
		done; \
	fi
	@touch $@

.venv/bin/python: | var/made/apt-run
	@test -n "$(PYTHON)" || { echo "Python 3.11 or later is needed"; exit 1; }
	@$(PYTHON) -m venv .venv

# What comes as source is built with the locked setuptools, not with whatever an isolated build would fetch. As a constraint
# the lock also binds what another package wants with extras: pip would take the newest of that, which has no hash here.
$(MADE)-requirements: requirements-build.txt requirements.txt | .venv/bin/python
	@echo "Installing Python packages"
	@pip install --quiet --require-hashes -r requirements-build.txt
	@pip install --quiet --require-hashes --use-pep517 --no-build-isolation -r requirements.txt -c requirements.txt
	@touch $@

$(MADE)-project: setup.cfg pyproject.toml $(MADE)-requirements
	@pip install --quiet --quiet --no-deps --no-build-isolation -e .
	@touch $@

$(MADE)-tests: requirements-dev.txt $(MADE)-requirements
	@echo "Installing the tools of the tests"
	@pip install --quiet --require-hashes -r requirements-dev.txt -c requirements-dev.txt
	@touch $@

$(ASSETS)/node_modules/.package-lock.json: $(ASSETS)/package-lock.json | $(MADE)-requirements
	@echo "Installing npm packages"
	@cd $(ASSETS) && npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error >/dev/null
	@touch $@

# One build makes this file and all of webapp/static; templates and views say which rules of the stylesheet are used.
feel/feel.bundle.js: $(wildcard $(ASSETS)/*.js $(ASSETS)/*.css $(ASSETS)/*.mjs) feel/feel.js $(wildcard feel/language/*.js) \
		$(shell find webapp -name '*.html' -o -name '*.py') \
		$(ASSETS)/node_modules/.package-lock.json
	@cd $(ASSETS) && npm run --silent build

$(MADE)-words: $(wildcard webapp/translations/*/LC_MESSAGES/*.po) | $(MADE)-requirements
	@if [ -d webapp/translations ]; then pybabel --quiet compile --directory webapp/translations; fi
	@touch $@
