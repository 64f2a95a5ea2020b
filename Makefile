# Every command a person or CI needs; `make help` lists them.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help run mail drop check lint format test bench lock openapi clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(STAMP) ## Start everything on this machine: API, mails, emulated AWS
	@exec $(BIN)/python -m infra.local

mail: $(STAMP) ## Print the newest mail: make mail TO=ada@example.com
	@$(BIN)/python -m infra.local.mail $(TO)

drop: $(STAMP) ## Have a film made: make drop FILM=film.mp4 AS="Drama/My film.mp4"
	@$(BIN)/python -m infra.local.drop "$(FILM)" "$(AS)"

check: lint ## Lint, and the tests that need no emulator
	$(BIN)/python -m pytest -q -n auto --dist loadfile --ignore=tests/integration

lint: $(STAMP) ## Format, style, spelling, types, import contracts, CloudFormation
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/codespell
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/cfn-lint infra/*.yaml

format: $(STAMP) ## Format and fix what can be fixed
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

test: lint ## Everything: lint, and all tests with coverage
	$(BIN)/python -m pytest -n auto --dist loadfile --cov --cov-fail-under=95

bench: $(STAMP) ## Measure speed beside a floor: make bench GROUP=api (edge, media)
	$(BIN)/python -m tests.bench $(GROUP)

lock: $(STAMP) ## Resolve pyproject.toml into the pinned requirements files
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --no-emit-index-url \
		--custom-compile-command "make lock" pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --no-emit-index-url \
		--custom-compile-command "make lock" pyproject.toml --group dev -o requirements-dev.txt
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --no-emit-index-url \
		--custom-compile-command "make lock" pyproject.toml --group transcoder \
		-o transcoder/requirements.txt

openapi: $(STAMP) ## Write docs/openapi.json from the routes
	@$(BIN)/python -m infra.openapi

clean: ## Remove the virtual environment and all local data (accounts too)
	rm -rf $(VENV) .local

$(STAMP): requirements-dev.txt
	@$(PYTHON) infra/install.py $(VENV)
	@touch $@
