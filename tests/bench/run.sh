#!/usr/bin/env bash
# Builds the release, runs every micro benchmark, and compares the daemon with its peers on this
# machine. Prints Markdown: what docs/performance.md quotes. Takes about ten minutes.
#
#   tests/bench/run.sh            everything
#   tests/bench/run.sh --quick    small sizes: proves that everything runs, the figures mean nothing
#   tests/bench/run.sh --row NAME one row of the comparison; see tests/bench/compare.py --help
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=scripts/packages.sh
. scripts/packages.sh

install_packages build test
unpack_peers .peers prometheus-pushgateway victoria-metrics wrk
cmake --preset release >/dev/null
benches=(judging_bench intake_bench exposition_bench store_bench bulletin_bench extract_bench)
cmake --build --preset release --parallel "$(nproc)" --target districtd "${benches[@]}" >&2

if [[ ${1:-} != --row ]]; then
  options=(--benchmark_counters_tabular=true)
  if [[ ${1:-} == --quick ]]; then options+=(--benchmark_min_time=0.001); fi
  # Where the store's files lie decides what an fsync costs.
  export DISTRICTD_BENCH_FOLDER=$PWD/build/bench-data
  mkdir -p "$DISTRICTD_BENCH_FOLDER"
  for bench in "${benches[@]}"; do
    printf '\n```\n'
    "build/release/bin/$bench" "${options[@]}" 2>/dev/null
    printf '```\n'
  done
fi
printf '\n'
python3 -B tests/bench/compare.py --format markdown "$@"
