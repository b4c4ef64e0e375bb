.DEFAULT_GOAL := help
PY := .venv/bin/python
# Modules are compiled once, and not by every process anew, whatever the machine's settings say.
export PYTHONDONTWRITEBYTECODE :=

help: ## This list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-13s %s\n", $$1, $$2}'

.venv/ready: requirements.txt requirements-dev.txt
	@echo "Installing the project's environment. This happens once and takes a minute or two."
	python3 -m venv .venv
	@.venv/bin/pip install --quiet --no-compile --no-deps --require-hashes -r requirements-dev.txt
	-@$(PY) -m compileall -q -j 0 .venv/lib >/dev/null  # as pip would, on all processors
	touch $@

run: .venv/ready ## Start the whole system on this machine
	@$(PY) -m local run

test: .venv/ready ## Checks, and with them unit, contract and end-to-end tests
	@$(MAKE) --no-print-directory -j2 check unit || { echo "Something above is wrong; make check and make unit say it apart."; exit 1; }

unit: .venv/ready ## Unit, contract and end-to-end tests alone
	$(PY) -m pytest -n 3 --dist worksteal --ignore tests/deployed --ignore tests/browser

test-live: .venv/ready ## Threads, tokens and conflicts on the second engine, and the API's tests again on it
	ENGINE=live $(PY) -m pytest tests/live
	ENGINE=live $(PY) -m pytest -n 2 --dist worksteal --ignore tests/simulation --ignore tests/live --ignore tests/console --ignore tests/deployed --ignore tests/browser

test-browser: .venv/ready ## The console in Chromium: the one on the PATH, or one that this installs
	@for name in chromium-headless-shell chromium chromium-browser google-chrome; do command -v $$name >/dev/null && exit; done; \
	  $(PY) -m playwright install --with-deps --only-shell chromium
	$(PY) -m pytest -n 2 --dist worksteal tests/browser

e2e: .venv/ready ## Deploy the package to a local engine and use it there; FIGURES=docs/deployment.md keeps the figures
	FIGURES='$(FIGURES)' $(PY) -m pytest tests/deployed

environments: ## Install what other commands would install when they are first run
	python3 -m deploy.environment engine lint

lighthouse: .venv/ready ## Lighthouse's marks of three screens of the console; needs Node 20 and Chromium
	mkdir -p .local/lighthouse && cp tests/browser/lighthouse/*.json .local/lighthouse/
	npm ci --prefix .local/lighthouse --ignore-scripts --no-audit --no-fund
	$(PY) -m pytest -s tests/browser/soak_lighthouse.py

soak: .venv/ready ## Simulations for some hours: all pairs, long histories, every sabotage; and Lighthouse
	$(PY) -m pytest -n 2 --dist worksteal tests/simulation/soak_*.py
	$(MAKE) --no-print-directory lighthouse

bench: .venv/ready ## Measure what everything costs, into docs/performance.md; takes some minutes
	$(PY) -m benchmarks

cost: .venv/ready ## Dollars a month by traffic, into docs/performance.md
	$(PY) -m benchmarks cost

check: .venv/ready ## Format, lint and types
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy

package: .venv/ready ## Write build/sam.json and build/deployment.zip
	$(PY) -m deploy package

deploy: .venv/ready ## Deploy to AWS: make deploy STAGE=dev PARAMETERS='Name=value ...'; YES=1 asks nothing
	@$(PY) -m deploy deploy --stage '$(STAGE)' $(if $(YES),--yes) $(PARAMETERS)

rollback: .venv/ready ## Back to the release before: make rollback STAGE=dev
	@$(PY) -m deploy rollback --stage '$(STAGE)' $(if $(YES),--yes)

destroy: .venv/ready ## Delete a stage, but for what holds data: make destroy STAGE=dev
	@$(PY) -m deploy destroy --stage '$(STAGE)' $(if $(YES),--yes)

deploy-local: .venv/ready ## Deploy the same package to a local engine that enforces IAM
	@$(PY) -m local deploy

lint-template: package ## Check the packaged template with checkov and cfn-lint; no AWS, no account
	$(PY) -m deploy lint
	$(PY) -m pytest -n 2 tests/contract/lint_template.py

generate: .venv/ready ## Write the files that are made from the code: openapi.json, .chalice/
	$(PY) -m deploy generate

lock: .venv/ready ## Pin and hash the requirements anew
	for name in requirements requirements-dev local/engine-requirements benchmarks/requirements deploy/lint-requirements; do \
	  .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	    --no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock' $$name.in -o $$name.txt; \
	done

.PHONY: $(shell sed -n 's/^\([a-z-]*\):.*\#\# .*/\1/p' Makefile)
