# Hourkeep. `make help` lists what there is.

SHELL = /bin/sh
.DEFAULT_GOAL = help
.PHONY: help run demo test check soak bench setup fmt lint unit trees

# Where the local server listens, and the folder its data lives in ("memory" keeps nothing).
PORT ?= 3000
HOURKEEP_DATA ?= data
export PORT HOURKEEP_DATA

CARGO ?= cargo

help: ## This list
	@grep -E '^[a-z]+:.*## ' Makefile | sed 's/:.*## /|/' | awk -F'|' '{ printf "  make %-7s %s\n", $$1, $$2 }'

run: ## Everything on this machine: API, mailbox, reference, clock (PORT, HOURKEEP_DATA)
	@$(CARGO) run --locked -p hourkeep-local --bin hourkeep

demo: ## The whole story against the running server, step by step
	@$(CARGO) run --locked -p hourkeep-local --bin demo

test: setup fmt lint trees unit ## Everything that must hold; installs what is missing
	@echo "All of it holds."

check: fmt lint ## Quick: formatting and lints

soak: setup ## The long runs: more rounds, more sequences (tests marked ignored)
	$(CARGO) test --locked -p hourkeep-tests -- --ignored --nocapture

bench: ## Benchmarks in a release build
	@$(CARGO) run --locked --release -p hourkeep-local --bin bench

# ── the parts of `test` ──

# The toolchain that rust-toolchain.toml names, and the crates.
setup:
	@command -v $(CARGO) >/dev/null || { echo "Rust is missing: install rustup first, then run this again."; exit 1; }
	@$(CARGO) clippy --version >/dev/null 2>&1 && $(CARGO) fmt --version >/dev/null 2>&1 \
	  || rustup toolchain install "$$(sed -n 's/^channel = "\(.*\)"/\1/p' rust-toolchain.toml)" \
	       --profile minimal --component clippy --component rustfmt
	@$(CARGO) --version
	@$(CARGO) fetch --locked --quiet

fmt:
	@echo "── formatting"
	@$(CARGO) fmt --all --check

lint:
	@echo "── lints"
	@$(CARGO) clippy --locked --workspace --all-targets -- -D warnings

# nextest runs the tests of all crates at once but no doctests; cargo test is slower and does both.
unit:
	@echo "── tests"
	@if $(CARGO) nextest --version >/dev/null 2>&1; then \
	  $(CARGO) nextest run --locked --workspace && $(CARGO) test --locked --workspace --doc --quiet; \
	else \
	  $(CARGO) test --locked --workspace --quiet; \
	fi

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
