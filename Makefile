# What developers do with this collection. `make` alone lists it.

# The Python of the virtual environment: 3.11 or newer.
PYTHON ?= python3
# The virtual environment's folder. To have another one as well: make units VENV=.venv-3.13 PYTHON=python3.13
VENV ?= .venv
# More arguments for the program that runs the tests, such as ARGS='-k README' or ARGS='--test pep8'.
ARGS ?=
# For integration: the targets to run (folders of tests/integration/targets). The default is all.
TARGETS ?=
# For endpoint: the guide, or another page with examples. The default is first_share.
GUIDE ?=

# The parts of `make test`, and what `make test-all` runs in addition. The longest are first.
TEST := integration units examples sanity lint
TEST_ALL := $(TEST) runner scenarios acceptance events browser importer release-tests

BIN := $(abspath $(VENV))/bin
READY := $(VENV)/.ready
MAKE_VENV := $(PYTHON) tests/tools/virtual_environment.py
ANSIBLE_TEST := $(BIN)/python tests/tools/ansible_test.py
IN_VENV := PATH="$(BIN):$$PATH"
TREE = $$($(BIN)/python tests/tools/collection_tree.py $@)
PYTEST = $(IN_VENV) PYTHONPATH="$(CURDIR)/tests/tools" python -m pytest -q -n 2 -p no:cacheprovider
WITHOUT_HYPOTHESIS := -p no:hypothesispytest

.DEFAULT_GOAL := help
.PHONY: help setup test test-all $(TEST_ALL) docs format matrix mutate demo endpoint bench changelog build release clean aws aws-clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-14s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

setup: $(READY) ## Make the virtual environment with everything that the other targets need

$(READY): requirements.txt tests/requirements-dev.txt tests/requirements-test.txt tests/unit/requirements.txt tests/integration/requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: set PYTHON.")'
	@$(MAKE_VENV) $(VENV) tests/requirements-dev.txt
	@touch $@

# Tests

test: $(READY) ## Run units, integration, examples, lint and sanity: what a change needs
	@$(call run,$(TEST))

test-all: $(READY) ## Run `make test` and all other tests: what continuous integration runs
	@$(call run,$(TEST_ALL))

# Two parts at a time. The last line is "N passed, N failed".
define run
rm -rf .cache/parts && mkdir -p .cache/parts && \
{ $(MAKE) --no-print-directory -j2 -O -k $(addprefix part-,$(1)) || true; } && \
echo "==== summary" && cat .cache/parts/* && passed=$$(grep -l 'passed$$' .cache/parts/* | wc -l) && \
echo "$$passed passed, $$(($(words $(1)) - passed)) failed" && [ "$$passed" = "$(words $(1))" ]
endef

part-%: $(READY)
	@begin=$$(date +%s); if $(MAKE) --no-print-directory $*; then word=passed; else word=FAILED; fi; \
	printf '%-14s %5d s  %s\n' $* $$(($$(date +%s) - begin)) $$word > .cache/parts/$*; [ $$word = passed ]

units: $(READY) ## Run the unit tests. ARGS='tests/unit/…' selects some
	cd "$(TREE)" && $(PYTEST) $(if $(findstring tests/unit,$(ARGS)),,tests/unit) $(ARGS)

integration: $(READY) ## Run the integration tests on the local endpoint. TARGETS='wa_shares …' selects some
	$(ANSIBLE_TEST) integration $(TARGETS) $(ARGS)

examples: $(READY) ## Run every example of the documentation on the local endpoint. ARGS='-k README' selects some
	$(PYTEST) $(WITHOUT_HYPOTHESIS) tests/examples/test_examples.py $(ARGS)

sanity: $(READY) ## Run ansible-test's sanity tests on what is published. ARGS='--test pep8' selects some
	$(ANSIBLE_TEST) sanity $(ARGS)

lint: $(READY) ## Check style, types (mypy), imports (import-linter), ansible-lint (production profile), documentation, workflows
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/python tests/tools/private_names.py
	@cd "$(TREE)/../../.." && export MYPYPATH="$$PWD" PYTHONPATH="$$PWD" && \
		here=ansible_collections/wellarchitected/sharing && \
		$(BIN)/mypy --config-file $$here/mypy.ini -p ansible_collections.wellarchitected.sharing.plugins && \
		$(BIN)/lint-imports --no-logo --config $$here/.importlinter
	cd "$(TREE)" && $(IN_VENV) ANSIBLE_COLLECTIONS_PATH="$$PWD/../../.." ansible-lint --offline --profile production --nocolor
	cd "$(TREE)" && GIT_CEILING_DIRECTORIES="$(CURDIR):$(abspath $(VENV)/..)" \
		$(IN_VENV) ANSIBLE_COLLECTIONS_PATH="$$PWD/../../.." antsibull-docs lint-collection-docs --plugin-docs .
	$(BIN)/python tests/tools/docs_tables.py
	$(BIN)/python tests/tools/words.py
	$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.dependabot .github/dependabot.yml
	$(BIN)/zizmor --offline --persona pedantic --quiet .github
	$(BIN)/antsibull-changelog lint

scenarios: $(READY) ## Run IAM policies, StackSet, rulebooks, demo and customers' files on the local endpoint. ARGS='-k iam' selects some
	$(PYTEST) $(WITHOUT_HYPOTHESIS) tests/examples --ignore tests/examples/test_examples.py $(ARGS)

runner: $(READY) ## Run playbooks, roles and the pattern as automation controller does, on the installed archive
	$(PYTEST) $(WITHOUT_HYPOTHESIS) --dist loadfile tests/runner $(ARGS)

browser: $(READY) ## Open the report in a headless Chromium. Skipped where there is none
	$(PYTEST) $(WITHOUT_HYPOTHESIS) tests/browser $(ARGS)

acceptance: $(READY) ## Prove `make aws` on the local endpoint. ARGS='-k clean' selects some
	$(PYTEST) $(WITHOUT_HYPOTHESIS) --dist worksteal tests/acceptance $(ARGS)

# In a virtual environment of its own, with the amazon.aws that has event sources.
EVENTS := .venv-events
$(EVENTS)/.ready: tests/requirements-events.txt tests/tools/event_sources.py
	@$(MAKE_VENV) $(EVENTS) $<
	@$(EVENTS)/bin/python tests/tools/event_sources.py $(EVENTS)/collections
	@touch $@

events: $(READY) $(EVENTS)/.ready ## Run the rulebooks on a queue and the local endpoint. Skipped where there is no Java 17
	$(PYTEST) $(WITHOUT_HYPOTHESIS) --dist loadfile tests/events $(ARGS)

# In a virtual environment of its own: galaxy-importer pins old versions of packages that ansible-lint needs newer.
IMPORTER := .venv-importer
$(IMPORTER)/.ready: tests/requirements-importer.txt
	@$(MAKE_VENV) $(IMPORTER) $<
	@touch $@

importer: $(READY) $(IMPORTER)/.ready ## Import the collection's archive as Ansible Galaxy does on upload
	$(BIN)/python tests/tools/importer.py $(IMPORTER)/bin/python

release-tests: $(READY) ## Test how a release is prepared
	$(PYTEST) $(WITHOUT_HYPOTHESIS) tests/release $(ARGS)

matrix: $(READY) ## Run the tests on every supported Ansible. ARGS='11 floors' selects some
	$(BIN)/python tests/tools/matrix.py $(ARGS)

mutate: $(READY) ## Break plugins at random places, to see whether a unit test fails. ARGS='--seed 2 --count 40'
	@$(BIN)/python tests/tools/mutate.py $(ARGS)

aws: $(READY) ## Run the collection on AWS, and find out what AWS does: see CONTRIBUTING.md
	@$(BIN)/python -m tests.aws run $(ARGS)

aws-clean: $(READY) ## Remove from AWS what a killed `make aws` left there
	@$(BIN)/python -m tests.aws clean $(ARGS)

bench: $(READY) $(EVENTS)/.ready ## Measure speed against the goals, and write the table of benchmarks. ARGS='--quick' for a part
	@$(IN_VENV) PYTHONPATH="$(CURDIR)/tests/tools:$(CURDIR)" python tests/bench/bench.py $(ARGS)

# Documentation, and what is published

demo: $(READY) ## Show the collection at work on the local endpoint
	@$(IN_VENV) PYTHONPATH="$(CURDIR)/tests/tools" python -m tests.demo.demo

endpoint: $(READY) ## Run the local endpoint with the resources of a guide, to follow it by hand. GUIDE=collect
	@$(BIN)/python -m tests.examples.stage $(GUIDE)

docs: $(READY) ## Build the documentation into docs/_build, without a network
	@$(BIN)/python tests/tools/docs_site.py

format: $(READY) ## Fix and format the Python code with ruff
	$(BIN)/ruff check --fix-only
	$(BIN)/ruff format

changelog: $(READY) ## Write CHANGELOG.rst: the fragments and new modules, for the version in galaxy.yml
	$(IN_VENV) antsibull-changelog release --update-existing --reload-plugins --refresh-plugins

build: $(READY) ## Build the collection's archive into build/
	$(BIN)/python tests/tools/archive.py build

release: $(READY) $(IMPORTER)/.ready ## Prepare a release: make release VERSION=1.2.0
	@$(BIN)/python tests/tools/release.py '$(VERSION)' --importer $(IMPORTER)/bin/python

clean: ## Delete the virtual environments and everything that was made
	rm -rf .venv* .cache build docs/_build .ansible .hypothesis .ruff_cache tests/output
