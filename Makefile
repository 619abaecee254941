# SPDX-License-Identifier: MIT-0
# `make run` and `make check` are all a machine with Python 3.11 or later needs.

PYTHON ?= python3
VENV_BIN := .venv/bin
VENV_PYTHON := $(VENV_BIN)/python
INSTALLED := .venv/installed

# What shares an endpoint stays together, and the long ones, which stand first, begin first.
IN_PARALLEL := --numprocesses auto --dist loadfile --no-loadscope-reorder

# What is installed is compiled when it is first imported: compiling all of it takes longer than
# fetching it.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run serve redeploy check lint test faults bench picture clean

run: $(INSTALLED)
	@$(VENV_PYTHON) -m local run $(if $(MINUTES),--input '{"minutes_to_wait": $(MINUTES)}') \
		$(if $(HTML),--html '$(HTML)')

# The deployed stack stays up at one address, by default on port 4566.
serve: $(INSTALLED)
	@$(VENV_PYTHON) -m local serve $(if $(PORT),--port $(PORT))

# Deploys to what `make serve` has up.
redeploy: $(INSTALLED)
	@$(VENV_PYTHON) -m local deploy $(if $(PORT),--endpoint-url http://127.0.0.1:$(PORT))

# All that a change must pass.
check: lint test

lint: $(INSTALLED)
	$(VENV_PYTHON) -m ruff check .
	$(VENV_PYTHON) -m ruff format --check .
	$(VENV_PYTHON) -m mypy .
	PATH="$(abspath $(VENV_BIN)):$$PATH" CDK_OUTDIR=cdk.out $(VENV_PYTHON) app.py
	$(VENV_BIN)/cfn-lint

test: $(INSTALLED)
	$(VENV_PYTHON) -m pytest $(IN_PARALLEL)

# The faults alone, and how many were injected.
faults: $(INSTALLED)
	$(VENV_PYTHON) -m pytest $(IN_PARALLEL) tests/local/faults

# The README's figures, as the Markdown that it quotes: about five minutes.
bench: $(INSTALLED)
	@$(VENV_PYTHON) -m benchmarks

# Takes the README's picture anew.
picture: $(INSTALLED)
	$(VENV_PYTHON) -m tests.browser.picture

clean:
	rm -rf .venv .local cdk.out

$(INSTALLED): requirements.txt requirements-dev.txt lambda/requirements.txt
	$(PYTHON) -m venv .venv
	$(VENV_PYTHON) -m pip install --quiet --disable-pip-version-check --no-compile \
		-r requirements-dev.txt
	@touch $@
