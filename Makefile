# SPDX-License-Identifier: MIT-0
# `make run` and `make check` are all a machine with Python 3.11 or later needs.

VENV_BIN := .venv/bin
VENV_PYTHON := $(VENV_BIN)/python
INSTALLED := .venv/installed
# The Python that made .venv makes it again, unless PYTHON= names another one.
PYTHON ?= $(or $(wildcard $(VENV_PYTHON)),python3)

VERSION := import sys; print("%d.%d.%d" % sys.version_info[:3])
IS_NEW := import sys; print("new" if sys.version_info >= (3, 11) else "")
IDENTITY := import sys; print(sys.version, sys.base_prefix)
ifneq ($(origin PYTHON),file)
REPLACED := $(shell [ ! -e $(VENV_PYTHON) ] || \
	[ "$$($(VENV_PYTHON) -c '$(IDENTITY)')" = "$$($(PYTHON) -c '$(IDENTITY)')" ] || echo replaced)
endif

# `yes` for a number as JSON writes it.
NUMBER := -?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?
is_number = $(shell printf '%s\n' '$(subst ','\'',$1)' | grep -Eqx -e '$(NUMBER)' && echo yes)
# Before anything is installed.
$(if $(MINUTES),$(if $(call is_number,$(MINUTES)),,$(error \
	MINUTES must be a number, as in `make run MINUTES=5`, got $(MINUTES))))

# What shares an endpoint stays together, and the long ones, which stand first, begin first.
IN_PARALLEL := --numprocesses auto --dist loadfile --no-loadscope-reorder

# What is installed is compiled when it is first imported: compiling all of it takes longer than
# fetching it.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run serve redeploy check lint code types findings template test collected test-quick faults \
	bench histories picture clean

run: $(INSTALLED)
	@$(VENV_PYTHON) -m local run $(if $(MINUTES),--input '{"minutes_to_wait": $(MINUTES)}') \
		$(if $(HTML),--html '$(HTML)')

# The deployed stack stays up at one address, by default on port 4566.
serve: $(INSTALLED)
	@$(VENV_PYTHON) -m local serve $(if $(PORT),--port $(PORT)) $(if $(WATCH),--watch)

# Deploys to the running endpoint of `make serve`.
redeploy: $(INSTALLED)
	@$(VENV_PYTHON) -m local deploy $(if $(PORT),--endpoint-url http://127.0.0.1:$(PORT))

# All that a change must pass, in as many processes as keep two cores busy.
check: $(INSTALLED)
	@$(MAKE) --no-print-directory --jobs=3 code test ASSEMBLY=cdk.out

# The same without the tests.
lint: code

code: types findings

types: $(INSTALLED)
	$(VENV_PYTHON) -m ruff check .
	$(VENV_PYTHON) -m ruff format --check .
	$(VENV_PYTHON) -m mypy .

findings: template
	$(VENV_BIN)/cfn-lint

# What cfn-lint and the tests read.
template: $(INSTALLED)
	PATH="$(abspath $(VENV_BIN)):$$PATH" CDK_OUTDIR=cdk.out $(VENV_PYTHON) app.py

# The tests synthesize the app, unless there is an ASSEMBLY of it.
test: $(INSTALLED) $(if $(ASSEMBLY),template collected)
	$(if $(ASSEMBLY),ASSEMBLY='$(ASSEMBLY)') $(VENV_PYTHON) -m pytest $(IN_PARALLEL)

# In a fresh clone, each process of the tests would compile all that it imports: here one does it.
# An error in a test is told by the tests themselves.
collected: $(INSTALLED)
	@$(VENV_PYTHON) -m pytest --collect-only --quiet >/dev/null 2>&1 || true

# What a changed handler needs: the unit tests but those of how an execution is shown and of the
# figures, and the pattern on this machine.
test-quick: $(INSTALLED)
	$(VENV_PYTHON) -m pytest $(IN_PARALLEL) tests/local/test_pattern.py tests/unit \
		--ignore tests/unit/inspect_execution --ignore tests/unit/benchmarks

# The faults alone, and how many were injected.
faults: $(INSTALLED)
	$(VENV_PYTHON) -m pytest $(IN_PARALLEL) tests/local/faults

# The figures of docs/performance.md, as the Markdown that it quotes: about twelve minutes.
bench: $(INSTALLED)
	@$(VENV_PYTHON) -m benchmarks

# Records tests/histories anew: CONTRIBUTING.md says when.
histories: $(INSTALLED)
	$(VENV_PYTHON) -m tests.local.record_histories

# Takes the pictures of README.md and docs/local.md anew.
picture: $(INSTALLED)
	$(VENV_PYTHON) -m tests.browser.picture

# All that git ignores, but what a user has asked for: recordings, pages and answers.
clean:
	rm -rf .venv .local cdk.out .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(INSTALLED): requirements.txt requirements-dev.txt lambda/requirements.txt $(REPLACED)
	$(if $(shell $(PYTHON) -c '$(IS_NEW)'),,$(error Python 3.11 or later is needed, and $(PYTHON) is \
		$(or $(shell $(PYTHON) -c '$(VERSION)'),not found): name one, as in `make run PYTHON=python3.14`))
	@echo "Installing the development requirements into .venv (1.1 GB, about two minutes) …"
	$(PYTHON) -m venv$(if $(REPLACED), --clear) .venv
	$(VENV_PYTHON) -m pip install --quiet --disable-pip-version-check --no-compile \
		-r requirements-dev.txt
	@touch $@

.PHONY: replaced
replaced:
