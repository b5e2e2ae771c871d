#!/usr/bin/env bash
# Everything `make test` proves, cheapest first, with the time of each step. The last line is the
# number of tests that ran, summed over all test programs.
set -euo pipefail
cd "$(dirname "$0")/.."

log=$(mktemp)
trap 'rm -f "$log"' EXIT
steps=()

# step NAME COMMAND…: runs the command and keeps its time; the script ends when it fails.
step() {
  local name=$1 start=$SECONDS
  shift
  printf '\n== %s: %s\n' "$name" "$*"
  "$@" 2>&1 | tee -a "$log"
  steps+=("$(printf '%5d s  %s' $((SECONDS - start)) "$name")")
}

step "format" make lint
step "debug build" swift build --build-tests --explicit-target-dependency-import-check error
step "tests" swift test --skip-build
step "release build" swift build -c release --product weir
# Optimized: capture making is slow in debug, and so the build pays for itself. Its checks trap as in debug.
bench=(--package-path Benchmarks -c release -Xswiftc -enable-testing)
step "benchmarks: build" swift build "${bench[@]}" --build-tests
step "benchmarks: tests" swift test "${bench[@]}" --skip-build
bench_bin=$(swift build "${bench[@]}" --show-bin-path)
step "benchmarks: smoke" env WEIR="$PWD/.build/release/weir" "$bench_bin/weir-bench" --smoke

printf '\n'
printf '%s\n' "${steps[@]}"
# Swift Testing ends each run with "Test run with N tests in M suites passed"; a failure ended the script.
passed=$(sed -n 's/.*Test run with \([0-9]*\) tests\{0,1\} .*passed.*/\1/p' "$log" |
  awk '{ sum += $1 } END { print sum + 0 }')
((passed > 0)) || { echo "no tests ran" >&2; exit 1; }
echo "$passed passed, 0 failed"
