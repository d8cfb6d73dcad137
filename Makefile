.DEFAULT_GOAL := help
.PHONY: help demo test lint fmt bench conformance viewer setup clean

export PATH := $(CURDIR)/target/node/bin:$(HOME)/.cargo/bin:$(PATH)

WEB := crates/quartier-viewer/web
PAGE := crates/quartier-viewer/dist/index.html

help:            ## this table
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | expand -t 14

demo: build      ## a generated town on the map, at http://127.0.0.1:8080/map
	cargo run --release --bin quartier -- demo

test: build      ## every test, beside a PostgreSQL cluster of its own
	.ci/setup test
	npm --prefix $(WEB) test
	.ci/with-postgres cargo test --workspace
	crates/quartier/tests/clients/run
	crates/quartier/tests/clients/tiles/run
	QUARTIER_TOKEN=made-fences QUARTIER_CHROMIUM=$$(.ci/chromium) .ci/with-demo npm --prefix $(WEB) run test:browser

lint: build      ## what CI refuses
	.ci/setup lint
	shellcheck $$(grep -rlI '^#!/usr/bin/env bash' .ci benches crates/quartier/tests/clients/run crates/quartier/tests/clients/tiles/run)
	npm --prefix $(WEB) run lint
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps

fmt:             ## lay out the code
	cargo fmt --all
	npm --prefix $(WEB) run format

bench: build     ## the numbers in benches/README.md
	.ci/setup bench
	cargo bench --package quartier-benches
	benches/peers/run

conformance: build ## the OGC's own tests and other people's clients
	.ci/setup test conformance
	.ci/conformance/run

viewer: $(PAGE)  ## the map page

setup:           ## install what building and testing need
	.ci/setup build test lint

clean:           ## remove what was built
	cargo clean
	rm -rf $(WEB)/node_modules $(dir $(PAGE))

.PHONY: build
build:
	.ci/setup build
	$(MAKE) --no-print-directory viewer

$(PAGE): $(WEB)/node_modules $(shell find $(WEB) -path $(WEB)/node_modules -prune -o -type f -print)
	npm --prefix $(WEB) run build

$(WEB)/node_modules: $(WEB)/package-lock.json
	npm --prefix $(WEB) ci --no-audit --no-fund
	touch $@
