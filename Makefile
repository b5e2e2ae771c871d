# Weir's front door. `make help` says what there is.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

WEIR := .build/release/weir
SOURCES := Package.swift Sources Tests Benchmarks

.PHONY: help demo build test bench format lint fixtures clean dependencies

help: ## Say what there is to make
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: build ## Build, then replay the fixture captures against the fixture feeds
	@echo
	$(WEIR) replay Fixtures/captures --feed Fixtures/feeds --allow Fixtures/feeds/allow --quiet

build: dependencies ## Build the program in release mode: .build/release/weir
	swift build -c release --product weir

test: dependencies ## Run every test, the benchmarks' smoke run and the linter
	@scripts/test.sh

bench: build ## Measure, side by side with rivals that are installed; some minutes
	swift run -c release --package-path Benchmarks weir-bench
	swift run -c release --package-path Benchmarks/Sets SetBench

format: ## Format all Swift sources in place
	swift format --in-place --recursive $(SOURCES)

lint: ## Check the format of all Swift sources
	swift format lint --strict --recursive $(SOURCES)

fixtures: ## Make the fixtures again: captures need root and the programs in Fixtures/README.md
	python3 Fixtures/make/make-frames.py
	python3 Fixtures/make/make-quic.py
	python3 Fixtures/make/make-reject.py
	python3 Fixtures/make/make-bad-feeds.py
	Fixtures/make/make-captures.sh

clean: ## Remove everything that was built
	rm -rf .build Benchmarks/.build Benchmarks/Sets/.build Benchmarks/Patterns/.build

dependencies:
	@scripts/install-dependencies.sh
