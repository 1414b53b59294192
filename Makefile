# What developers do with this collection. `make` alone lists it.

# The Python that the virtual environment is made from: 3.11 or newer.
PYTHON ?= python3
# Where the virtual environment is. Another one may stand beside it: make units VENV=.venv-3.13 PYTHON=python3.13
VENV ?= .venv
# For units, integration and sanity: more arguments for ansible-test, such as ARGS='-v --coverage'.
ARGS ?=
# For endpoint: the guide, or another page with examples. first_share by default.
GUIDE ?=
# For integration: the targets to run (folders of tests/integration/targets). All of them by default.
TARGETS ?=

BIN := $(abspath $(VENV))/bin
READY := $(VENV)/.ready
MAKE_VENV := $(PYTHON) tests/tools/virtual_environment.py
ANSIBLE_TEST := $(BIN)/python tests/tools/ansible_test.py
IN_VENV := PATH="$(BIN):$$PATH"
PYTEST := $(IN_VENV) PYTHONPATH=tests/tools python -m pytest -q -p no:cacheprovider -p no:hypothesispytest

.PHONY: help setup units integration sanity examples docs lint runner importer browser format test matrix mutate demo endpoint bench changelog build release clean aws aws-clean acceptance events moto-patch moto-patch-tests
.DEFAULT_GOAL := help

help: ## List what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-12s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

setup: $(READY) ## Make the virtual environment with everything the other targets need

$(READY): requirements.txt tests/requirements-dev.txt tests/requirements-test.txt tests/unit/requirements.txt tests/integration/requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: set PYTHON.")'
	@$(MAKE_VENV) $(VENV) tests/requirements-dev.txt
	@touch $@

units: $(READY) ## Run the unit tests. ARGS='tests/unit/…' picks some
	$(ANSIBLE_TEST) units $(ARGS)

integration: $(READY) ## Run the integration tests on the local endpoint. TARGETS='wa_shares …' picks some
	$(ANSIBLE_TEST) integration $(TARGETS) $(ARGS)

sanity: $(READY) ## Run ansible-test's sanity tests on what is published. ARGS='--test pep8' picks some
	$(ANSIBLE_TEST) sanity $(ARGS)

examples: $(READY) ## Run every example in the documentation on the local endpoint. ARGS='-k README' picks some
	$(PYTEST) -n 2 -p warm_ansible tests/examples $(ARGS)

docs: $(READY) ## Build the documentation into docs/_build, without a network
	@$(BIN)/python tests/tools/docs_site.py

lint: $(READY) ## Check style, types (mypy), floors (import-linter), ansible-lint (production profile), documentation, workflows
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	@cd "$$($(BIN)/python tests/tools/collection_tree.py lint)/../../.." && export MYPYPATH="$$PWD" PYTHONPATH="$$PWD" && \
		here=ansible_collections/wellarchitected/sharing && \
		$(BIN)/mypy --config-file $$here/mypy.ini -p ansible_collections.wellarchitected.sharing.plugins && \
		$(BIN)/lint-imports --no-logo --config $$here/.importlinter
	cd "$$($(BIN)/python tests/tools/collection_tree.py lint)" && \
		$(IN_VENV) ANSIBLE_COLLECTIONS_PATH="$$PWD/../../.." ansible-lint --offline --profile production --nocolor
	cd "$$($(BIN)/python tests/tools/collection_tree.py lint)" && GIT_CEILING_DIRECTORIES="$(CURDIR):$(abspath $(VENV)/..)" \
		$(IN_VENV) ANSIBLE_COLLECTIONS_PATH="$$PWD/../../.." antsibull-docs lint-collection-docs --plugin-docs .
	$(BIN)/python tests/tools/docs_tables.py
	$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.dependabot .github/dependabot.yml
	$(BIN)/zizmor --offline --persona pedantic --quiet .github
	$(BIN)/antsibull-changelog lint

runner: $(READY) ## Run the pattern's playbooks as AWX does, on the collection installed from its archive
	$(PYTEST) -n 2 -p warm_ansible tests/runner $(ARGS)

# In a virtual environment of its own: galaxy-importer pins old versions of what ansible-lint wants new.
IMPORTER := .venv-importer
$(IMPORTER)/.ready: tests/requirements-importer.txt
	@$(MAKE_VENV) $(IMPORTER) $<
	@touch $@

importer: $(READY) $(IMPORTER)/.ready ## Import the collection's archive as Ansible Galaxy does on upload
	$(BIN)/python tests/tools/importer.py $(IMPORTER)/bin/python

format: $(READY) ## Let ruff mend what it can, and lay out the Python code
	$(BIN)/ruff check --fix-only
	$(BIN)/ruff format

test: $(READY) ## Run all of the above but docs, two at a time
	@$(BIN)/python tests/tools/parts.py --note integration examples units runner sanity lint browser acceptance moto-patch-tests importer -- $(MAKE) --no-print-directory

browser: $(READY) ## Look at the report in a headless Chromium. Skipped where there is none
	$(PYTEST) -n 2 -p warm_ansible tests/browser $(ARGS)

# In a virtual environment of its own, with the amazon.aws that has event sources.
EVENTS := .venv-events
$(EVENTS)/.ready: tests/requirements-events.txt tests/tools/event_sources.py
	@$(MAKE_VENV) $(EVENTS) $<
	@$(EVENTS)/bin/python tests/tools/event_sources.py $(EVENTS)/collections
	@touch $@

events: $(READY) $(EVENTS)/.ready ## Run the rulebooks on a queue and the local endpoint. Skipped where there is no Java 17
	$(PYTEST) -n 2 --dist loadfile tests/events $(ARGS)

acceptance: $(READY) ## Prove `make aws` on the local endpoint. ARGS='-k clean' picks some
	$(PYTEST) -n 2 --dist worksteal tests/acceptance $(ARGS)

aws: $(READY) ## Run the collection on AWS itself, and find out what AWS does: see CONTRIBUTING.md
	@$(BIN)/python -m tests.aws run $(ARGS)

aws-clean: $(READY) ## Remove from AWS what a killed `make aws` left there
	@$(BIN)/python -m tests.aws clean $(ARGS)

moto-patch: $(READY) ## Write the change that brings the endpoint's service into moto into build/, and test it there
	@$(BIN)/python -m tests.moto_patch -n 2 $(ARGS)

moto-patch-tests: $(READY) ## Test how `make moto-patch` makes it, with a few of moto's tests
	$(PYTEST) tests/moto_patch $(ARGS)

matrix: $(READY) ## Run units and integration on every supported Ansible. ARGS='10 14' picks some
	$(BIN)/python tests/tools/matrix.py $(ARGS)

mutate: $(READY) ## Break plugins at random places, to see whether a unit test fails. ARGS='--seed 2 --count 40'
	@$(BIN)/python tests/tools/mutate.py $(ARGS)

demo: $(READY) ## Show the collection at work on the local endpoint
	@$(IN_VENV) PYTHONPATH="tests/tools:$(CURDIR)" python tests/demo/demo.py

endpoint: $(READY) ## Run the local endpoint with what a guide speaks of, to follow it by hand. GUIDE=central_reviews
	@$(BIN)/python -m tests.examples.stage $(GUIDE)

bench: $(READY) $(EVENTS)/.ready ## Measure speed against the goals, and write docs/benchmarks.md. ARGS='--quick --only places' to try a part
	@$(IN_VENV) PYTHONPATH="tests/tools:$(CURDIR)" python tests/bench/bench.py $(ARGS)

changelog: $(READY) ## Write CHANGELOG.rst: the fragments and new modules, for the version in galaxy.yml
	$(IN_VENV) antsibull-changelog release --update-existing --reload-plugins --refresh-plugins

build: $(READY) ## Build the collection's archive into build/
	$(BIN)/python tests/tools/archive.py build

release: $(READY) $(IMPORTER)/.ready ## Prepare a release: make release VERSION=1.2.0. Says what remains for you
	@$(BIN)/python tests/tools/release.py '$(VERSION)' --importer $(IMPORTER)/bin/python

clean: ## Delete the virtual environments and everything that was made
	rm -rf .venv* .cache build docs/_build .ansible .hypothesis .ruff_cache tests/output
