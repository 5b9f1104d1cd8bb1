#!/usr/bin/env bash
# Installs what is missing, builds, and runs every test:
#
#   ./test.sh            release build, format, clang-tidy, the tests under the address and undefined
#                        behaviour sanitizers, under the thread sanitizer, and of the release build
#   ./test.sh --quick    release build and its tests
#
# A release build that fails ends the run. Any other stage that fails is remembered and the rest
# still runs. The last line says how it went; the exit status is 0 only if everything passed.

# shellcheck disable=SC2317  # stage calls the functions
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
# shellcheck source=scripts/packages.sh
. scripts/packages.sh

quick=no
case ${1:-} in
  '') ;;
  --quick) quick=yes ;;
  *)
    sed -n '2,/^$/s/^# \{0,1\}//p' "$0"
    exit 2
    ;;
esac

jobs=$(nproc)
ctest_options=(-j "$jobs" --output-on-failure --no-tests=error --output-junit tests.xml)  # in the build's folder
export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1  # another checkout of the same code hits the cache
export UBSAN_OPTIONS=print_stacktrace=1
export TSAN_OPTIONS=halt_on_error=1:second_deadlock_stack=1

timings=()
failed=()

# stage NAME COMMAND...: runs it, and remembers how long it took and whether it failed. Commands that
# are functions join their steps by &&: set -e means nothing here.
stage() {
  local name=$1 start=$SECONDS result=passed
  shift
  printf '\n==> %s\n' "$name"
  if ! "$@"; then
    result=FAILED
    failed+=("$name")
  fi
  timings+=("$(printf '%6d s  %-7s %s' $((SECONDS - start)) "$result" "$name")")
  [[ $result == passed ]]
}

finish() {
  tests/failures.py build/*/tests.xml || true  # the summary is printed in any case
  printf '\n'
  printf '%s\n' "${timings[@]}"
  if ((${#failed[@]})); then
    printf 'test.sh: FAILED after %d s:' "$SECONDS"
    printf ' [%s]' "${failed[@]}"
    printf '\n'
    exit 1
  fi
  printf 'test.sh: all %d stages passed in %d s\n' "${#timings[@]}" "$SECONDS"
  exit 0
}

# build PRESET [PREFIX...]
build() {
  "${@:2}" cmake --preset "$1" &&
    "${@:2}" cmake --build --preset "$1" --parallel "$jobs"
}

address_sanitizer() {
  build asan &&
    ctest --preset asan "${ctest_options[@]}"
}

# Labels: unit, integration, bench. A test of the integration suite where threads meet carries the
# label concurrency as well, and so runs here too.
thread_sanitizer() {
  # GCC 12's thread sanitizer cannot live with the wide address randomisation of newer kernels; the
  # build needs that too, for it runs the test binaries to list their tests.
  local prefix=(setarch "$(uname -m)" --addr-no-randomize)
  "${prefix[@]}" true 2>/dev/null || prefix=()
  build tsan "${prefix[@]}" &&
    "${prefix[@]}" ctest --preset tsan "${ctest_options[@]}" -L '^(unit|concurrency)$'
}

# The dashboards as src/ says, typed as Grafana 10 to 13 have it, and built anew: the JSON is not stale.
dashboards() {
  install_node && scripts/dashboards.sh check
}

# A few seconds each; tests/fuzz/run.sh 600 is what a release gets.
fuzz() {
  if ! command -v clang++ >/dev/null; then
    echo "clang is not installed: nothing is fuzzed"
    return 0
  fi
  tests/fuzz/run.sh 5
}

peers=()
read -r -a peers -d '' <<<"${packages[peers]}" || true

rm -f build/*/tests.xml
stage "packages" install_packages build test || finish
stage "servers to test against" unpack_peers .peers "${peers[@]}" || true
stage "release build" build release || finish
stage "dashboards" dashboards || true
if [[ $quick == no ]]; then
  stage "format" scripts/format.sh || true
  stage "clang-tidy" scripts/tidy.sh || true
  stage "address and undefined behaviour sanitizers" address_sanitizer || true
  stage "thread sanitizer" thread_sanitizer || true
  stage "fuzzing, briefly" fuzz || true
fi
stage "release tests" ctest --preset release "${ctest_options[@]}" || true
finish
