# SPDX-License-Identifier: MIT-0
# `make run` and `make test` are all a machine with Python 3.11 or later needs.

PYTHON ?= python3
MINUTES ?= 20
VENV_PYTHON := .venv/bin/python
INSTALLED := .venv/installed

.PHONY: run test clean

run: $(INSTALLED)
	@$(VENV_PYTHON) -m local run --input '{"minutes_to_wait": $(MINUTES)}'

test: $(INSTALLED)
	$(VENV_PYTHON) -m pytest

clean:
	rm -rf .venv .local cdk.out

$(INSTALLED): requirements.txt requirements-dev.txt lambda/requirements.txt
	$(PYTHON) -m venv .venv
	$(VENV_PYTHON) -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@
