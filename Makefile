# Every command a person or CI needs; `make help` lists them.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help run mail drop replace accept deploy destroy rotate-media-keys check lint lint-infra \
	audit sbom format test deploy-test localstack-test players gallery bench cost lock image \
	image-test up down openapi clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-17s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(STAMP) ## Start everything on this machine: API, mails, emulated AWS
	@exec $(BIN)/python -m infra.local

mail: $(STAMP) ## Print the newest mail: make mail TO=ada@example.com
	@$(BIN)/python -m infra.local.mail $(if $(TO),"$(TO)")

# Unless it is set, AS is the assembler.
NAME = $(if $(filter command line environment,$(origin AS)),$(AS))

drop: $(STAMP) ## Encode a film of yours: make drop FILM=film.mp4 AS="Drama/My film.mp4"
	@$(BIN)/python -m infra.local.drop "$(FILM)" "$(NAME)"

replace: $(STAMP) ## Send another file for a video: make replace VIDEO=7 FILM=better.mp4
	@$(BIN)/python -m infra.local.replace "$(VIDEO)" "$(FILM)"

accept: $(STAMP) ## Publish a damaged film, or list them: make accept VIDEO=7 REVISION=1
	@$(BIN)/python -m infra.local.accept \
		$(if $(VIDEO)$(REVISION),"$(VIDEO)") $(if $(REVISION),"$(REVISION)")

deploy: $(STAMP) ## Create or update a stage on AWS: make deploy STAGE=dev
	@$(BIN)/python -m infra.deploy up "$(STAGE)"

destroy: $(STAMP) ## Delete a stage from AWS, but keep its data: make destroy STAGE=dev
	@$(BIN)/python -m infra.deploy down "$(STAGE)" $(if $(YES_DELETE_PROD),--yes-delete-prod)

rotate-media-keys: $(STAMP) ## Replace the media signing key: make rotate-media-keys STAGE=dev
	@$(BIN)/python -m infra.deploy rotate "$(STAGE)"

# A file of tests shares what it starts; tests/conftest.py begins with the longest.
IN_PARALLEL := -n auto --dist loadfile --no-loadscope-reorder

check: lint ## Run lint and the fast tests, some minutes
	$(BIN)/python -m pytest -q $(IN_PARALLEL) tests/unit tests/contracts tests/architecture

lint: $(STAMP) ## Check format, style, spelling, types, import contracts, templates
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/codespell
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/cfn-lint infra/templates/*.yaml

# Not among the packages of development: it weighs more than all of them. Downloaded once.
CHECKOV := $(BIN)/uv tool run --quiet --from checkov==3.3.30 checkov

lint-infra: $(STAMP) ## Audit the CloudFormation templates
	$(BIN)/cfn-lint infra/templates/*.yaml
	$(CHECKOV) --config-file .checkov.yaml

audit: $(STAMP) ## Look up advisories about pinned packages
	@$(BIN)/python -m infra.audit

sbom: $(STAMP) ## Write bills of materials (CycloneDX) to build/sbom
	@$(BIN)/python -m infra.sbom build/sbom

format: $(STAMP) ## Format the code, and fix what can be fixed
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

test: lint ## Run lint and all tests with coverage, twenty minutes
	$(BIN)/python -m pytest $(IN_PARALLEL) --cov --cov-fail-under=95 --durations=25

deploy-test: $(STAMP) ## Deploy to an emulated account, and upgrade from every version
	UPGRADE_EVERY_VERSION=1 $(BIN)/python -m pytest -q tests/deploy tests/upgrade \
		--durations=5

LOCALSTACK := .local/localstack
# Of the services of LocalStack 4.14, most do not even load on an older one.
LOCALSTACK_PYTHON ?= 3.13

localstack-test: $(STAMP) ## Test the services of LocalStack, without Docker
	@$(MAKE) -s $(LOCALSTACK)/.installed || echo "LocalStack cannot be installed, see above: it" \
		"needs Python 3.13, as in  make localstack-test LOCALSTACK_PYTHON=/path/to/python3.13"
	$(BIN)/python -m pytest -q tests/localstack

$(LOCALSTACK)/.installed: tests/localstack/requirements.txt
	$(BIN)/uv venv -q --clear --python "$(LOCALSTACK_PYTHON)" $(LOCALSTACK)
	$(BIN)/uv pip install -q --python $(LOCALSTACK) -r $<
	@touch $@

gallery: $(STAMP) ## Encode over 500 odd files, and compare each frame with another FFmpeg
	nice -n 5 $(BIN)/python -m tests.media.gallery $(FILES)

PLAYERS := .local/players

players: $(STAMP) ## Play videos of every kind in every installed browser and player
	@$(MAKE) -s $(PLAYERS)/.installed || echo "Shaka Player cannot be installed, see above:" \
		"it needs npm"
	PLAYERS=all $(BIN)/python -m pytest -q -p no:randomly tests/players

$(PLAYERS)/.installed: tests/players/package-lock.json
	@mkdir -p $(PLAYERS)
	@cp tests/players/package.json tests/players/package-lock.json $(PLAYERS)
	npm ci --prefix $(PLAYERS) --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

bench: $(STAMP) ## Compare speed with plain commands: make bench GROUP=media SECONDS=20
	$(BIN)/python -m tests.bench $(GROUP) $(if $(SECONDS),--seconds $(SECONDS))

cost: $(STAMP) ## Estimate a month's bill: make cost SIGN_INS=10000 HOURS_WATCHED=5000 TITLES=500
	@$(BIN)/python -m infra.cost --sign-ups $(or $(SIGN_UPS),0) --sign-ins $(or $(SIGN_INS),0) \
		--lists $(or $(LISTS),0) --hours-watched $(or $(HOURS_WATCHED),0) \
		--minutes-transcoded $(or $(MINUTES_TRANSCODED),0) \
		--titles $(or $(TITLES),0) --region $(or $(REGION),eu-central-1) $(COST_OPTIONS)

lock: $(STAMP) ## Pin the packages of pyproject.toml in the requirements files
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --no-emit-index-url \
		--custom-compile-command "make lock" pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --no-emit-index-url \
		--custom-compile-command "make lock" pyproject.toml --group dev -o requirements-dev.txt
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --no-emit-index-url \
		--custom-compile-command "make lock" --group transcoder -c requirements.txt \
		-o transcoder/requirements.txt
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --no-emit-index-url \
		--custom-compile-command "make lock" pyproject.toml --group local -c requirements-dev.txt \
		-o infra/compose/requirements.txt

image: ## Build the image of the transcoder
	docker build --file transcoder/Dockerfile --tag videoflix-transcoder .

image-test: $(STAMP) ## Build the images, and test all of compose with MiniStack
	@if ! docker info >/dev/null 2>&1; then \
		echo "make image-test: skipped, for no Docker engine answers here"; \
	else \
		$(PYTHON) infra/compose/engine.py \
		&& $(MAKE) --no-print-directory image \
		&& docker build --file infra/compose/Dockerfile --tag videoflix-local . \
		&& IMAGE_TEST=1 $(BIN)/python -m pytest -p no:randomly tests/container; \
	fi

up: ## Start the same as `make run` in containers (AWS_EMULATOR=ministack for MiniStack)
	@$(PYTHON) infra/compose/engine.py
	docker compose -f docker-compose.localstack.yml up --build

down: ## Stop what `make up` started; the data stays
	docker compose -f docker-compose.localstack.yml down

openapi: $(STAMP) ## Write docs/openapi.json
	@$(BIN)/python -m infra.openapi

clean: ## Delete the virtual environment and all local data
	rm -rf $(VENV) .local

$(STAMP): requirements-dev.txt
	@$(PYTHON) infra/install.py $(VENV)
	@touch $@
