# Hourkeep. `make help` lists what there is.

SHELL = /bin/sh
.DEFAULT_GOAL = help
.PHONY: help run demo operator test check soak bench client setup tools template node fmt lint unit web pages browser built server trees \
  build prove-aws prove-expansion deploy local-sam builders machine sam-dry

# Where the local server listens, and the folder its data lives in ("memory" keeps nothing).
PORT ?= 3000
HOURKEEP_DATA ?= data
export PORT HOURKEEP_DATA

CARGO ?= cargo

# Tells the typed client's scripts which server was just built.
SERVER = HOURKEEP_BIN="$$(cd "$(CURDIR)" && cd "$${CARGO_TARGET_DIR:-target}" && pwd)/debug/hourkeep"

# The web app as it is served, and what it is built from.
APP = web/app/dist/index.html
APP_SOURCES = $(shell find web/app/src web/app/public web/client/src -type f 2>/dev/null) \
  $(wildcard web/app/*.html web/app/*.json web/app/*.ts web/app/*.js web/client/*.json)

# The Python tools' own environment.
TOOLS = "$${CARGO_TARGET_DIR:-target}/tools"

help: ## This list
	@grep -E '^[a-z-]+:.*## ' Makefile | sed 's/:.*## /|/' | awk -F'|' '{ printf "  make %-10s %s\n", $$1, $$2 }'

run: $(APP) ## Everything on this machine: web app, API, mailbox, reference, clock (PORT, HOURKEEP_DATA)
	@HOURKEEP_APP=web/app/dist $(CARGO) run --locked -p hourkeep-local --bin hourkeep

demo: ## The whole story against the running server, step by step
	@$(CARGO) run --locked -p hourkeep-local --bin demo

# Against AWS by the profile's credentials; against a laptop by the database's address, which `make run` prints.
operator: ## What the platform's operator does: make operator ARGS="list" (ENDPOINT=http://127.0.0.1:… for a laptop)
ifdef ENDPOINT
	@env -u AWS_ENDPOINT_URL -u AWS_SESSION_TOKEN AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local \
	  $(CARGO) run --locked --quiet -p hourkeep-operator -- --endpoint "$(ENDPOINT)" --region us-east-1 --table hourkeep $(ARGS)
else
	@$(CARGO) run --locked --quiet -p hourkeep-operator -- $(ARGS)
endif

test: setup tools node fmt lint template trees unit sam-dry web pages ## Everything that must hold; installs what is missing
	@echo "All of it holds."

check: fmt lint ## Quick: formatting and lints

soak: setup ## The long runs: more rounds, more sequences (tests marked ignored)
	$(CARGO) test --locked -p hourkeep-tests -p hourkeep-operator -- --ignored --nocapture

# The same 5,000 again with SEED, which the result names.
prove-expansion: setup tools ## 5,000 new recurrence rules expanded here and by python-dateutil
	@$(TOOLS)/bin/python -B shared/domain/tests/expansion/generate.py 5000 $(SEED) >$(TOOLS)/expansion.json
	@$(CARGO) test --locked --quiet -p hourkeep-domain --test expansion -- --ignored --nocapture <$(TOOLS)/expansion.json

bench: $(APP) browser ## Benchmarks in a release build (ARGS=--write puts them into docs/performance.md)
	@$(CARGO) run --locked --release -p hourkeep-local --bin bench -- $(ARGS)
	@$(CARGO) build --locked --release -p hourkeep-local --bin hourkeep
	@cd web/app && HOURKEEP_BIN="$$(cd "$(CURDIR)" && cd "$${CARGO_TARGET_DIR:-target}" && pwd)/release/hourkeep" node scripts/measure.mjs $(ARGS)

client: node server ## Regenerate the typed client from the API's description
	@cd web/client && npm ci --no-audit --no-fund && $(SERVER) npm run describe && npm run schema

# ── on AWS (infra/README.md) ──

# What functions are built for: arm64 or x86_64.
ARCH ?= arm64

# The Python tools first: cargo-lambda is found by cargo and by SAM on the path alone.
WITH_TOOLS = SAM_CLI_TELEMETRY=0 PATH="$$(cd $(TOOLS)/bin && pwd):$$PATH"

build: setup builders ## The functions as they are deployed, into target/lambda (ARCH=arm64 or x86_64)
	@$(WITH_TOOLS) sh infra/tools/build.sh $(ARCH)

deploy: setup builders $(if $(WEB),,$(APP)) ## Build and deploy a stage: make deploy STAGE=dev (WEB=folder, REPLIES=activate)
	@STAGE="$(STAGE)" WEB="$(WEB)" REPLIES="$(REPLIES)" $(WITH_TOOLS) python -B infra/tools/deploy.py

local-sam: setup builders ## The functions in SAM's containers on this machine (needs Docker; make run does not)
	@$(CARGO) build --locked --quiet -p hourkeep-local --bin hourkeep
	@$(WITH_TOOLS) python -B infra/tools/local_sam.py

# What is deployed, measured next to a function that does nothing, on this machine: so it is built for this machine.
prove-aws: setup builders machine ## Build as for AWS, try and measure every function (ARGS=--write keeps the figures)
	@echo "── release build"
	@$(WITH_TOOLS) sh infra/tools/build.sh $(MACHINE)
	@$(WITH_TOOLS) sh infra/tools/build.sh $(MACHINE) infra/hello
	@echo "── sam build"
	@$(WITH_TOOLS) python -B infra/tools/sam_build.py $(MACHINE)
	@echo "── samples"
	@HOURKEEP_FUNCTIONS=$${CARGO_TARGET_DIR:-target}/lambda $(CARGO) test --locked --quiet -p hourkeep-tests --test emulator
	@echo "── measuring"
	@$(CARGO) run --locked --quiet -p hourkeep-tests --bin prove -- $${CARGO_TARGET_DIR:-target}/lambda $(ARGS)

MACHINE = $$(uname -m | sed 's/aarch64/arm64/')

machine:
	@[ "$$(uname -s)" = Linux ] || { echo "Functions run on Linux alone: make prove-aws does too."; exit 1; }

# cargo-lambda and what it links with, besides the other tools.
builders: tools
	@cmp -s infra/tools/prove.txt $(TOOLS)/prove.txt || { \
	  echo "Installing cargo-lambda" \
	    && $(TOOLS)/bin/python -m pip install --quiet --disable-pip-version-check -r infra/tools/prove.txt \
	    && cp infra/tools/prove.txt $(TOOLS)/prove.txt; }

# ── the parts of `test` ──

# The toolchain that rust-toolchain.toml names, and the crates.
setup:
	@command -v $(CARGO) >/dev/null || { echo "Rust is missing: install rustup first, then run this again."; exit 1; }
	@$(CARGO) clippy --version >/dev/null 2>&1 && $(CARGO) fmt --version >/dev/null 2>&1 \
	  || rustup toolchain install "$$(sed -n 's/^channel = "\(.*\)"/\1/p' rust-toolchain.toml)" \
	       --profile minimal --component clippy --component rustfmt
	@$(CARGO) --version
	@$(CARGO) fetch --locked --quiet

# SAM, its lint, Amazon's runtime emulator and moto.
tools: ## The Python tools into target/tools, when missing or old (PyPI)
	@python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && python3 -c 'import venv, ensurepip' 2>/dev/null \
	  || { echo "Python 3.11 or later with venv is missing: apt install python3 python3-venv, then run this again."; exit 1; }
	@cmp -s infra/tools/requirements.txt $(TOOLS)/requirements.txt && $(TOOLS)/bin/python -c '' 2>/dev/null || { \
	  echo "Installing the Python tools"; \
	  python3 -m venv --clear $(TOOLS) \
	    && $(TOOLS)/bin/python -m pip install --quiet --disable-pip-version-check -r infra/tools/requirements.txt \
	    && cp infra/tools/requirements.txt $(TOOLS)/requirements.txt; }

node:
	@{ command -v node && command -v npm; } >/dev/null \
	  || { echo "Node is missing: install Node 20 or later (https://nodejs.org) first, then run this again."; exit 1; }
	@node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' \
	  || { echo "Node $$(node --version) is too old: install Node 20 or later (https://nodejs.org), then run this again."; exit 1; }

fmt:
	@echo "── formatting"
	@$(CARGO) fmt --all --check

lint:
	@echo "── lints"
	@$(CARGO) clippy --locked --workspace --all-targets -- -D warnings

# What SAM, CloudFormation and IAM would refuse of infra/template.yaml, as far as that can be known without an account.
template: tools node ## Lint of the deployment template, and of what SAM makes of it
	@echo "── deployment template"
	@$(TOOLS)/bin/python -B infra/tools/lint.py
	@$(TOOLS)/bin/python -B -m unittest discover --quiet -s infra/tools

# nextest runs the tests of all crates at once but no doctests; cargo test is slower and does both.
unit: tools built
	@echo "── tests"
	@if $(CARGO) nextest --version >/dev/null 2>&1; then \
	  $(CARGO) nextest run --locked --workspace && $(CARGO) test --locked --workspace --doc --quiet; \
	else \
	  $(CARGO) test --locked --workspace --quiet; \
	fi

# What `make local-sam` does, but for the containers: a function answers with the environment that SAM makes for it.
sam-dry: tools built
	@echo "── a function as SAM would run it"
	@said=$$(PORT=0 HOURKEEP_DATA=memory $(TOOLS)/bin/python -B infra/tools/local_sam.py --dry 2>&1) || { echo "$$said"; exit 1; }

# The typed client: made from the API's description as it is, and fit for a server that was just built.
web: node built
	@echo "── typed client"
	@cd web/client && npm ci --no-audit --no-fund \
	  && { npm run current || { echo "web/client/src/schema.d.ts is not what openapi.json gives: run make client."; exit 1; }; } \
	  && HOURKEEP_URL= $(SERVER) npm run check

# Built anew when something of it has changed.
$(APP): $(APP_SOURCES) | node
	@echo "── web app"
	@cd web/client && npm ci --no-audit --no-fund --silent && npm run --silent build
	@cd web/app && npm ci --no-audit --no-fund --silent && npm run --silent build

# The pages that staff use: their types against the API's description, their size, and what people do with them in a browser.
pages: $(APP) built browser
	@echo "── pages"
	@cd web/app && npm run --silent check && $(SERVER) npm test

# A Chromium that is there (CHROMIUM names it), else Debian's.
browser:
	@[ -n "$$CHROMIUM" ] || command -v chromium >/dev/null || { \
	  echo "Installing Chromium"; \
	  { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get -qq update && apt-get -qq install -y chromium >/dev/null; } \
	    || { echo "Chromium is missing: install it (apt install chromium) or name it by CHROMIUM, then run this again."; exit 1; }; }

# All that tests run and start, in one go: a package built alone has other features, and its dependencies are compiled again.
built:
	@echo "── build"
	@$(CARGO) build --locked --workspace --all-targets

# The local server alone.
server:
	@$(CARGO) build --locked -p hourkeep-local --bin hourkeep

# Two promises about dependencies that the compiler does not keep for us.
trees:
	@echo "── dependencies"
	@for target in x86_64-unknown-linux-gnu aarch64-unknown-linux-gnu; do \
	  tree=$$($(CARGO) tree --locked --workspace --target $$target --prefix none -e normal,build,dev) || exit 1; \
	  if printf '%s\n' "$$tree" | grep -E '^(ring|openssl|openssl-sys|native-tls) v'; then \
	    echo "A second TLS or crypto library is linked. Find who brings it: cargo tree --target $$target -i <crate>"; exit 1; \
	  fi; \
	done
	@tree=$$($(CARGO) tree --locked -p hourkeep-domain --prefix none -e normal) || exit 1; \
	if printf '%s\n' "$$tree" | grep -E '^(tokio|serde_json|lambda_|aws)[a-z0-9_-]* v'; then \
	  echo "The domain has I/O, AWS or JSON in its tree: it is to stay pure."; exit 1; \
	fi
	@echo "No second crypto library; the domain is pure."
