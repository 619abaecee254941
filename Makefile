# SPDX-License-Identifier: MIT-0
# `make run` and `make test` are all a machine with Python 3.11 or later needs.

PYTHON ?= python3
VENV_PYTHON := .venv/bin/python
INSTALLED := .venv/installed

# What shares an endpoint stays together.
IN_PARALLEL := --numprocesses auto --dist loadfile

.PHONY: run serve redeploy test faults bench picture clean

run: $(INSTALLED)
	@$(VENV_PYTHON) -m local run $(if $(MINUTES),--input '{"minutes_to_wait": $(MINUTES)}') \
		$(if $(HTML),--html '$(HTML)')

# The deployed stack stays up at one address, by default on port 4566.
serve: $(INSTALLED)
	@$(VENV_PYTHON) -m local serve $(if $(PORT),--port $(PORT))

# Deploys to what `make serve` has up.
redeploy: $(INSTALLED)
	@$(VENV_PYTHON) -m local deploy $(if $(PORT),--endpoint-url http://127.0.0.1:$(PORT))

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
	$(VENV_PYTHON) -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@
